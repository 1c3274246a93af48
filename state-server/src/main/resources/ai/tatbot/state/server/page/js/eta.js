import { Track } from './track.js';

/** Less than this has not been watched for long enough to say anything. */
const LEAST_MS = 3000;
const RECENT_MS = 30_000;
/** No movement for this long is a rest, whether anyone said "pause" or not. */
const REST_MS = 5000;
const SPACING_MS = 250;

/**
 * How long a piece of work still takes, from how fast it has gone. Time in which it was held does not count.
 *
 * @typedef {{ low: number, high: number }} Estimate milliseconds, from the recent rate and the rate so far
 */
export class Eta {
    constructor() {
        /** Units done, over the time at work. */
        this.track = new Track(4096, 1);
        this.atWork = 0;
        this.last = NaN;
        this.held = false;
    }

    clear() {
        this.track.clear();
        this.atWork = 0;
        this.last = NaN;
        this.held = false;
    }

    /**
     * @param {number} time
     * @param {number} done units done by then
     * @param {boolean} held whether it stands still on purpose
     */
    push(time, done, held) {
        if (!Number.isNaN(this.last) && time > this.last && !this.held && time - this.last < REST_MS) {
            this.atWork += time - this.last;
        }
        this.last = time;
        this.held = held;
        if (this.track.length === 0 || this.atWork - this.track.lastTime >= SPACING_MS) {
            this.track.push(this.atWork, [done]);
        }
    }

    /**
     * What is left, or null if that cannot be said.
     *
     * @param {number} left units to be done
     * @returns {Estimate | null}
     */
    estimate(left) {
        const { track } = this;
        if (left <= 0 || track.length < 3 || track.lastTime - track.time(0) < LEAST_MS) {
            return null;
        }
        const recent = this.rate(track.indexAt(track.lastTime - RECENT_MS));
        const whole = this.rate(0);
        if (!(recent > 0) || !(whole > 0)) {
            return null;
        }
        const a = left / recent;
        const b = left / whole;
        return { low: Math.min(a, b), high: Math.max(a, b) };
    }

    /** @param {number} from */
    rate(from) {
        const { track } = this;
        const i = Math.max(0, from);
        const last = track.length - 1;
        return (track.value(last, 0) - track.value(i, 0)) / (track.time(last) - track.time(i));
    }
}
