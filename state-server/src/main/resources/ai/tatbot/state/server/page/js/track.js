/** A step back further than this is the writer's clock being set, not a sample that comes late. */
export const CLOCK_SET_MS = 2000;

/**
 * Numbers over time: the latest so many samples of some channels. All memory is taken at the beginning. Every sample is written twice, so
 * that any run of samples lies in one piece, and is handed out without being copied.
 */
export class Track {
    /**
     * @param {number} capacity samples kept
     * @param {number} channels numbers in each
     */
    constructor(capacity, channels) {
        this.capacity = capacity;
        this.channels = channels;
        this.times = new Float64Array(2 * capacity);
        this.columns = Array.from({ length: channels }, () => new Float64Array(2 * capacity));
        this.length = 0;
        this.next = 0;
        /** Grows with every sample, so that others see whether there is a new one. */
        this.version = 0;
    }

    /** Index into {@link times} and {@link columns} of the oldest sample; the others follow it. */
    get first() {
        return this.length < this.capacity ? 0 : this.next;
    }

    get lastTime() {
        return this.length === 0 ? NaN : this.time(this.length - 1);
    }

    /**
     * @param {number} time later than all before; others are left out, unless the clock was set back: then all before are
     * @param {ArrayLike<number>} values
     */
    push(time, values) {
        if (Number.isFinite(time) && this.lastTime - time > CLOCK_SET_MS) {
            this.clear();
        }
        if (!Number.isFinite(time) || (this.length > 0 && time <= this.lastTime)) {
            return false;
        }
        const at = this.next;
        this.times[at] = time;
        this.times[at + this.capacity] = time;
        for (let c = 0; c < this.channels; c++) {
            const value = values[c] ?? NaN;
            const column = /** @type {Float64Array} */ (this.columns[c]);
            column[at] = value;
            column[at + this.capacity] = value;
        }
        this.next = (at + 1) % this.capacity;
        this.length = Math.min(this.capacity, this.length + 1);
        this.version++;
        return true;
    }

    clear() {
        this.length = 0;
        this.next = 0;
        this.version++;
    }

    /** @param {number} i from 0, the oldest */
    time(i) {
        return /** @type {number} */ (this.times[this.first + i]);
    }

    /**
     * @param {number} i
     * @param {number} channel
     */
    value(i, channel) {
        return /** @type {number} */ (/** @type {Float64Array} */ (this.columns[channel])[this.first + i]);
    }

    /**
     * Number of the last sample that is not later than this time; -1 if all are.
     *
     * @param {number} time
     */
    indexAt(time) {
        let low = 0;
        let high = this.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.time(middle) <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
