import { time } from './time.js';

/**
 * A document as it is held here. All fields of its value may be absent: other nodes write them, and older ones write fewer.
 *
 * @typedef {{
 *   key: string, kind: Kind, id: string, revision: number | null, updatedAt: number, value: Record<string, unknown>,
 *   generation: number,
 * }} Doc
 * @typedef {{ node_id: string, condition: import('./api.js').StreamNode['condition'], since: number | null, generation: number }} NodeEntry
 * @typedef {import('./model.js').DocumentKind} Kind
 */

/**
 * What becomes known, and to whom it is told. `doc`: a document was set. `gone`: it is no more.
 *
 * @typedef {{
 *   doc: Doc, gone: Doc, node: NodeEntry, redis: import('./api.js').StreamStatus, hello: import('./api.js').StreamHello,
 *   ready: { resumed: boolean }, transition: import('./api.js').StreamTransition, lost: import('./api.js').StreamLost,
 *   problem: import('./api.js').StreamProblem, goodbye: import('./api.js').StreamGoodbye,
 * }} MirrorEvents
 */

/**
 * The fleet as a stream tells of it, kept in memory: documents, nodes, and the server's own connection to Redis. A snapshot replaces it:
 * what the snapshot did not name is dropped once it is complete, and until then goes on being there. To be given every event of the
 * stream: `onEvent: (type, data) => mirror.apply(type, data)`.
 */
export class StateMirror {
    constructor() {
        /** @type {Map<string, Doc>} */
        this.docs = new Map();
        /** @type {Map<string, NodeEntry>} */
        this.nodes = new Map();
        /** @type {import('./api.js').StreamStatus | null} */
        this.redis = null;
        /** When the server last told of Redis, by this machine's clock, in milliseconds that only grow. */
        this.redisHeard = 0;
        /** @type {import('./api.js').StreamHello | null} */
        this.hello = null;
        /** Whether a snapshot has ever been complete. */
        this.filled = false;
        this.generation = 0;
        /** @type {Map<string, ((value: any) => void)[]>} */
        this.listeners = new Map();
    }

    /**
     * @template {keyof MirrorEvents} K
     * @param {K} type
     * @param {(value: MirrorEvents[K]) => void} listener
     */
    on(type, listener) {
        const list = this.listeners.get(type);
        if (list === undefined) {
            this.listeners.set(type, [listener]);
        } else {
            list.push(listener);
        }
    }

    /**
     * @template {keyof MirrorEvents} K
     * @param {K} type
     * @param {MirrorEvents[K]} value
     */
    tell(type, value) {
        for (const listener of this.listeners.get(type) ?? []) {
            listener(value);
        }
    }

    /**
     * Takes an event of the stream.
     *
     * @param {string} type
     * @param {any} data
     */
    apply(type, data) {
        switch (type) {
            case 'hello':
                this.begin(data);
                break;
            case 'status':
                this.redis = data;
                this.redisHeard = performance.now();
                this.tell('redis', data);
                break;
            case 'change':
                this.change(data);
                break;
            case 'node':
                this.node(data);
                break;
            case 'ready':
                this.complete();
                break;
            case 'transition':
            case 'lost':
            case 'problem':
            case 'goodbye':
                this.tell(type, data);
                break;
            default: // a newer server's; nothing here depends on it
        }
    }

    /** @param {import('./api.js').StreamHello} hello */
    begin(hello) {
        const resumed = hello.resumed === true && this.filled;
        this.hello = hello;
        if (!resumed) {
            this.generation++;
        }
        this.tell('hello', hello);
        if (resumed) {
            this.tell('ready', { resumed: true });
        }
    }

    /** @param {import('./api.js').StreamChange} change */
    change(change) {
        if (change.value === null || change.value === undefined) {
            // What cannot be read is there still, and what was known of it is the last that could be.
            if (change.cause !== 'unreadable') {
                this.drop(change.key);
            }
            return;
        }
        let doc = this.docs.get(change.key);
        if (doc === undefined) {
            const id = change.key.slice(change.key.lastIndexOf(':') + 1);
            doc = {
                key: change.key,
                kind: change.kind,
                id,
                revision: null,
                updatedAt: NaN,
                value: {},
                generation: 0,
            };
            this.docs.set(change.key, doc);
        }
        doc.revision = change.revision ?? null;
        doc.updatedAt = time(change.updated_at) ?? time(change.value.timestamp) ?? NaN;
        doc.value = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (change.value));
        doc.generation = this.generation;
        this.tell('doc', doc);
    }

    /** @param {string} key */
    drop(key) {
        const doc = this.docs.get(key);
        if (doc !== undefined) {
            this.docs.delete(key);
            this.tell('gone', doc);
        }
    }

    /** @param {import('./api.js').StreamNode} turn */
    node(turn) {
        const entry = {
            node_id: turn.node_id,
            condition: turn.condition,
            since: time(turn.since),
            generation: this.generation,
        };
        if (turn.condition === 'gone') {
            this.nodes.delete(turn.node_id);
        } else {
            this.nodes.set(turn.node_id, entry);
        }
        this.tell('node', entry);
    }

    complete() {
        for (const doc of [...this.docs.values()]) {
            if (doc.generation !== this.generation) {
                this.drop(doc.key);
            }
        }
        for (const node of [...this.nodes.values()]) {
            if (node.generation !== this.generation && !this.docs.has(`node:health:${node.node_id}`)) {
                this.nodes.delete(node.node_id);
            }
        }
        this.filled = true;
        this.tell('ready', { resumed: false });
    }

    /**
     * How far this can be relied upon: whether both hops are live, Redis to server and server to here; and if not, since when nothing newer
     * is known. Null: nothing ever was.
     *
     * @param {import('./stream.js').EventStream} stream the one that feeds this
     * @returns {{ live: boolean, staleMs: number | null }}
     */
    freshness(stream) {
        const { redis } = this;
        if (stream.silentMs === null || redis === null) {
            return { live: false, staleMs: null };
        }
        const live = stream.phase === 'live' && redis.condition === 'live';
        const behind =
            redis.condition === 'live' || redis.stale_ms === null ? 0 : redis.stale_ms + performance.now() - this.redisHeard;
        return { live, staleMs: live ? 0 : Math.round(Math.max(stream.silentMs, behind)) };
    }

    /**
     * Documents of a kind.
     *
     * @param {Kind} kind
     */
    ofKind(kind) {
        const found = [];
        for (const doc of this.docs.values()) {
            if (doc.kind === kind) {
                found.push(doc);
            }
        }
        return found;
    }
}
