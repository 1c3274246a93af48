import { get } from './api.js';
import { Clock } from './clock.js';
import { contact } from './contact.js';
import { Eta } from './eta.js';
import { EventLog } from './event-log.js';
import { Playout } from './playout.js';
import { Robot } from './robot.js';
import { Schema } from './schema.js';
import { SessionTrack } from './session-track.js';
import { current, startOf, stateOf, strokeText, work } from './sessions.js';
import { Store, time } from './store.js';
import { Stream } from './stream.js';
import { Track } from './track.js';
import { verdict } from './verdict.js';
import { View } from './view.js';

/**
 * @typedef {import('./types.js').Doc} Doc
 * @typedef {import('./types.js').StrokeProgress} StrokeProgress
 */

const STATUS_EVERY_MS = 10_000;
const STATUS_SOON_MS = 150;
const HISTORY_LIMIT = 2000;
const LOG_LIMIT = 200;

/** All that the panels show, kept up to date from the server. Knows nothing of how it is shown. */
export class Live {
    /** @param {string} [query] of the stream's address */
    constructor(query = '') {
        this.clock = new Clock();
        this.store = new Store();
        this.log = new EventLog();
        this.schema = new Schema();
        this.view = new View();
        this.stream = new Stream({
            url: `/api/v1/events${query}`,
            onEvent: (type, data) => this.store.apply(type, data),
            onPhase: () => this.phaseChanged(),
        });
        /** @type {import('./types.js').FleetStatus | null} */
        this.status = null;
        this.statusTimer = 0;
        this.redisHeard = 0;
        this.wasLive = false;

        /** @type {Map<string, Robot>} */
        this.robots = new Map();
        /** The robot that someone chose; null: that of the session. @type {string | null} */
        this.chosenRobot = null;

        /** The session that someone chose; null: the current one. @type {string | null} */
        this.chosenSession = null;
        /** @type {Doc | null} */
        this.session = null;
        this.track = new SessionTrack('');
        this.eta = new Eta();
        this.progress = new Playout(new Track(512, 1), this.clock.local);
        /** What events told of sessions. @type {Map<string, { start?: number, end?: number, reason?: string }>} */
        this.sessionFacts = new Map();

        /** Transitions that came before the log was read. @type {import('./types.js').Transition[] | null} */
        this.held = null;
        /** @type {(() => void)[]} */
        this.phaseListeners = [];
        this.listen();
    }

    start() {
        this.stream.start();
        document.addEventListener('visibilitychange', () => {
            if (document.visibilityState === 'visible') {
                this.stream.nudge();
            }
        });
        addEventListener('online', () => this.stream.nudge());
        setInterval(() => this.refreshStatus(), STATUS_EVERY_MS);
    }

    /** @param {() => void} listener */
    onPhase(listener) {
        this.phaseListeners.push(listener);
    }

    phaseChanged() {
        const live = this.stream.phase === 'live';
        if (live !== this.wasLive) {
            this.wasLive = live;
            if (live) {
                if (this.schema.models.size === 0) {
                    void this.schema.load();
                }
                this.statusSoon();
            } else if (this.store.hello !== null) {
                this.log.note('Server lost', 'This page hears nothing from the server.', 'error', this.clock.now());
            }
        }
        this.phaseListeners.forEach((listener) => listener());
    }

    listen() {
        const { store } = this;
        store.on('hello', (hello) => {
            this.hear(hello.now);
            if (hello.resumed !== true) {
                this.held ??= [];
            }
        });
        store.on('redis', (redis) => {
            this.hear(redis.now);
            this.redisHeard = this.clock.local();
            this.statusSoon();
        });
        store.on('ready', ({ resumed }) => {
            if (!resumed || this.held !== null) {
                void this.readLog();
                void this.readHistory();
            }
            this.statusSoon();
        });
        store.on('doc', (doc) => this.documentSet(doc));
        store.on('gone', (doc) => this.documentGone(doc));
        store.on('node', () => this.statusSoon());
        store.on('transition', (transition) => {
            if (this.held !== null) {
                this.held.push(transition);
            } else {
                this.transition(transition);
            }
        });
        store.on('lost', (lost) => this.log.lost(lost, this.clock.now()));
        store.on('problem', (problem) => this.log.problem(problem, this.clock.now()));
        store.on('goodbye', () => this.log.note('Server said goodbye', 'It is shutting down.', 'warning', this.clock.now()));
    }

