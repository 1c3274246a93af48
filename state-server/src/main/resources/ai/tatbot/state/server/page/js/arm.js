/**
 * A WidowX AI arm as numbers: six turning joints and a gripper. For a drawing that shows how an arm is held, not for measuring.
 *
 * @typedef {{ name: string, min: number, max: number }} Joint radians
 */

/** @type {Joint[]} */
export const JOINTS = [
    { name: 'Base', min: -3.054, max: 3.054 },
    { name: 'Shoulder', min: 0, max: 3.142 },
    { name: 'Elbow', min: 0, max: 2.356 },
    { name: 'Wrist pitch', min: -1.571, max: 1.571 },
    { name: 'Wrist yaw', min: -1.571, max: 1.571 },
    { name: 'Wrist roll', min: -3.142, max: 3.142 },
    // Moves in a line; the fleet gives it in radians all the same, and no limits.
    { name: 'Gripper', min: NaN, max: NaN },
];

/** From each joint to the next, in metres, in the frame of the former: x ahead, y to the left, z up. */
const STEPS = [
    [0, 0, 0.057],
    [0.02, 0, 0.046],
    [-0.264, 0, 0],
    [0.245, 0, 0.06],
    [0.068, 0, 0.046],
    [0.029, 0, -0.046],
    [0.156, 0, 0],
];

/** What each joint turns about: axis 0 to 2, and which way. */
const AXES = [
    [2, 1],
    [1, 1],
    [1, -1],
    [1, -1],
    [2, -1],
    [0, 1],
];

/** Foot, joints and tip. */
export const POINTS = STEPS.length + 1;

const rotation = new Float64Array(9);

/**
 * Where foot, joints and tip are.
 *
 * @param {ArrayLike<number>} joints radians
 * @param {number} from where in the array the arm's begin
 * @param {Float64Array} points receives x, y, z of each
 */
export function place(joints, from, points) {
    rotation.fill(0);
    rotation[0] = rotation[4] = rotation[8] = 1;
    points.fill(0, 0, 3);
    for (let i = 0; i < STEPS.length; i++) {
        const step = /** @type {number[]} */ (STEPS[i]);
        for (let row = 0; row < 3; row++) {
            let moved = /** @type {number} */ (points[3 * i + row]);
            for (let k = 0; k < 3; k++) {
                moved += /** @type {number} */ (rotation[3 * row + k]) * /** @type {number} */ (step[k]);
            }
            points[3 * (i + 1) + row] = moved;
        }
        const axis = AXES[i];
        if (axis !== undefined) {
            const angle = joints[from + i] ?? 0;
            turn(/** @type {number} */ (axis[0]), (axis[1] ?? 1) * (Number.isFinite(angle) ? angle : 0));
        }
    }
}

/**
 * Turns the frame about one of its own axes.
 *
 * @param {number} axis
 * @param {number} angle
 */
function turn(axis, angle) {
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    const a = (axis + 1) % 3;
    const b = (axis + 2) % 3;
    for (let row = 0; row < 3; row++) {
        const u = /** @type {number} */ (rotation[3 * row + a]);
        const v = /** @type {number} */ (rotation[3 * row + b]);
        rotation[3 * row + a] = c * u + s * v;
        rotation[3 * row + b] = c * v - s * u;
    }
}
