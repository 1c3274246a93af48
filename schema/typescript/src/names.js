/**
 * Names of keys and channels, made from their templates and taken apart again.
 *
 * @typedef {import('./kinds.js').NameInfo} NameInfo
 */

/**
 * @param {NameInfo} kind
 * @param {string[]} values one for each parameter, in the order of the template
 * @returns {any} a text; its exact type is said by the catalogue
 */
export function fill(kind, values) {
    let name = kind.template;
    Object.entries(kind.parameters).forEach(([parameter, { pattern }], i) => {
        const value = String(values[i]);
        if (!new RegExp(pattern, 'u').test(value)) {
            throw new RangeError(`${parameter} must match ${pattern}, was ${JSON.stringify(value)}`);
        }
        name = name.replace(`{${parameter}}`, () => value);
    });
    return name;
}

/**
 * @param {Record<string, NameInfo>} kinds
 * @param {string} name
 * @returns {any} its kind and the values of its parameters; null if it is of none
 */
export function parse(kinds, name) {
    for (const [kind, { template, parameters }] of Object.entries(kinds)) {
        const expression = template.replace(/\{([a-z_]+)\}/g, (_, parameter) => {
            const pattern = parameters[parameter]?.pattern.slice(1, -1);
            return `(?<${parameter}>${pattern})`;
        });
        const match = new RegExp(`^${expression}$`, 'u').exec(name);
        if (match !== null) {
            return { kind, parameters: { ...match.groups } };
        }
    }
    return null;
}
