/**
 * @typedef {import('./types.js').Doc} Doc
 * @typedef {import('./types.js').NodeEntry} NodeEntry
 * @typedef {import('./types.js').Kind} Kind
 */

/**
 * What becomes known, and to whom it is told. `doc`: a document was set. `gone`: it is no more.
 *
 * @typedef {{
 *   doc: Doc, gone: Doc, node: NodeEntry, redis: import('./types.js').RedisCondition, hello: import('./types.js').Hello,
 *   ready: { resumed: boolean }, transition: import('./types.js').Transition, lost: import('./types.js').Lost,
 *   problem: import('./types.js').Problem, goodbye: { reason?: string },
 * }} StoreEvents
 */

/**
 * The fleet as the server tells of it: documents, nodes, and the server's own connection to Redis. A snapshot replaces it: what the
 * snapshot did not name is dropped once it is complete, and until then goes on being shown.
 */
export class Store {
    constructor() {
        /** @type {Map<string, Doc>} */
        this.docs = new Map();
        /** @type {Map<string, NodeEntry>} */
        this.nodes = new Map();
        /** @type {import('./types.js').RedisCondition | null} */
        this.redis = null;
        /** @type {import('./types.js').Hello | null} */
        this.hello = null;
        /** Whether a snapshot has ever been complete. */
        this.filled = false;
        this.generation = 0;
        /** @type {Map<string, ((value: any) => void)[]>} */
        this.listeners = new Map();
    }

    /**
     * @template {keyof StoreEvents} K
     * @param {K} type
     * @param {(value: StoreEvents[K]) => void} listener
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
     * @template {keyof StoreEvents} K
     * @param {K} type
     * @param {StoreEvents[K]} value
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

    /** @param {import('./types.js').Hello} hello */
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

    /** @param {import('./types.js').Change} change */
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
                value: change.value,
                generation: 0,
            };
            this.docs.set(change.key, doc);
        }
        doc.revision = change.revision ?? null;
        doc.updatedAt = time(change.updated_at) ?? time(change.value['timestamp']) ?? NaN;
        doc.value = change.value;
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

    /** @param {import('./types.js').NodeTurn} turn */
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

/**
 * Milliseconds of a time as it is on the wire, with or without offset; null if it is none.
 *
 * @param {unknown} text
 */
export function time(text) {
    if (typeof text !== 'string') {
        return null;
    }
    const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : text + 'Z');
    return Number.isNaN(ms) ? null : ms;
}
