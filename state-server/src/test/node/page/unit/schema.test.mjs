import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from './page.mjs';

const { Schema } = await load('schema.js');
const models = new URL('../../../../../../schema/', import.meta.url);

/** Answers with the project's own schema, changed if wished. */
function serve(change = (_path, model) => model) {
    globalThis.fetch = async (path) => {
        const file = new URL(String(path).replace('/schema/', ''), models);
        return new Response(JSON.stringify(change(path, JSON.parse(readFileSync(file, 'utf8')))));
    };
}

test('titles, units and meanings are those of the schema', async () => {
    serve();
    const schema = new Schema();
    assert.ok(await schema.load());
    const field = schema.field('node_health', 'cpu_percent');
    assert.deepEqual([field.title, field.unit], ['Processor', '%']);
    assert.match(field.description, /in percent/);
    assert.equal(schema.field('robot_state', 'timestamp').format, 'time');
    assert.equal(schema.field('node_health', 'last_heartbeat').format, 'time');
});

test('a field that is added to the schema is there, without a change to the page', async () => {
    serve((path, model) => {
        if (path.endsWith('robot-state.json')) {
            model.properties.ink_level_l = { title: 'Left ink', description: 'What is left of it.', type: 'number', 'x-unit': 'ml' };
        }
        return model;
    });
    const schema = new Schema();
    await schema.load();
    assert.ok([...schema.fields('robot_state').keys()].includes('ink_level_l'));
    assert.equal(schema.field('robot_state', 'ink_level_l').unit, 'ml');
});

test('without a schema, fields go by their names', async () => {
    globalThis.fetch = async () => new Response('{}', { status: 404 });
    const schema = new Schema();
    assert.equal(await schema.load(), false);
    assert.equal(schema.field('robot_state', 'goal_time_fast').title, 'goal time fast');
});
