import { Track } from './track.js';

/** Between samples further apart than this nothing is made up: the later one is shown when it is due. */
const LONGEST_STEP_MS = 1000;
const SHORTEST_DELAY_MS = 60;
const LONGEST_DELAY_MS = 300;

/**
 * Plays samples that come in fits and starts as the smooth motion that they were taken from: a moment late, by the writer's clock, in
 * between two samples that are both known.
 */
export class Playout {
    /**
     * @param {Track} track
     * @param {() => number} local this machine's time in ms
     */
    constructor(track, local) {
        this.track = track;
        this.local = local;
        /** Least time seen from a sample to its arrival, both clocks' difference included. */
        this.offset = NaN;
        /** Usual time between two samples. */
        this.step = 50;
        this.values = new Float64Array(track.channels);
    }

    /**
     * @param {number} time when it was taken, by the writer's clock
     * @param {ArrayLike<number>} values NaN: not known
     */
    push(time, values) {
        const before = this.track.lastTime;
        if (!this.track.push(time, values)) {
            return false;
        }
        const step = time - before; // less than 0: the writer's clock was set back
        if (step > 0 && step <= LONGEST_STEP_MS) {
            this.step += (step - this.step) * 0.1;
        }
        const offset = this.local() - time;
        if (Number.isNaN(this.offset) || step < 0 || offset < this.offset || offset > this.offset + 2000) {
            this.offset = offset;
        } else {
            this.offset += Math.min(0.2, (offset - this.offset) * 0.005);
        }
        return true;
    }

    /** How much later than the writer the picture is: two steps, so that one sample may be late. */
    get delay() {
        return Math.min(LONGEST_DELAY_MS, Math.max(SHORTEST_DELAY_MS, 2 * this.step));
    }

    /** The moment that is shown now, by the writer's clock. */
    get now() {
        return this.local() - (Number.isNaN(this.offset) ? 0 : this.offset) - this.delay;
    }

    /** Whether the picture of this moment differs from that of a later one. */
    isMoving() {
        return this.track.length > 0 && this.now < this.track.lastTime;
    }

    /**
     * The values at a moment, in an array that is used again for the next; null if nothing is known of it.
     *
     * @param {number} time
     */
    at(time) {
        const { track, values } = this;
        const i = track.indexAt(time);
        if (i < 0) {
            return null;
        }
        const from = track.time(i);
        const to = i + 1 < track.length ? track.time(i + 1) : NaN;
        const way = to - from <= LONGEST_STEP_MS ? (time - from) / (to - from) : 0;
        for (let c = 0; c < track.channels; c++) {
            const a = track.value(i, c);
            const b = way > 0 ? track.value(i + 1, c) : a;
            values[c] = Number.isNaN(b) ? a : a + (b - a) * way;
        }
        return values;
    }
}
