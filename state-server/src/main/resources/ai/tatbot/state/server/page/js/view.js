/** Which moment the page shows: this one, or one that someone looks back to. */
export class View {
    constructor() {
        /** By the server's clock, in ms; null: now. @type {number | null} */
        this.at = null;
        /** @type {(() => void)[]} */
        this.listeners = [];
    }

    get isLive() {
        return this.at === null;
    }

    /** @param {number | null} at */
    show(at) {
        if (at !== this.at) {
            this.at = at;
            this.listeners.forEach((listener) => listener());
        }
    }

    /** @param {() => void} listener */
    onChange(listener) {
        this.listeners.push(listener);
    }
}
