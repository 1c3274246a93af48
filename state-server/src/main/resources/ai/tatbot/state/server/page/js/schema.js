import { models } from '../client/catalogue.js';

/**
 * What the fields of a document mean, from the catalogue that the build makes of the schema: a field that is added there is shown here, under
 * its own title and with its own unit, without a change to this page.
 *
 * @typedef {import('./types.js').Kind} Kind
 * @typedef {{ name: string, title: string, description: string, unit: string, isTime: boolean }} Field
 */

/** @type {Map<Kind, Map<string, Field>>} */
const FIELDS = new Map();

/**
 * Fields of a kind of document, in the schema's order.
 *
 * @param {Kind} kind
 */
export function fieldsOf(kind) {
    let fields = FIELDS.get(kind);
    if (fields === undefined) {
        const known = Object.entries(models[kind].fields).map(
            ([name, { title, description, unit = '', type }]) =>
                /** @type {const} */ ([name, { name, title, description, unit, isTime: type === 'time' }]),
        );
        fields = new Map(known);
        FIELDS.set(kind, fields);
    }
    return fields;
}

/**
 * A field, whether the schema knows it or not.
 *
 * @param {Kind} kind
 * @param {string} name
 * @returns {Field}
 */
export function fieldOf(kind, name) {
    return fieldsOf(kind).get(name) ?? { name, title: name.replaceAll('_', ' '), description: '', unit: '', isTime: false };
}