    /** @param {unknown} serverTime */
    hear(serverTime) {
        const ms = time(serverTime);
        if (ms !== null) {
            this.clock.hear(ms);
        }
    }

    /** @param {Doc} doc */
    documentSet(doc) {
        if (doc.kind === 'robot_state') {
            let robot = this.robots.get(doc.id);
            if (robot === undefined) {
                robot = new Robot(doc, this.clock.local);
                this.robots.set(doc.id, robot);
            }
            robot.doc = doc;
            robot.update();
        } else if (doc.kind === 'stroke_progress') {
            this.chooseSession();
            if (doc === this.session) {
                this.sessionMoved(doc);
            }
        }
    }

    /** @param {Doc} doc */
    documentGone(doc) {
        if (doc.kind === 'robot_state') {
            this.robots.delete(doc.id);
        } else if (doc.kind === 'stroke_progress') {
            this.chooseSession();
        }
    }

    /** @param {string | null} id */
    showSession(id) {
        this.chosenSession = id;
        this.view.show(null);
        this.chooseSession();
    }

    chooseSession() {
        const sessions = this.store.ofKind('stroke_progress');
        const chosen = sessions.find((doc) => doc.id === this.chosenSession) ?? current(sessions);
        if (chosen?.key === this.session?.key) {
            this.session = chosen;
            return;
        }
        this.session = chosen;
        this.track = new SessionTrack(chosen?.id ?? '');
        this.eta.clear();
        this.progress = new Playout(new Track(512, 1), this.clock.local);
        this.view.show(null);
        if (chosen !== null) {
            this.sessionMoved(chosen);
            if (this.store.filled) {
                void this.readHistory();
            }
        }
    }

    /** @param {Doc} doc */
    sessionMoved(doc) {
        const progress = /** @type {StrokeProgress} */ (doc.value);
        this.track.add(doc.updatedAt, progress);
        const amount = work(progress);
        if (amount !== null) {
            this.progress.push(doc.updatedAt, [amount.done]);
            this.eta.push(doc.updatedAt, amount.done, progress.is_paused === true || progress.is_executing !== true);
        }
    }

    /** @param {import('./types.js').Transition} transition */
    transition(transition) {
        const { event } = transition;
        const sessionId = event['session_id'];
        if (typeof sessionId === 'string') {
            const facts = this.sessionFacts.get(sessionId) ?? {};
            const at = time(event.timestamp) ?? undefined;
            if (event.type === 'session_start' && at !== undefined) {
                facts.start = at;
            } else if (event.type === 'session_end') {
                if (at !== undefined) {
                    facts.end = at;
                }
                facts.reason = String(event['reason'] ?? '');
            }
            this.sessionFacts.set(sessionId, facts);
            if (this.sessionFacts.size > 1000) {
                this.sessionFacts.delete(/** @type {string} */ (this.sessionFacts.keys().next().value));
            }
        }
        this.log.transition(transition);
        this.statusSoon();
    }

    /** What happened before this page was there; then what has come meanwhile. */
    async readLog() {
        try {
            const { entries } = await get(`/api/v1/log?limit=${LOG_LIMIT}`);
            for (const entry of entries) {
                this.transition({ channel: entry.channel, event: { event_id: entry.id, ...entry.event } });
            }
        } catch {
            // The stream's own are shown without it.
        }
        const held = this.held ?? [];
        this.held = null;
        held.forEach((transition) => this.transition(transition));
    }

