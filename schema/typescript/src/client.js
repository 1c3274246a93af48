import { channelKinds, parseChannel } from './catalogue.js';
import { StateError, refusal } from './problem.js';
import { EventStream } from './stream.js';

/**
 * @typedef {import('./api.js').CallOptions} CallOptions
 * @typedef {import('./api.js').Filter} Filter
 * @typedef {import('./model.js').DocumentKind} DocumentKind
 */

/**
 * @template {string} K
 * @typedef {import('./catalogue.js').DocumentAt<K>} DocumentAt
 */

/**
 * @template {string} C
 * @typedef {import('./api.js').Draft<import('./catalogue.js').EventOn<C>>} DraftOn
 */

const DEADLINE_MS = 8000;

/** A server, asked over HTTP. Every request has a deadline, and fails with a {@link StateError}. Nothing is repeated by itself. */
export class StateClient {
    /**
     * @param {object} [options]
     * @param {string} [options.url] where the server is, with scheme and port; without it, in a browser, the page's own server
     * @param {string | null} [options.token] without one, what the browser has a cookie for, or nobody
     * @param {typeof fetch} [options.fetch]
     */
    constructor({ url = '', token = null, fetch: fetcher } = {}) {
        this.url = url.replace(/\/+$/, '');
        // Not a field: whoever prints the client must not print the token.
        this.authorization = () => /** @type {Record<string, string>} */ (token === null ? {} : { Authorization: `Bearer ${token}` });
        /** @type {typeof fetch} */
        this.fetch = fetcher ?? ((input, init) => fetch(input, init));
    }

    /**
     * The fleet at one moment. Answered while Redis is away, too.
     *
     * @param {CallOptions} [options]
     * @returns {Promise<import('./api.js').Status>}
     */
    status(options) {
        return this.get('/api/v1/status', options);
    }

    /**
     * What is stored under a key, or under `stroke:progress` and `robot:state`, which stand for what is in hand. Null: nothing is.
     *
     * @template {string} K
     * @param {K} key
     * @param {CallOptions} [options]
     * @returns {Promise<import('./api.js').Reading<DocumentAt<K>> | null>}
     */
    async read(key, options) {
        try {
            return await this.get(`/api/v1/state/${encodeURIComponent(key)}`, options);
        } catch (e) {
            if (e instanceof StateError && e.code === 'not_found') {
                return null;
            }
            throw e;
        }
    }

    /**
     * Documents of a kind, in the order of their keys: one page of them, or the one behind a cursor.
     *
     * @template {DocumentKind} K
     * @param {K} kind
     * @param {CallOptions & { limit?: number, cursor?: string }} [options]
     * @returns {Promise<import('./api.js').ReadingPage<import('./model.js').Documents[K]>>}
     */
    list(kind, { limit, cursor, ...options } = {}) {
        return this.get(`/api/v1/state${query({ kind, limit, cursor })}`, options);
    }

    /**
     * The last positions that a session reached, oldest first.
     *
     * @param {string} sessionId
     * @param {CallOptions & { limit?: number }} [options]
     * @returns {Promise<import('./api.js').History>}
     */
    history(sessionId, { limit, ...options } = {}) {
        return this.get(`/api/v1/sessions/${encodeURIComponent(sessionId)}/history${query({ limit })}`, options);
    }

    /**
     * The last transitions of all channels, oldest first.
     *
     * @param {CallOptions & { limit?: number }} [options]
     * @returns {Promise<import('./api.js').Log>}
     */
    log({ limit, ...options } = {}) {
        return this.get(`/api/v1/log${query({ limit })}`, options);
    }

    /**
     * Who asks, and what they may do.
     *
     * @param {CallOptions} [options]
     * @returns {Promise<import('./api.js').Caller>}
     */
    whoami(options) {
        return this.get('/api/v1/whoami', options);
    }

