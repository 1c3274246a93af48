import { readFileSync, readdirSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';

const BASE = 'https://tatbot.ai/schema/state/v1/';
const FOLDER = new URL('../../target/classes/ai/tatbot/state/schema/', import.meta.url);

/** Whether it is an instant that exists in the calendar, with or without an offset of at most 18 hours. */
function isUtcTime(text) {
    const [, day, clock, offset] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
    if (day === undefined) {
        return false;
    }
    const at = new Date(`${day}T${clock}Z`);
    const [, hours, minutes] = /^[+-](\d\d):(\d\d)$/.exec(offset ?? '') ?? [0, 0, 0];
    return (
        !Number.isNaN(at.getTime()) &&
        at.toISOString().startsWith(`${day}T${clock}`) &&
        Number(minutes) <= 59 &&
        Number(hours) * 60 + Number(minutes) <= 18 * 60
    );
}

/** Ajv, strict, with the packaged schemas. */
export function validator() {
    const ajv = new Ajv2020({ strict: true, allErrors: true });
    ajv.addFormat('utc-time', { type: 'string', validate: isUtcTime });
    ajv.addVocabulary(['x-unit', 'x-rename']);
    for (const folder of ['meta', 'types', 'models', 'events']) {
        for (const name of readdirSync(new URL(`${folder}/`, FOLDER))) {
            ajv.addSchema(JSON.parse(readFileSync(new URL(`${folder}/${name}`, FOLDER), 'utf8')));
        }
    }
    /** @param {string} path such as models/robot-state */
    const schema = (path) => {
        const found = ajv.getSchema(`${BASE}${path}.json`);
        if (found === undefined) {
            throw new Error(`there is no schema ${path}`);
        }
        return found;
    };
    return { ajv, schema };
}