    async readHistory() {
        const { track } = this;
        if (track.sessionId === '') {
            return;
        }
        try {
            const id = encodeURIComponent(track.sessionId);
            const { entries } = await get(`/api/v1/sessions/${id}/history?limit=${HISTORY_LIMIT}`);
            track.load(entries);
        } catch {
            // What this page sees from now on is shown without it.
        }
    }

    /** Several causes in a row make one request. */
    statusSoon() {
        if (this.statusTimer === 0) {
            this.statusTimer = window.setTimeout(
                () => {
                    this.statusTimer = 0;
                    void this.refreshStatus();
                },
                STATUS_SOON_MS * (1 + Math.random()),
            );
        }
    }

    async refreshStatus() {
        if (this.stream.phase !== 'live' || document.visibilityState !== 'visible') {
            return;
        }
        try {
            this.status = await get('/api/v1/status');
            this.hear(this.status?.at);
        } catch {
            this.status = null;
        }
    }

    contact() {
        const { lastByte } = this.stream;
        return contact({
            phase: this.stream.phase,
            silentMs: lastByte === null ? null : performance.now() - lastByte,
            redis: this.store.redis,
            redisHeardMs: this.clock.local() - this.redisHeard,
            now: this.clock.now(),
        });
    }

    /** Nodes by name, from what the stream says, and before it has said anything, from the status. */
    nodes() {
        /** @type {Map<string, { id: string, condition: string, since: number | null }>} */
        const nodes = new Map();
        for (const node of this.status?.nodes ?? []) {
            nodes.set(node.id, { id: node.id, condition: node.condition, since: time(node.since) });
        }
        for (const node of this.store.nodes.values()) {
            nodes.set(node.node_id, { id: node.node_id, condition: node.condition, since: node.since });
        }
        for (const doc of this.store.docs.values()) {
            if (doc.kind === 'node_health' && !nodes.has(doc.id)) {
                nodes.set(doc.id, { id: doc.id, condition: 'online', since: null });
            }
        }
        return [...nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    }

    /** @param {import('./contact.js').Contact} seen */
    verdict(seen) {
        return verdict({
            contact: seen,
            status: this.status,
            redis: this.store.redis,
            nodes: this.nodes(),
            robot: this.robots.size > 0,
            activity: this.activity(),
        });
    }

    activity() {
        const progress = this.progressDoc();
        switch (this.sessionState()) {
            case 'executing':
                return progress === null ? null : `Drawing stroke ${strokeText(progress)}`;
            case 'paused':
                return progress === null ? null : `Paused at stroke ${strokeText(progress)}`;
            default:
                return null;
        }
    }

    progressDoc() {
        return this.session === null ? null : /** @type {StrokeProgress} */ (this.session.value);
    }

    sessionState() {
        return stateOf(this.progressDoc(), this.sessionFacts.get(this.session?.id ?? '')?.reason);
    }

    /** When the session shown began and, if it is over, ended; `sure`: someone said so. */
    sessionTimes() {
        const { session, track } = this;
        if (session === null) {
            return null;
        }
        const facts = this.sessionFacts.get(session.id) ?? {};
        const over = session.value['is_executing'] !== true;
        const start = facts.start ?? startOf(session.id) ?? track.start;
        return { start, end: over ? (facts.end ?? session.updatedAt) : null };
    }

    /** The robot to show. */
    robot() {
        const chosen = this.chosenRobot ?? /** @type {string | undefined} */ (this.session?.value['node_id']);
        const robot = this.robots.get(chosen ?? '');
        if (robot !== undefined) {
            return robot;
        }
        /** @type {Robot | null} */
        let best = null;
        for (const other of this.robots.values()) {
            if (best === null || other.doc.updatedAt > best.doc.updatedAt) {
                best = other;
            }
        }
        return best;
    }
}
