/** Requests to the server, each with a deadline. */

const DEADLINE_MS = 8000;

/** The server answered, and said no. */
export class Refused extends Error {
    /**
     * @param {number} status
     * @param {string} detail for people
     */
    constructor(status, detail) {
        super(detail);
        this.status = status;
    }
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function get(path) {
    const response = await request(path, { headers: { Accept: 'application/json' } });
    return response.json();
}

/**
 * @param {string} path
 * @param {object} [body]
 */
export async function post(path, body = {}) {
    await request(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
    });
}

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function request(path, init) {
    const response = await fetch(path, { cache: 'no-store', ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
    if (!response.ok) {
        const problem = await response.json().catch(() => null);
        throw new Refused(response.status, String(problem?.detail ?? problem?.title ?? `status ${response.status}`));
    }
    return response;
}
