import { count } from './format.js';

/**
 * Is the robot all right? In one word, with the reasons. The server judges the fleet; what it cannot know, that this page has lost
 * it, is judged here.
 *
 * @typedef {'waiting' | 'idle' | 'ok' | 'degraded' | 'down' | 'unknown' | 'unjudged'} Level
 *   unknown: this page has lost the server; unjudged: it has not, but the server has not judged the fleet, or not of late
 * @typedef {{ level: Level, title: string, reasons: string[] }} Verdict
 */

/** A judgement older than this, which is three times missed, says nothing of now. */
export const STATUS_GOOD_MS = 30_000;

/**
 * @param {object} seen
 * @param {import('./contact.js').Contact} seen.contact
 * @param {import('./types.js').FleetStatus | null} seen.status what the server judged last
 * @param {number | null} seen.statusAgeMs since then
 * @param {import('./types.js').RedisCondition | null} seen.redis
 * @param {{ id: string, condition: string }[]} seen.nodes
 * @param {boolean} seen.robot whether any robot has told of itself
 * @param {string | null} seen.activity what the robot is doing; null: nothing
 * @returns {Verdict}
 */
export function verdict({ contact, status, statusAgeMs, redis, nodes, robot, activity }) {
    if (contact.page.state === 'waiting' || (contact.page.state === 'live' && redis === null)) {
        return { level: 'waiting', title: 'Connecting', reasons: ['The server has not answered yet.'] };
    }
    if (contact.page.state !== 'live') {
        return contact.page.text === 'not logged in'
            ? { level: 'unknown', title: 'Not logged in', reasons: ['The server wants a token before it tells anything.'] }
            : {
                  level: 'unknown',
                  title: 'Not known',
                  reasons: ['This page has lost the server. What is shown is the last it heard.'],
              };
    }
    if (redis !== null && redis.condition !== 'live') {
        return redis.condition === 'stale'
            ? { level: 'down', title: 'Down', reasons: ['Redis is slow to answer. What is shown may be old.'] }
            : { level: 'down', title: 'Down', reasons: [redisReason(redis)] };
    }
    const away = nodes.filter((node) => node.condition === 'unreachable' || node.condition === 'offline');
    const outOfReach = `Out of reach: ${names(away.map((node) => node.id))}.`;
    if (status === null || statusAgeMs === null || statusAgeMs > STATUS_GOOD_MS) {
        // Alerts may stand that this page has not heard of: never "ok".
        const reasons = away.length > 0 ? [outOfReach] : [];
        return status === null
            ? { level: 'unjudged', title: 'Not known yet', reasons: ['The server has not said yet how the fleet is.', ...reasons] }
            : {
                  level: 'unjudged',
                  title: 'No longer known',
                  reasons: ['The server is there, but no longer says how the fleet is.', ...reasons],
              };
    }
    const reasons = alerts(status);
    const level = status.status;
    const rest = activity ?? (robot ? 'The robot is at rest' : 'No robot has told of itself');
    if (level === 'ok') {
        // That nothing is wrong with nothing says little of the robot.
        return nodes.length === 0 && !robot && activity === null
            ? { level: 'idle', title: 'Nothing here yet', reasons: ['The connection is good, but no robot and no node has reported.'] }
            : { level, title: 'All right', reasons: [summary(nodes, rest)] };
    }
    if (reasons.length === 0) {
        reasons.push(away.length > 0 ? outOfReach : summary(nodes, rest));
    }
    return { level, title: level === 'down' ? 'Down' : 'Degraded', reasons };
}

/** @param {import('./types.js').RedisCondition} redis */
function redisReason(redis) {
    const why = typeof redis.reason === 'string' && redis.reason !== '' ? `: ${redis.reason}` : '';
    return sentence(`The server has lost Redis${why}`);
}

/**
 * Errors first; the same of several nodes in one sentence.
 *
 * @param {import('./types.js').FleetStatus | null} status
 */
function alerts(status) {
    const all = [...(status?.alerts ?? [])];
    all.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
    /** @type {Map<string, import('./types.js').Alert[]>} */
    const groups = new Map();
    for (const alert of all) {
        const name = /^node_/.test(alert.code) ? alert.code : `${alert.code} ${groups.size}`;
        groups.set(name, [...(groups.get(name) ?? []), alert]);
    }
    return [...groups.values()].map((group) => {
        const [first] = group;
        return first === undefined || group.length === 1
            ? sentence(first?.message ?? '')
            : `${group.length} nodes are ${first.code.slice('node_'.length)}: ${names(group.map((alert) => alert.subject ?? '?'))}.`;
    });
}

/** @param {string[]} all */
function names(all) {
    const few = all.slice(0, 5);
    return all.length > few.length ? `${few.join(', ')} and ${all.length - few.length} more` : few.join(', ');
}

/**
 * @param {{ condition: string }[]} nodes
 * @param {string} activity
 */
function summary(nodes, activity) {
    const online = nodes.filter((node) => node.condition === 'online').length;
    const fleet =
        nodes.length === 0
            ? 'No node has reported yet.'
            : online === nodes.length
              ? nodes.length === 1
                  ? 'Its one node is online.'
                  : `All ${nodes.length} nodes are online.`
              : `${online} of ${count(nodes.length, 'node')} online.`;
    return `${activity}. ${fleet}`;
}

/** @param {string} text */
function sentence(text) {
    return /[.!?]$/.test(text) ? text : text + '.';
}
