/**
 * The server's judgement of the fleet, as this page last heard it, and of when it is. A request that fails takes nothing away: what was
 * heard grows old, and whoever uses it looks how old it is.
 *
 * @typedef {import('./types.js').FleetStatus} FleetStatus
 */
export class StatusKeeper {
    /**
     * @param {() => Promise<FleetStatus>} ask
     * @param {() => number} local this machine's time in ms
     */
    constructor(ask, local) {
        this.ask = ask;
        this.local = local;
        /** @type {FleetStatus | null} */
        this.last = null;
        /** When the last was asked for: it is of no earlier moment. */
        this.askedAt = NaN;
        this.asked = 0;
        this.answered = 0;
    }

    /** Null: there is none. */
    get ageMs() {
        return this.last === null ? null : Math.max(0, this.local() - this.askedAt);
    }

    /** Asks anew; null if no answer came, or only after that of a later request. */
    async refresh() {
        const number = ++this.asked;
        const at = this.local();
        let status;
        try {
            status = await this.ask();
        } catch {
            return null;
        }
        if (number < this.answered) {
            return null;
        }
        this.answered = number;
        this.last = status;
        this.askedAt = at;
        return status;
    }
}
