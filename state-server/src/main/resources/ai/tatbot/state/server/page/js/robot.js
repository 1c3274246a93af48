import { Playout } from './playout.js';
import { Track } from './track.js';

/** Joints of an arm that are drawn. */
export const ARM_JOINTS = 7;
/** Where in a sample each arm's joints begin. */
export const ARMS = [
    { side: 'l', name: 'Left', from: 0, connected: 14 },
    { side: 'r', name: 'Right', from: ARM_JOINTS, connected: 15 },
];
const POSE = 16;
const CHANNELS = 17;
/** Ten minutes at twenty samples a second, which is how often the server sends at most. */
const SAMPLES = 12_000;

/** A robot's motion as this page has seen it. */
export class Robot {
    /**
     * @param {import('./types.js').Doc} doc
     * @param {() => number} local
     */
    constructor(doc, local) {
        this.doc = doc;
        this.playout = new Playout(new Track(SAMPLES, CHANNELS), local);
        this.sample = new Float64Array(CHANNELS);
        /** Names of poses; samples hold their numbers. @type {string[]} */
        this.poses = [];
    }

    get state() {
        return /** @type {import('./types.js').RobotState} */ (this.doc.value);
    }

    /** The document is another. */
    update() {
        const { state, sample } = this;
        for (let j = 0; j < ARM_JOINTS; j++) {
            sample[j] = state.joints_l?.[j] ?? NaN;
            sample[ARM_JOINTS + j] = state.joints_r?.[j] ?? NaN;
        }
        sample[14] = state.is_connected_l === true ? 1 : 0;
        sample[15] = state.is_connected_r === true ? 1 : 0;
        sample[POSE] = this.poseNumber(state.current_pose ?? 'unknown');
        this.playout.push(this.doc.updatedAt, sample);
    }

    /** @param {string} pose */
    poseNumber(pose) {
        const known = this.poses.indexOf(pose);
        return known >= 0 || this.poses.length >= 1000 ? known : this.poses.push(pose) - 1;
    }

    /**
     * What was so at a moment: connections and pose, which are not in between anything.
     *
     * @param {number} time
     */
    flagsAt(time) {
        const { track } = this.playout;
        const i = track.indexAt(time);
        return i < 0
            ? null
            : {
                  left: track.value(i, 14) === 1,
                  right: track.value(i, 15) === 1,
                  pose: this.poses[track.value(i, POSE)] ?? 'unknown',
                  time: track.time(i),
              };
    }
}
