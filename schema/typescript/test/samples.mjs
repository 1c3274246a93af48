/**
 * A program that says: what the server's OpenAPI document has for an answer, all its fields and no others, is what the types have.
 *
 * @param {any} description
 */
export function samples(description) {
    const { schemas } = description.components;
    const named = ['Reading', 'ReadingPage', 'Written', 'Published', 'History', 'HistoryEntry', 'Log', 'LogEntry', 'Status', 'RedisStatus',
        'Node', 'Alert', 'Caller', ...Object.keys(schemas).filter((name) => /^Stream[A-Z]/.test(name))];
    const values = named.map((name) => `export const a${name}: ${name} = ${JSON.stringify(sample(schemas, schemas[name]))};`);
    return `import type { ${named.join(', ')} } from 'tatbot-state';\n${values.join('\n')}\n`;
}

/** A value with everything that a schema names. */
function sample(schemas, schema) {
    if (schema.$ref !== undefined) {
        const [, , , name, ...rest] = schema.$ref.split('/');
        return sample(schemas, rest.reduce((node, step) => node[step], schemas[name]));
    }
    if (schema.const !== undefined) {
        return schema.const;
    }
    if (schema.enum !== undefined) {
        return schema.enum[0];
    }
    if (schema.anyOf !== undefined) {
        return sample(schemas, schema.anyOf[0]);
    }
    switch ([schema.type].flat()[0]) {
        case 'object': {
            const bases = (schema.allOf ?? []).map((base) => sample(schemas, base));
            const own = Object.entries(schema.properties ?? {}).map(([name, of]) => [name, sample(schemas, of)]);
            return Object.assign({}, ...bases, Object.fromEntries(own));
        }
        case 'array':
            return [sample(schemas, schema.items)];
        case 'integer':
        case 'number':
            return schema.minimum ?? 0;
        case 'boolean':
            return true;
        default:
            return 'hog';
    }
}
