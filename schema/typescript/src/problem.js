/**
 * A request that was not answered as it should have been. `code` is for programs, `message` for people.
 *
 * The server's codes are those of its problems (RFC 9457), such as `not_found` or `conflict`. Where `status` is 0 the code is this side's
 * own: `unreachable`, no answer came; `timeout`, none came in time; after either, whether a write was stored is not known;
 * `not_understood`, something else answered.
 */
export class StateError extends Error {
    /**
     * @param {string} code
     * @param {string} detail
     * @param {{ status?: number, retryAfterMs?: number | null, cause?: unknown }} [more]
     */
    constructor(code, detail, { status = 0, retryAfterMs = null, cause } = {}) {
        super(detail, cause === undefined ? undefined : { cause });
        this.name = 'StateError';
        this.code = code;
        /** Of HTTP; 0: no answer came. */
        this.status = status;
        /** How long the server asks to wait. Null: it does not. */
        this.retryAfterMs = retryAfterMs;
    }

    /** What is wrong, and what is allowed; for people. */
    get detail() {
        return this.message;
    }
}

/**
 * The error that an answer tells of.
 *
 * @param {Response} response
 * @returns {Promise<StateError>}
 */
export async function refusal(response) {
    /** @type {any} */
    const problem = await response.json().catch(() => null);
    const seconds = Number(response.headers.get('Retry-After') ?? NaN);
    return new StateError(
        typeof problem?.code === 'string' ? problem.code : 'not_understood',
        String(problem?.detail ?? problem?.title ?? `status ${response.status}`),
        { status: response.status, retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null },
    );
}
