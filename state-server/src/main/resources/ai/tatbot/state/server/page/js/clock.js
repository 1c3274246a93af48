/** The server's clock, as well as this page can know it. */
export class Clock {
    /** @param {() => number} [local] this machine's time in ms */
    constructor(local = () => performance.timeOrigin + performance.now()) {
        this.local = local;
        /** @type {number | null} */
        this.offset = null;
    }

    /**
     * The server said that it was then. On its way the message got older, never younger: the greatest difference is the truest.
     *
     * @param {number} serverMs
     */
    hear(serverMs) {
        const offset = serverMs - this.local();
        // A clock that was set is believed at once, one that drifts a little each time.
        if (this.offset === null || offset > this.offset || offset < this.offset - 5000) {
            this.offset = offset;
        } else {
            this.offset += (offset - this.offset) * 0.01;
        }
    }

    now() {
        return this.local() + (this.offset ?? 0);
    }
}
