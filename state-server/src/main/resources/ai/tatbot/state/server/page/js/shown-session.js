import { time } from '../client/time.js';
import { Eta } from './eta.js';
import { Playout } from './playout.js';
import { SessionTrack } from './session-track.js';
import { current, startOf, stateOf, strokeText, work } from './sessions.js';
import { Track } from './track.js';

/**
 * @typedef {import('./types.js').Doc} Doc
 * @typedef {import('./types.js').StrokeProgress} StrokeProgress
 */

const HISTORY_LIMIT = 2000;
/** Positions between which the progress is shown in motion. */
const SAMPLES = 512;
const MOST_FACTS = 1000;

/** The session that the page shows: where it is, where it was, and how long it still takes. */
export class ShownSession {
    /**
     * @param {import('../client/client.js').StateClient} client
     * @param {import('../client/mirror.js').StateMirror} store
     * @param {() => number} local this machine's time in ms
     * @param {() => void} onOther called when another session is shown
     */
    constructor(client, store, local, onOther) {
        this.client = client;
        this.store = store;
        this.local = local;
        this.onOther = onOther;
        /** The one that someone chose; null: the current one. @type {string | null} */
        this.chosen = null;
        /** @type {Doc | null} */
        this.doc = null;
        this.track = new SessionTrack('');
        this.eta = new Eta();
        this.motion = new Playout(new Track(SAMPLES, 1), local);
        /** What events told of sessions. @type {Map<string, { start?: number, end?: number, reason?: string }>} */
        this.facts = new Map();
    }

    get progress() {
        return this.doc === null ? null : /** @type {StrokeProgress} */ (this.doc.value);
    }

    get state() {
        return stateOf(this.progress, this.facts.get(this.doc?.id ?? '')?.reason);
    }

    /** What the robot is doing, in words; null: nothing. */
    get activity() {
        const { progress, state } = this;
        if (progress === null || (state !== 'executing' && state !== 'paused')) {
            return null;
        }
        return `${state === 'executing' ? 'Drawing' : 'Paused at'} stroke ${strokeText(progress)}`;
    }

    /** When it began and, if it is over, ended. */
    get times() {
        if (this.doc === null) {
            return null;
        }
        const facts = this.facts.get(this.doc.id) ?? {};
        const over = this.doc.value['is_executing'] !== true;
        const start = facts.start ?? startOf(this.doc.id) ?? this.track.start;
        return { start, end: over ? (facts.end ?? this.doc.updatedAt) : null };
    }

    /** @param {string | null} id */
    choose(id) {
        this.chosen = id;
        this.look();
    }

    /** Looks which one is to be shown. */
    look() {
        const sessions = this.store.ofKind('stroke_progress');
        const doc = sessions.find(({ id }) => id === this.chosen) ?? current(sessions);
        const other = doc?.key !== this.doc?.key;
        this.doc = doc;
        if (!other) {
            return;
        }
        this.track = new SessionTrack(doc?.id ?? '');
        this.eta.clear();
        this.motion = new Playout(new Track(SAMPLES, 1), this.local);
        this.onOther();
        if (doc !== null) {
            this.moved(doc);
            if (this.store.filled) {
                void this.readHistory();
            }
        }
    }

    /** @param {Doc} doc a session that was written */
    written(doc) {
        this.look();
        if (doc === this.doc) {
            this.moved(doc);
        }
    }

    /** @param {Doc} doc */
    moved(doc) {
        const progress = /** @type {StrokeProgress} */ (doc.value);
        this.track.add(doc.updatedAt, progress);
        const amount = work(progress);
        if (amount !== null) {
            this.motion.push(doc.updatedAt, [amount.done]);
            this.eta.push(doc.updatedAt, amount.done, progress.is_paused === true || progress.is_executing !== true);
        }
    }

    /** @param {import('./types.js').StateEvent} event of any kind */
    happened(event) {
        const id = event['session_id'];
        if (typeof id !== 'string' || (event.type !== 'session_start' && event.type !== 'session_end')) {
            return;
        }
        const facts = this.facts.get(id) ?? {};
        const at = time(event.timestamp) ?? undefined;
        if (event.type === 'session_start' && at !== undefined) {
            facts.start = at;
        } else if (event.type === 'session_end') {
            if (at !== undefined) {
                facts.end = at;
            }
            facts.reason = String(event['reason'] ?? '');
        }
        this.facts.set(id, facts);
        if (this.facts.size > MOST_FACTS) {
            this.facts.delete(/** @type {string} */ (this.facts.keys().next().value));
        }
    }

    /** What the server kept of it. */
    async readHistory() {
        const { track } = this;
        if (track.sessionId === '') {
            return;
        }
        try {
            const { entries } = await this.client.history(track.sessionId, { limit: HISTORY_LIMIT });
            track.load(entries);
        } catch {
            // What this page sees from now on is shown without it.
        }
    }
}
