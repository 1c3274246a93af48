import { time } from '../client/time.js';

/**
 * The truth about the connection, in its two hops: Redis to server, as the server tells, and server to page, as the page sees. What the
 * first is like cannot be known while the second is broken.
 *
 * @typedef {'waiting' | 'live' | 'stale' | 'broken' | 'unknown'} HopState
 * @typedef {{ state: HopState, staleMs: number, text: string }} Hop
 * @typedef {{ page: Hop, redis: Hop, live: boolean, asOf: number | null, staleMs: number }} Contact
 *   asOf: of when the shown data are, by the server's clock; null: of now, or there are none
 */

const UNHEARD = { state: /** @type {HopState} */ ('waiting'), staleMs: 0, text: 'connecting' };

/**
 * @param {object} seen
 * @param {import('../client/stream.js').Phase} seen.phase
 * @param {number | null} seen.silentMs since something came from the server; null: nothing ever did
 * @param {import('./types.js').RedisCondition | null} seen.redis
 * @param {number} seen.redisHeardMs since the server last told of Redis
 * @param {number} seen.now by the server's clock
 * @returns {Contact}
 */
export function contact({ phase, silentMs, redis, redisHeardMs, now }) {
    const page = pageHop(phase, silentMs);
    const pageLive = page.state === 'live';
    const asOfRedis = redis === null || redis.condition === 'live' ? null : time(redis.as_of);
    const redisStale = redis === null || redis.condition === 'live' ? 0 : staleness(redis, asOfRedis, now, redisHeardMs);
    const staleMs = Math.max(page.state === 'stale' || page.state === 'broken' ? page.staleMs : 0, redisStale);
    return {
        page,
        redis: pageLive ? redisHop(redis, redisStale) : unknownRedis(redis, phase),
        live: pageLive && redis !== null && redis.condition === 'live',
        asOf: staleMs > 0 ? now - staleMs : null,
        staleMs,
    };
}

/**
 * @param {import('../client/stream.js').Phase} phase
 * @param {number | null} silentMs
 * @returns {Hop}
 */
function pageHop(phase, silentMs) {
    if (phase === 'live') {
        return { state: 'live', staleMs: 0, text: 'live' };
    }
    if (phase === 'locked') {
        return { state: 'broken', staleMs: silentMs ?? 0, text: 'not logged in' };
    }
    if (silentMs === null) {
        return UNHEARD;
    }
    return { state: 'broken', staleMs: silentMs, text: `stale since ${seconds(silentMs)}, reconnecting` };
}

/**
 * @param {import('./types.js').RedisCondition | null} redis
 * @param {number} staleMs
 * @returns {Hop}
 */
function redisHop(redis, staleMs) {
    if (redis === null) {
        return UNHEARD;
    }
    switch (redis.condition) {
        case 'live':
            return { state: 'live', staleMs: 0, text: 'live' };
        case 'stale':
            return { state: 'stale', staleMs, text: `stale since ${seconds(staleMs)}` };
        default:
            return {
                state: 'broken',
                staleMs,
                text: staleMs > 0 ? `stale since ${seconds(staleMs)}, reconnecting` : 'connecting',
            };
    }
}

/**
 * @param {import('./types.js').RedisCondition | null} redis
 * @param {import('../client/stream.js').Phase} phase
 * @returns {Hop}
 */
function unknownRedis(redis, phase) {
    if (phase === 'connecting' && redis === null) {
        return UNHEARD;
    }
    return { state: 'unknown', staleMs: 0, text: 'not known from here' };
}

/**
 * @param {import('./types.js').RedisCondition} redis
 * @param {number | null} asOf
 * @param {number} now
 * @param {number} heardMs
 */
function staleness(redis, asOf, now, heardMs) {
    if (typeof redis.stale_ms === 'number') {
        return redis.stale_ms + heardMs;
    }
    const since = asOf ?? time(redis.since);
    return since === null ? heardMs : Math.max(0, now - since);
}

/** @param {number} ms */
export function seconds(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    return s < 120 ? `${s} s` : `${Math.floor(s / 60)} min`;
}
