import { readFileSync, readdirSync } from 'node:fs';

/** Values of every type, and some at the edges of bounds. */
const OTHERS = [null, true, 0, -1, 0.5, 1e300, '', 'a b', 'x'.repeat(5000), '2025-08-18T20:09:37Z', [], [1.5], Array(100).fill(0), ['a'], {}];

/**
 * Every example of a model or event, and what becomes of it when one of its fields, or one that it might have, is missing or is something else.
 *
 * @param {string} folder such as events/state-update
 * @param {any} schema flattened
 */
export function* variants(folder, schema) {
    for (const verdict of ['valid', 'invalid']) {
        const examples = new URL(`../../examples/${folder}/${verdict}/`, import.meta.url);
        for (const file of readdirSync(examples)) {
            const value = JSON.parse(readFileSync(new URL(file, examples), 'utf8'));
            yield [`${verdict}/${file}`, value];
            for (const field of new Set([...Object.keys(schema.properties), ...Object.keys(value)])) {
                const { [field]: _, ...rest } = value;
                yield [`${verdict}/${file} without ${field}`, rest];
                for (const other of OTHERS) {
                    yield [`${verdict}/${file} with ${field} = ${JSON.stringify(other).slice(0, 40)}`, { ...rest, [field]: other }];
                }
            }
        }
    }
}
