/**
 * Reads the text of a stream of Server-Sent Events, in whatever pieces it comes.
 *
 * @typedef {(type: string, data: string, id: string) => void} OnEvent
 */

/** A line longer than this is no event of ours. */
const LONGEST_LINE = 8 * 1024 * 1024;

export class SseParser {
    /**
     * @param {OnEvent} onEvent called for each event that has data
     * @param {(text: string) => void} [onComment]
     * @param {(ms: number) => void} [onRetry]
     */
    constructor(onEvent, onComment = () => {}, onRetry = () => {}) {
        this.onEvent = onEvent;
        this.onComment = onComment;
        this.onRetry = onRetry;
        this.rest = '';
        this.atStart = true;
        this.afterReturn = false;
        this.type = '';
        /** @type {string[]} */
        this.data = [];
        this.id = '';
    }

    /** @param {string} text */
    push(text) {
        if (text === '') {
            return;
        }
        if (this.atStart) {
            this.atStart = false;
            text = text.startsWith('\uFEFF') ? text.slice(1) : text;
        }
        // A line feed that follows a carriage return across two pieces belongs to it.
        if (this.afterReturn && text.startsWith('\n')) {
            text = text.slice(1);
        }
        this.afterReturn = text === '' ? false : text.endsWith('\r');
        let from = 0;
        for (let i = 0; i < text.length; i++) {
            const c = text.charCodeAt(i);
            if (c !== 10 && c !== 13) {
                continue;
            }
            this.line(this.rest + text.slice(from, i));
            this.rest = '';
            if (c === 13 && text.charCodeAt(i + 1) === 10) {
                i++;
            }
            from = i + 1;
        }
        this.rest += text.slice(from);
        if (this.rest.length > LONGEST_LINE) {
            throw new Error('a line of the stream is longer than 8 MiB');
        }
    }

    /** @param {string} line */
    line(line) {
        if (line === '') {
            this.dispatch();
            return;
        }
        const colon = line.indexOf(':');
        if (colon === 0) {
            this.onComment(line.slice(line.charAt(1) === ' ' ? 2 : 1));
            return;
        }
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1);
        if (field === 'data') {
            this.data.push(value);
        } else if (field === 'event') {
            this.type = value;
        } else if (field === 'id' && !value.includes('\0')) {
            this.id = value;
        } else if (field === 'retry' && /^\d+$/.test(value)) {
            this.onRetry(Number(value));
        }
    }

    dispatch() {
        if (this.data.length > 0) {
            const data = this.data.length === 1 ? /** @type {string} */ (this.data[0]) : this.data.join('\n');
            this.onEvent(this.type || 'message', data, this.id);
        }
        this.data.length = 0;
        this.type = '';
    }
}
