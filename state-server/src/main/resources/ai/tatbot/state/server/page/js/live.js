import { StateClient } from '../client/client.js';
import { StateMirror } from '../client/mirror.js';
import { time } from '../client/time.js';
import { Clock } from './clock.js';
import { contact } from './contact.js';
import { EventLog } from './event-log.js';
import { Robot } from './robot.js';
import { ShownSession } from './shown-session.js';
import { StatusKeeper } from './status.js';
import { verdict } from './verdict.js';
import { View } from './view.js';

/**
 * @typedef {import('./types.js').Doc} Doc
 * @typedef {{ id: string, condition: string, since: number | null }} NodeView
 */

const STATUS_EVERY_MS = 10_000;
const STATUS_SOON_MS = 150;
const LOG_LIMIT = 200;

/** All that the panels show, kept up to date from the server. Knows nothing of how it is shown. */
export class Live {
    /** @param {import('../client/api.js').Filter} [filter] what there is to hear of; without it, everything */
    constructor(filter = {}) {
        /** The page's own server. */
        this.client = new StateClient();
        this.clock = new Clock();
        this.store = new StateMirror();
        this.log = new EventLog();
        this.view = new View();
        this.stream = this.client.stream({
            filter,
            onEvent: (type, data) => this.store.apply(type, data),
            onPhase: () => this.phaseChanged(),
        });
        this.status = new StatusKeeper(() => this.client.status(), this.clock.local);
        this.statusTimer = 0;
        this.redisHeard = 0;
        this.wasLive = false;

        /** @type {Map<string, Robot>} */
        this.robots = new Map();
        /** The robot that someone chose; null: that of the session. @type {string | null} */
        this.chosenRobot = null;

        this.session = new ShownSession(this.client, this.store, this.clock.local, () => this.view.show(null));
        /** @type {NodeView[] | null} */
        this.knownNodes = null;

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
                // Nothing was asked while nobody looked.
                void this.refreshStatus();
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
                this.statusSoon();
            } else if (this.store.hello !== null && this.stream.phase !== 'locked') {
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
            this.knownNodes = null;
            if (!resumed || this.held !== null) {
                void this.readLog();
                void this.session.readHistory();
            }
            this.statusSoon();
        });
        store.on('doc', (doc) => this.documentSet(doc));
        store.on('gone', (doc) => this.documentGone(doc));
        store.on('node', () => {
            this.knownNodes = null;
            this.statusSoon();
        });
        store.on('transition', (told) => {
            // Shown by its fields' names, whatever its type.
            const transition = /** @type {import('./types.js').Transition} */ (/** @type {unknown} */ (told));
            if (this.held !== null) {
                this.held.push(transition);
            } else {
                this.transition(transition);
            }
        });
        store.on('lost', (lost) => this.log.lost(lost, this.clock.now()));
        store.on('problem', (problem) => this.log.problem(problem, this.clock.now()));
        store.on('goodbye', ({ reason }) => this.log.goodbye(reason, this.clock.now()));
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
            this.session.written(doc);
        } else {
            this.knownNodes = null;
        }
    }

    /** @param {Doc} doc */
    documentGone(doc) {
        if (doc.kind === 'robot_state') {
            this.robots.delete(doc.id);
        } else if (doc.kind === 'stroke_progress') {
            this.session.look();
        } else {
            this.knownNodes = null;
        }
    }

    /** @param {import('./types.js').Transition} transition */
    transition(transition) {
        this.session.happened(transition.event);
        this.log.transition(transition);
        this.statusSoon();
    }

    /** What happened before this page was there; then what has come meanwhile. */
    async readLog() {
        try {
            const { entries } = await this.client.log({ limit: LOG_LIMIT });
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
        const status = await this.status.refresh();
        if (status !== null) {
            this.hear(status.at);
            this.knownNodes = null;
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
        this.knownNodes ??= this.gatherNodes();
        return this.knownNodes;
    }

    gatherNodes() {
        /** @type {Map<string, NodeView>} */
        const nodes = new Map();
        for (const node of this.status.last?.nodes ?? []) {
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
            status: this.status.last,
            statusAgeMs: this.status.ageMs,
            redis: this.store.redis,
            nodes: this.nodes(),
            robot: this.robots.size > 0,
            activity: this.session.activity,
        });
    }

    /** The robot to show. */
    robot() {
        const chosen = this.chosenRobot ?? this.session.progress?.node_id;
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
