import { time } from '../client/time.js';
import { clock } from './format.js';

/** More than these are not kept: a page that is open for a week must not grow. */
export const MOST_EVENTS = 500;

/**
 * @typedef {'session' | 'robot' | 'node' | 'error' | 'system' | 'page'} EventKind
 * @typedef {{
 *   number: number, id: string | null, time: number, kind: EventKind, severity: 'info' | 'good' | 'warning' | 'error',
 *   title: string, summary: string, source: string, details: Record<string, unknown>, text: string,
 * }} LogEntry
 *   text: what a filter looks at, in small letters
 */

/** @type {Record<string, { title: string, severity: LogEntry['severity'] }>} */
const KNOWN = {
    session_start: { title: 'Session started', severity: 'info' },
    session_end: { title: 'Session ended', severity: 'info' },
    session_pause: { title: 'Session paused', severity: 'warning' },
    session_resume: { title: 'Session resumed', severity: 'info' },
    session_takeover: { title: 'Session taken over', severity: 'warning' },
    arm_connected: { title: 'Arm connected', severity: 'info' },
    arm_disconnected: { title: 'Arm disconnected', severity: 'warning' },
    online: { title: 'Node online', severity: 'good' },
    offline: { title: 'Node offline', severity: 'warning' },
    restarted: { title: 'Node restarted', severity: 'warning' },
    silent: { title: 'Node silent', severity: 'warning' },
    error: { title: 'Error', severity: 'error' },
};

/** Fields that every event has, or that are said elsewhere. */
const PLAIN = new Set(['type', 'timestamp', 'node_id', 'event_id', 'seq', 'seq_lost', 'rev']);

/** The latest events, oldest first. */
export class EventLog {
    constructor() {
        /** @type {LogEntry[]} */
        this.entries = [];
        /** How many there have been; entries are numbered from 1. */
        this.count = 0;
        /** @type {Set<string>} */
        this.ids = new Set();
        /** @type {((entry: LogEntry) => void)[]} */
        this.listeners = [];
    }

    /** @param {(entry: LogEntry) => void} listener */
    onEntry(listener) {
        this.listeners.push(listener);
    }

    /** @param {import('./types.js').Transition} transition */
    transition({ channel, event, caught_up: late }) {
        const id = typeof event.event_id === 'string' ? event.event_id : null;
        if (id !== null && this.ids.has(id)) {
            return; // from the log and from the stream
        }
        const kind = kindOf(channel);
        const known = kind === 'system' ? undefined : KNOWN[event.type];
        this.add({
            id,
            time: time(event.timestamp) ?? NaN,
            kind,
            severity: severityOf(event, known),
            title: known?.title ?? event.type,
            summary: (late === true ? 'Told late. ' : '') + summaryOf(event, kind),
            source: typeof event.node_id === 'string' ? event.node_id : '',
            details: { channel, ...event },
        });
    }

    /**
     * @param {import('./types.js').Lost} lost
     * @param {number} now
     */
    lost(lost, now) {
        const many = `${lost.exact === false ? 'at least ' : ''}${lost.count} ${lost.count === 1 ? 'event was' : 'events were'} lost`;
        this.add({
            id: null,
            time: now,
            kind: 'page',
            severity: 'error',
            title: 'Events lost',
            summary: lost.reason ? `${many}: ${lost.reason}` : many,
            source: '',
            details: { ...lost },
        });
    }

    /**
     * @param {import('./types.js').Problem} problem
     * @param {number} now
     */
    problem(problem, now) {
        this.add({
            id: null,
            time: time(problem.at) ?? now,
            kind: 'error',
            severity: 'warning',
            title: 'Not understood',
            summary: `${problem.message ?? ''}`,
            source: `${problem.source ?? ''}`,
            details: { ...problem },
        });
    }

