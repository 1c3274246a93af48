import { StateError, refusal } from './problem.js';
import { SseParser } from './sse.js';

/**
 * @typedef {'connecting' | 'live' | 'lost' | 'locked' | 'stopped'} Phase
 *   locked: the server wants a token, or another one
 * @typedef {(...event: import('./api.js').StreamEvent) => void} OnEvent
 */

/** The server sends something at least once a second. */
export const SILENCE_MS = 2500;

/** An attempt that has not been answered by then is given up; a new one gets through sooner than a stuck one. */
const ANSWER_MS = 1500;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 1000;
/** A server that says "not yet" is there, and soon ready. */
const NOT_YET_BACKOFF_MS = 500;

/**
 * How long to wait before an attempt: random, so that a thousand pages do not come back at once.
 *
 * @param {number} attempt how many have failed, from 1
 * @param {number} random 0 to 1
 * @param {number} [most] ms
 */
export function backoff(attempt, random, most = LONGEST_BACKOFF_MS) {
    const longest = Math.min(most, FIRST_BACKOFF_MS * 2 ** Math.min(attempt - 1, 10));
    return Math.round(longest * (0.25 + 0.75 * random));
}

/**
 * The connection on which the server tells of everything. It is taken for dead when nothing, not even a heartbeat, has come for
 * {@link SILENCE_MS}, and then made anew, again and again, until it is stopped; from where it was, if its snapshot was complete.
 */
export class EventStream {
    /**
     * @param {object} options
     * @param {string} options.url
     * @param {Record<string, string>} [options.headers]
     * @param {OnEvent} options.onEvent
     * @param {() => void} options.onPhase called when the phase is another
     * @param {number} [options.silenceMs]
     * @param {typeof fetch} [options.fetch]
     * @param {() => number} [options.now] milliseconds that only grow
     * @param {() => number} [options.random]
     */
    constructor(options) {
        this.url = options.url;
        // Not a field: whoever prints the stream must not print the token.
        this.headers = () => ({ ...options.headers });
        this.silenceMs = options.silenceMs ?? SILENCE_MS;
        this.onEvent = options.onEvent;
        this.onPhase = options.onPhase;
        this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
        this.now = options.now ?? (() => performance.now());
        this.random = options.random ?? Math.random;
        /** @type {Phase} */
        this.phase = 'connecting';
        /** When something came last; the data shown are as old as this. Null: never. @type {number | null} */
        this.lastByte = null;
        this.attempt = 0;
        /** Why the last attempt was refused. Null: it was not, or nobody answered. @type {StateError | null} */
        this.refusal = null;
        /** From where the server can go on; only of use once a snapshot was complete. */
        this.lastId = '';
        this.complete = false;
        /** @type {AbortController | null} */
        this.abort = null;
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        this.timer = undefined;
        /** Of the connection in hand; what an older one still says is not heard. */
        this.turn = 0;
    }

    start() {
        this.attempt = 0;
        this.setPhase(this.lastByte === null ? 'connecting' : 'lost');
        void this.connect();
    }

    stop() {
        this.setPhase('stopped');
        this.drop();
    }

    /** Something has changed that makes an attempt worth while now: the network is back, the page is seen again. */
    nudge() {
        if (this.phase === 'live') {
            this.watch();
        } else if (this.phase === 'lost' || this.phase === 'connecting') {
            this.drop();
            void this.connect();
        }
    }

    /** Time since something came; 0 while the stream is live. Null: nothing ever did. */
    get silentMs() {
        if (this.lastByte === null) {
            return null;
        }
        return this.phase === 'live' ? 0 : this.now() - this.lastByte;
    }

    drop() {
        clearTimeout(this.timer);
        this.turn++;
        this.abort?.abort();
        this.abort = null;
    }

    async connect() {
        const turn = ++this.turn;
        const abort = new AbortController();
        this.abort = abort;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => abort.abort(), ANSWER_MS);
        /** @type {Record<string, string>} */
        const headers = { Accept: 'text/event-stream', ...this.headers() };
        if (this.complete && this.lastId !== '') {
            headers['Last-Event-ID'] = this.lastId;
        }
        let most = LONGEST_BACKOFF_MS;
        try {
            const response = await this.fetch(this.url, { headers, signal: abort.signal, cache: 'no-store' });
            if (turn !== this.turn) {
                return;
            }
            if (!response.ok) {
                const refused = await refusal(response);
                if (turn !== this.turn) {
                    return;
                }
                this.refusal = refused;
                if (response.status === 401) {
                    this.setPhase('locked');
                    this.drop();
                    return;
                }
                if (response.status === 503) {
                    most = NOT_YET_BACKOFF_MS;
                }
            } else if (response.body !== null) {
                this.refusal = null;
                await this.read(response.body, turn);
            }
        } catch {
            // Refused, cut off, given up: all the same, and shown as such.
        }
        if (turn === this.turn) {
            this.again(most);
        }
    }

    /**
     * @param {ReadableStream<Uint8Array>} body
     * @param {number} turn
     */
    async read(body, turn) {
        const parser = new SseParser((type, data, id) => {
            if (turn === this.turn) {
                this.lastId = id || this.lastId;
                this.dispatch(type, data);
            }
        });
        const decoder = new TextDecoder();
        const reader = body.getReader();
        for (;;) {
            const { done, value } = await reader.read();
            if (done || turn !== this.turn) {
                return;
            }
            this.lastByte = this.now();
            this.attempt = 0;
            this.setPhase('live');
            this.watch();
            parser.push(decoder.decode(value, { stream: true }));
        }
    }

    /**
     * @param {string} type
     * @param {string} data
     */
    dispatch(type, data) {
        let parsed;
        try {
            parsed = JSON.parse(data);
        } catch {
            return; // not ours; the next may be
        }
        if (type === 'hello') {
            this.complete = this.complete && parsed.resumed === true;
        } else if (type === 'ready') {
            this.complete = true;
        }
        // What a newer server sends besides is of no type that is known here.
        this.onEvent(.../** @type {import('./api.js').StreamEvent} */ ([type, parsed]));
        if (type === 'goodbye' && parsed.reason === 'not_allowed') {
            // The token was revoked, or has expired: to knock on with it is of no use.
            this.setPhase('locked');
            this.drop();
        }
    }

    /** One timer a connection, set anew when it fires: bytes come too often for one each. */
    watch() {
        clearTimeout(this.timer);
        const left = (this.lastByte ?? 0) + this.silenceMs - this.now();
        if (left <= 0) {
            this.drop();
            this.again();
            return;
        }
        this.timer = setTimeout(() => this.watch(), left);
    }

    /** @param {number} [most] ms to wait */
    again(most) {
        this.drop();
        this.attempt++;
        if (this.lastByte !== null) {
            this.setPhase('lost');
        } else {
            this.onPhase();
        }
        this.timer = setTimeout(() => void this.connect(), backoff(this.attempt, this.random(), most));
    }

    /** @param {Phase} phase */
    setPhase(phase) {
        if (phase !== this.phase) {
            this.phase = phase;
            this.onPhase();
        }
    }
}