    /**
     * Publishes an event. Needs the scope publish.
     *
     * @template {string} C
     * @param {C} channel
     * @param {DraftOn<C>} event
     * @param {CallOptions} [options]
     * @returns {Promise<import('./api.js').Published>}
     */
    publish(channel, event, options) {
        const { type, ...fields } = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (event));
        const kind = parseChannel(channel)?.kind;
        const open = kind !== undefined && channelKinds[kind].messages.every(({ type: only }) => only === null);
        // Where any type may be published, the request has the application's data in place of the event's fields.
        const data = open ? fields['data'] : fields;
        return this.call('POST', '/api/v1/events', { channel, type, data }, options);
    }

    /**
     * Overwrites a document. Needs the scope admin, and a server that was started with `--allow-set-state`.
     *
     * @template {import('./catalogue.js').DocumentKey} K
     * @param {K} key
     * @param {DocumentAt<K>} document
     * @param {CallOptions & { expectedRevision?: number, ttlSeconds?: number }} [options]
     *   expectedRevision: refused unless this one is stored
     * @returns {Promise<import('./api.js').Written>}
     */
    write(key, document, { expectedRevision, ttlSeconds, ...options } = {}) {
        const body = { value: document, expected_revision: expectedRevision, ttl_s: ttlSeconds };
        return this.call('PUT', `/api/v1/state/${encodeURIComponent(key)}`, body, options);
    }

    /**
     * Gives the browser a cookie that stands for the token.
     *
     * @param {string} token
     * @param {CallOptions} [options]
     * @returns {Promise<void>}
     */
    login(token, options) {
        return this.call('POST', '/login', { token }, options);
    }

    /**
     * Takes the cookie back.
     *
     * @param {CallOptions} [options]
     * @returns {Promise<void>}
     */
    logout(options) {
        return this.call('POST', '/logout', {}, options);
    }

    /**
     * Everything as it happens, once it is started.
     *
     * @param {object} options
     * @param {Filter} [options.filter]
     * @param {(...event: import('./api.js').StreamEvent) => void} options.onEvent
     * @param {() => void} [options.onPhase] called when the stream's phase is another
     * @param {number} [options.silenceMs]
     */
    stream({ filter = {}, onEvent, onPhase = () => {}, silenceMs }) {
        const { kinds, keys, channels, intervalMs } = filter;
        return new EventStream({
            url: `${this.url}/api/v1/events${query({
                kind: kinds?.join(),
                key: keys?.join(),
                channel: channels?.join(),
                interval_ms: intervalMs,
            })}`,
            headers: this.authorization(),
            fetch: this.fetch,
            onEvent,
            onPhase,
            ...(silenceMs === undefined ? {} : { silenceMs }),
        });
    }

    /**
     * @param {string} path
     * @param {CallOptions} [options]
     */
    get(path, options) {
        return this.call('GET', path, undefined, options);
    }

    /**
     * @param {string} method
     * @param {string} path
     * @param {unknown} body undefined: none
     * @param {CallOptions} [options]
     * @returns {Promise<any>}
     */
    async call(method, path, body, { signal, timeoutMs = DEADLINE_MS } = {}) {
        const deadline = AbortSignal.timeout(timeoutMs);
        /** @type {RequestInit} */
        const init = {
            method,
            cache: 'no-store',
            headers: { Accept: 'application/json', ...this.authorization() },
            signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        };
        if (body !== undefined) {
            init.headers = { ...init.headers, 'Content-Type': 'application/json' };
            init.body = JSON.stringify(body);
        }
        try {
            const response = await this.fetch(this.url + path, init);
            if (!response.ok) {
                throw await refusal(response);
            }
            return response.status === 204 ? undefined : await response.json();
        } catch (e) {
            if (e instanceof StateError) {
                throw e;
            }
            signal?.throwIfAborted();
            if (deadline.aborted) {
                throw new StateError('timeout', `the server did not answer within ${timeoutMs} ms`, { cause: e });
            }
            throw e instanceof SyntaxError
                ? new StateError('not_understood', 'the answer is not JSON; is this the address of a state server?', { cause: e })
                : new StateError('unreachable', 'the server does not answer', { cause: e });
        }
    }
}

/** @param {Record<string, string | number | undefined>} parameters */
function query(parameters) {
    const said = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
    return said.length === 0 ? '' : `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`;
}