    /**
     * Something of this page's own, such as that the server was lost.
     *
     * @param {string} title
     * @param {string} summary
     * @param {LogEntry['severity']} severity
     * @param {number} now
     */
    note(title, summary, severity, now) {
        this.add({ id: null, time: now, kind: 'page', severity, title, summary, source: '', details: {} });
    }

    /**
     * The server ended the stream.
     *
     * @param {string | undefined} reason
     * @param {number} now
     */
    goodbye(reason, now) {
        if (reason === 'not_allowed') {
            this.note('Logged out', 'The token is no longer good: it was revoked, or has expired.', 'warning', now);
        } else {
            const why = reason === 'shutdown' || !reason ? 'It is shutting down.' : `Its reason: ${reason}.`;
            this.note('Server said goodbye', why, 'warning', now);
        }
    }

    /** @param {Omit<LogEntry, 'number' | 'text'>} entry */
    add(entry) {
        const full = {
            ...entry,
            number: ++this.count,
            text: `${entry.title} ${entry.source} ${entry.summary} ${JSON.stringify(entry.details)}`.toLowerCase(),
        };
        this.entries.push(full);
        if (entry.id !== null) {
            this.ids.add(entry.id);
        }
        if (this.entries.length > MOST_EVENTS) {
            const old = this.entries.shift();
            if (old?.id) {
                this.ids.delete(old.id);
            }
        }
        for (const listener of this.listeners) {
            listener(full);
        }
    }
}

/**
 * @param {string} channel
 * @returns {EventKind}
 */
function kindOf(channel) {
    const [first] = channel.split(':');
    switch (first) {
        case 'stroke':
            return 'session';
        case 'robot':
        case 'node':
        case 'error':
            return first;
        default:
            return 'system';
    }
}

/**
 * @param {import('./types.js').StateEvent} event
 * @param {{ severity: LogEntry['severity'] } | undefined} known
 * @returns {LogEntry['severity']}
 */
function severityOf(event, known) {
    if (event.type === 'session_end' && known !== undefined) {
        return event['reason'] === 'completed' ? 'good' : event['reason'] === undefined ? 'info' : 'error';
    }
    return known?.severity ?? 'info';
}

/**
 * @param {import('./types.js').StateEvent} event
 * @param {EventKind} kind
 */
function summaryOf(event, kind) {
    const field = (/** @type {string} */ name) => event[name];
    if (kind === 'error' && typeof field('message') === 'string') {
        return `${field('category') ?? ''}: ${field('message')}`;
    }
    const place =
        typeof field('stroke_idx') === 'number'
            ? ` at stroke ${Number(field('stroke_idx')) + 1}, pose ${Number(field('pose_idx') ?? 0) + 1}`
            : '';
    switch (event.type) {
        case 'session_start':
            return `${field('scene_name') ?? 'a scene'}, ${field('total_strokes') ?? '?'} strokes`;
        case 'session_end':
            return `${field('reason') ?? 'no reason given'}${place}`;
        case 'session_pause':
        case 'session_resume':
            return place.trim();
        case 'session_takeover':
            return `from ${field('previous_node_id') ?? 'an unknown node'}`;
        case 'online':
        case 'offline':
        case 'silent':
        case 'restarted':
            return kind === 'node' ? heartbeat(field('last_heartbeat')) : rest(event);
        case 'arm_connected':
        case 'arm_disconnected':
            return field('arm') === 'l' ? 'left arm' : field('arm') === 'r' ? 'right arm' : '';
        default:
            return rest(event);
    }
}

/** @param {unknown} last */
function heartbeat(last) {
    const at = time(last);
    return at === null ? '' : `last heartbeat at ${clock(at)}`;
}

/**
 * What an application says under names of its own.
 *
 * @param {import('./types.js').StateEvent} event
 */
function rest(event) {
    const data = event['data'] ?? Object.fromEntries(Object.entries(event).filter(([name]) => !PLAIN.has(name)));
    const json = JSON.stringify(data);
    return json === '{}' || json === undefined ? '' : json;
}
