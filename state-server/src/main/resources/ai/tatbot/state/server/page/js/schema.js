import { get } from './api.js';

/**
 * What the fields of a document mean, as the schema says at this moment: a field that is added there is shown here, under its own title
 * and with its own unit, without a change to this page.
 *
 * @typedef {{ name: string, title: string, description: string, unit: string, format: string }} Field
 */

/** @type {Record<import('./types.js').Kind, string>} */
const MODELS = { robot_state: 'robot-state', stroke_progress: 'stroke-progress', node_health: 'node-health' };

export class Schema {
    constructor() {
        /** @type {Map<string, Map<string, Field>>} */
        this.models = new Map();
        /** @type {(() => void)[]} */
        this.listeners = [];
    }

    /** Reads it; goes on without if that fails, and with names in place of titles. */
    async load() {
        try {
            const base = fieldsOf(await get('/schema/models/base.json'));
            for (const [kind, name] of Object.entries(MODELS)) {
                const own = fieldsOf(await get(`/schema/models/${name}.json`));
                this.models.set(kind, new Map([...own, ...base]));
            }
            this.listeners.forEach((listener) => listener());
            return true;
        } catch {
            return false;
        }
    }

    /** @param {() => void} listener called when it is there */
    onLoad(listener) {
        this.listeners.push(listener);
    }

    /**
     * Fields of a kind of document, in the schema's order.
     *
     * @param {import('./types.js').Kind} kind
     */
    fields(kind) {
        return this.models.get(kind) ?? new Map();
    }

    /**
     * @param {import('./types.js').Kind} kind
     * @param {string} name
     * @returns {Field}
     */
    field(kind, name) {
        return this.fields(kind).get(name) ?? { name, title: name.replaceAll('_', ' '), description: '', unit: '', format: '' };
    }
}

/**
 * @param {any} model
 * @returns {[string, Field][]}
 */
function fieldsOf(model) {
    return Object.entries(model?.properties ?? {}).map(([name, property]) => {
        const p = /** @type {Record<string, unknown>} */ (property);
        const timed = p['format'] === 'utc-time' || /types\/time\.json$/.test(String(p['$ref'] ?? ''));
        return [
            name,
            {
                name,
                title: String(p['title'] ?? name),
                description: String(p['description'] ?? ''),
                unit: String(p['x-unit'] ?? ''),
                format: timed ? 'time' : '',
            },
        ];
    });
}
