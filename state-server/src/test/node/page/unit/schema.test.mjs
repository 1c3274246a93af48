import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from './page.mjs';

const { fieldOf, fieldsOf } = await load('schema.js');

test('titles, units and meanings are those of the schema', () => {
    const field = fieldOf('node_health', 'cpu_percent');
    assert.deepEqual([field.title, field.unit], ['Processor', '%']);
    assert.match(field.description, /in percent/);
    assert.ok(fieldOf('robot_state', 'timestamp').isTime);
    assert.ok(fieldOf('node_health', 'last_heartbeat').isTime);
    assert.ok(!fieldOf('robot_state', 'joints_l').isTime);
});

test('a field that is in the schema is there, without a change to the page', () => {
    for (const name of ['robot-state', 'stroke-progress', 'node-health']) {
        const file = new URL(`../../../../../../schema/models/${name}.json`, import.meta.url);
        const known = [...fieldsOf(name.replace('-', '_')).keys()];
        assert.ok(known.length > 5);
        for (const field of Object.keys(JSON.parse(readFileSync(file, 'utf8')).properties)) {
            assert.ok(known.includes(field), `${name} has no ${field}`);
        }
    }
});

test('what the schema does not know goes by its name', () => {
    assert.equal(fieldOf('robot_state', 'ink_level_l').title, 'ink level l');
});
