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
