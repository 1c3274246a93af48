import { time } from '../client/time.js';
import { CLOCK_SET_MS } from './track.js';

/** Beyond this every second point of the older half is left out; where strokes begin, and halts, stay. */
const MOST_POINTS = 20_000;
const LEAST_STEP_MS = 100;

/**
 * @typedef {{ time: number, stroke: number, pose: number, left: string, right: string, paused: boolean }} Point
 */

/** Where a session was at which time: from its history, and from what has come since. */
export class SessionTrack {
    /** @param {string} sessionId */
    constructor(sessionId) {
        this.sessionId = sessionId;
        /** @type {Point[]} */
        this.points = [];
        this.version = 0;
        /** Whether the history has been read. */
        this.loaded = false;
    }

    /**
     * The session is here now.
     *
     * @param {number} at
     * @param {import('./types.js').StrokeProgress} progress
     */
    add(at, progress) {
        if (!Number.isFinite(at)) {
            return;
        }
        const point = {
            time: at,
            stroke: progress.stroke_idx ?? 0,
            pose: progress.pose_idx ?? 0,
            left: progress.stroke_description_l ?? '',
            right: progress.stroke_description_r ?? '',
            paused: progress.is_paused === true,
        };
        if (this.end - at > CLOCK_SET_MS) {
            // What was before lies in another time.
            this.points = [];
        }
        const last = this.points[this.points.length - 1];
        if (last !== undefined) {
            const turned = last.stroke !== point.stroke || last.paused !== point.paused;
            if (point.time <= last.time || (!turned && last.pose === point.pose)) {
                return;
            }
            if (!turned && point.time - last.time < LEAST_STEP_MS) {
                // Too close to be told apart: the later stands for both, unless the earlier is a turn.
                const before = this.points[this.points.length - 2];
                if (before !== undefined && before.stroke === last.stroke && before.paused === last.paused) {
                    this.points.pop();
                }
            }
        }
        this.points.push(point);
        this.thin();
        this.version++;
    }

    /**
     * What the server kept of it. Takes the place of what is known of that time.
     *
     * @param {import('./types.js').HistoryEntry[]} entries
     */
    load(entries) {
        /** @type {Point[]} */
        const known = [];
        for (const entry of entries) {
            const at = time(entry.time) ?? Number(String(entry.id).split('-')[0]);
            if (Number.isFinite(at)) {
                known.push({
                    time: at,
                    stroke: Number(entry.stroke_idx ?? 0),
                    pose: Number(entry.pose_idx ?? 0),
                    left: String(entry.description_l ?? ''),
                    right: String(entry.description_r ?? ''),
                    paused: false,
                });
            }
        }
        known.sort((a, b) => a.time - b.time);
        const first = known[0]?.time ?? Infinity;
        const last = known[known.length - 1]?.time ?? -Infinity;
        this.points = [
            ...this.points.filter((point) => point.time < first),
            ...known,
            ...this.points.filter((point) => point.time > last),
        ];
        this.loaded = true;
        this.thin();
        this.version++;
    }

    /**
     * Where it was then; null before it began.
     *
     * @param {number} at
     */
    at(at) {
        let low = 0;
        let high = this.points.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (/** @type {Point} */ (this.points[middle]).time <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low === 0 ? null : /** @type {Point} */ (this.points[low - 1]);
    }

    get start() {
        return this.points[0]?.time ?? NaN;
    }

    get end() {
        return this.points[this.points.length - 1]?.time ?? NaN;
    }

    thin() {
        if (this.points.length <= MOST_POINTS) {
            return;
        }
        const half = this.points.length >> 1;
        this.points = this.points.filter((point, i) => {
            const before = this.points[i - 1];
            const turn = before === undefined || before.stroke !== point.stroke || before.paused !== point.paused;
            return i >= half || turn || i % 2 === 0;
        });
        if (this.points.length > MOST_POINTS) {
            this.points.splice(0, this.points.length - MOST_POINTS);
        }
    }
}
