import { place, POINTS } from '../arm.js';
import { ARMS } from '../robot.js';
import { colour } from '../theme.js';

/** Half the way from one arm's foot to the other's, in metres. */
const APART = 0.2;

/** Both arms' points, in the room. */
const points = ARMS.map(() => new Float64Array(3 * POINTS));
/** The same on paper. */
const flat = new Float64Array(2 * POINTS);

/**
 * Draws both arms as they stand, seen from behind them and from above, so that left is left.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Float64Array | null} values joints of both; NaN: not known
 * @param {{ left: boolean, right: boolean } | null} flags which arms are connected
 */
export function drawArms(canvas, values, flags) {
    const ratio = devicePixelRatio;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
    }
    const ctx = canvas.getContext('2d');
    if (ctx === null || width === 0) {
        return;
    }
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.lineCap = 'round';
    ctx.lineJoin = 'round';
    const scale = Math.min(width / 0.86, height / 0.82);
    const originX = width * 0.46;
    const originY = height * 0.87;
    floor(ctx, originX, originY, scale);
    ARMS.forEach((arm, i) => {
        const known = values !== null && Number.isFinite(values[arm.from]);
        const connected = flags !== null && (arm.side === 'l' ? flags.left : flags.right);
        const room = /** @type {Float64Array} */ (points[i]);
        const foot = arm.side === 'l' ? APART : -APART;
        place(known && values !== null ? values : [], arm.from, room);
        project(room, foot, originX, originY, scale);
        if (known) {
            shade(ctx, room, foot, originX, originY, scale);
            ctx.setLineDash(connected ? [] : [3, 7]);
            limbs(ctx, colour(connected ? `--arm-${arm.side}` : '--muted'), scale);
            ctx.setLineDash([]);
        } else {
            footprint(ctx, scale);
        }
        name(ctx, arm.side === 'l' ? 'L' : 'R');
    });
}

/**
 * From the room onto paper, without perspective. In the room x is ahead, y to the left, z up, in metres.
 *
 * @param {number} x
 * @param {number} y
 */
function across(x, y) {
    return -0.97 * y + 0.22 * x;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} z
 */
function down(x, y, z) {
    return -0.46 * x - 0.1 * y - 0.88 * z;
}

/**
 * @param {Float64Array} room
 * @param {number} foot
 * @param {number} originX
 * @param {number} originY
 * @param {number} scale
 */
function project(room, foot, originX, originY, scale) {
    for (let i = 0; i < POINTS; i++) {
        const x = /** @type {number} */ (room[3 * i]);
        const y = /** @type {number} */ (room[3 * i + 1]) + foot;
        const z = /** @type {number} */ (room[3 * i + 2]);
        flat[2 * i] = originX + scale * across(x, y);
        flat[2 * i + 1] = originY + scale * down(x, y, z);
    }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} originX
 * @param {number} originY
 * @param {number} scale
 */
function floor(ctx, originX, originY, scale) {
    ctx.strokeStyle = colour('--hair');
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let k = -1; k <= 5; k++) {
        line(ctx, originX, originY, scale, k * 0.1, -0.35, k * 0.1, 0.35);
    }
    for (let k = -3.5; k <= 3.5; k++) {
        line(ctx, originX, originY, scale, -0.1, k * 0.1, 0.5, k * 0.1);
    }
    ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} ox
 * @param {number} oy
 * @param {number} s
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function line(ctx, ox, oy, s, x1, y1, x2, y2) {
    ctx.moveTo(ox + s * across(x1, y1), oy + s * down(x1, y1, 0));
    ctx.lineTo(ox + s * across(x2, y2), oy + s * down(x2, y2, 0));
}

/**
 * What the arm throws on the floor; it tells how high it is.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float64Array} room
 * @param {number} foot
 * @param {number} ox
 * @param {number} oy
 * @param {number} s
 */
function shade(ctx, room, foot, ox, oy, s) {
    ctx.strokeStyle = colour('--shade');
    ctx.lineWidth = Math.max(3, s * 0.03);
    ctx.beginPath();
    for (let i = 0; i < POINTS; i++) {
        const x = /** @type {number} */ (room[3 * i]);
        const y = /** @type {number} */ (room[3 * i + 1]) + foot;
        ctx.lineTo(ox + s * across(x, y), oy + s * down(x, y, 0));
    }
    ctx.stroke();
}

/**
 * Where an arm stands of which no more is known.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} scale
 */
function footprint(ctx, scale) {
    ctx.strokeStyle = colour('--muted');
    ctx.lineWidth = 1.5;
    ctx.setLineDash([3, 4]);
    ctx.beginPath();
    ctx.ellipse(/** @type {number} */ (flat[0]), /** @type {number} */ (flat[1]), scale * 0.05, scale * 0.028, 0, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} ink
 * @param {number} scale
 */
function limbs(ctx, ink, scale) {
    ctx.strokeStyle = ink;
    for (let i = 0; i + 1 < POINTS; i++) {
        ctx.lineWidth = Math.max(2, scale * (0.05 - 0.005 * i));
        ctx.beginPath();
        ctx.moveTo(/** @type {number} */ (flat[2 * i]), /** @type {number} */ (flat[2 * i + 1]));
        ctx.lineTo(/** @type {number} */ (flat[2 * i + 2]), /** @type {number} */ (flat[2 * i + 3]));
        ctx.stroke();
    }
    ctx.fillStyle = colour('--panel');
    for (let i = 1; i + 1 < POINTS; i++) {
        ctx.beginPath();
        ctx.arc(/** @type {number} */ (flat[2 * i]), /** @type {number} */ (flat[2 * i + 1]), Math.max(1.5, scale * 0.012), 0, 2 * Math.PI);
        ctx.fill();
    }
    ctx.fillStyle = colour('--ink');
    ctx.beginPath();
    ctx.arc(/** @type {number} */ (flat[2 * POINTS - 2]), /** @type {number} */ (flat[2 * POINTS - 1]), Math.max(1.5, scale * 0.009), 0, 2 * Math.PI);
    ctx.fill();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} letter
 */
function name(ctx, letter) {
    ctx.fillStyle = colour('--muted');
    ctx.font = '600 12px Inter, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
    ctx.textAlign = 'center';
    ctx.fillText(letter, /** @type {number} */ (flat[0]), /** @type {number} */ (flat[1]) + 22);
}
