import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import asyncapi from '@asyncapi/parser';
import { variants } from './flattened.mjs';
import { validator } from './validator.mjs';

const folder = new URL('../../target/classes/ai/tatbot/state/schema/', import.meta.url);
const read = (name) => readFileSync(new URL(name, folder), 'utf8');

async function problems(document) {
    const found = await new asyncapi.Parser().validate(document);
    return found.map(({ severity, code, path, message }) => `${severity} ${code} ${path.join('/')}: ${message}`);
}

test('the AsyncAPI document is in order, without as much as a hint', async () => {
    const document = read('asyncapi.json');
    assert.match(JSON.parse(document).asyncapi, /^3[.]/);
    assert.deepEqual(await problems(document), []);
});

test('every event of a channel is in it, and examples of events fit it', async () => {
    const { document } = await new asyncapi.Parser().parse(read('asyncapi.json'));
    const channels = readdirSync(new URL('channels/', folder)).map((name) => JSON.parse(read(`channels/${name}`)));
    assert.equal(document.channels().all().length, channels.length);
    assert.equal(document.operations().all().length, 2 * channels.length);
    const events = new Set();
    for (const channel of document.channels().all()) {
        const file = channels.find(({ template }) => template === channel.address());
        assert.deepEqual(
            channel.messages().all().map((message) => message.extensions().get('x-class').value()),
            file.messages.map((message) => message.class),
        );
        channel.messages().all().forEach((message) => events.add(message));
    }
    const { ajv } = validator();
    for (const message of events) {
        const name = message.id().replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();
        const payload = JSON.parse(JSON.stringify(message.payload().json(), (key, value) => (key.startsWith('x-parser') ? undefined : value)));
        const validate = ajv.compile(payload);
        for (const [verdict, expected] of [['valid', true], ['invalid', false]]) {
            const examples = new URL(`../../examples/events/${name}/${verdict}/`, import.meta.url);
            for (const example of readdirSync(examples)) {
                const value = JSON.parse(readFileSync(new URL(example, examples), 'utf8'));
                assert.equal(validate(value), expected, `${name}/${verdict}/${example}: ${ajv.errorsText(validate.errors)}`);
            }
        }
    }
});

test('a flattened schema and those that it was made of give the same verdict', () => {
    const { ajv, schema } = validator();
    const flattened = [
        ...Object.entries(JSON.parse(read('asyncapi.json')).components.schemas)
            .map(([name, of]) => [`events/${name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase()}`, of]),
        ...JSON.parse(read('keys.json')).keys.filter(({ document }) => document)
            .map(({ document }) => [/models\/[a-z-]+/.exec(document.id)[0], document.schema]),
    ];
    assert.ok(flattened.length > 15);
    for (const [path, flat] of flattened) {
        const [one, real] = [ajv.compile(flat), schema(path)];
        const verdicts = new Set();
        for (const [what, value] of variants(path, flat)) {
            const expected = real(value);
            verdicts.add(expected);
            assert.equal(one(value), expected, `${path}, ${what}: ${ajv.errorsText((expected ? one : real).errors)}`);
        }
        assert.equal(verdicts.size, 2, path);
    }
});

test('the parser would have said so', async () => {
    const document = JSON.parse(read('asyncapi.json'));
    document.operations.publishRobotEvents.channel.$ref = '#/channels/none';
    delete document.info.version;
    const found = await problems(JSON.stringify(document));
    assert.ok(found.some((problem) => /info/.test(problem)) && found.some((problem) => /none/.test(problem)), found.join('\n'));
});

test('the catalogue of keys is as its own schema has it', () => {
    const { ajv, schema } = validator();
    const validate = schema('meta/catalogue');
    const catalogue = JSON.parse(read('keys.json'));
    assert.ok(validate(catalogue), ajv.errorsText(validate.errors));
    assert.equal(catalogue.keys.length, readdirSync(new URL('keys/', folder)).length);
    for (const { name, document } of catalogue.keys.filter((key) => key.document)) {
        const one = ajv.compile(document.schema);
        const stem = name.replaceAll('_', '-');
        for (const [verdict, expected] of [['valid', true], ['invalid', false]]) {
            const examples = new URL(`../../examples/models/${stem}/${verdict}/`, import.meta.url);
            for (const example of readdirSync(examples)) {
                const value = JSON.parse(readFileSync(new URL(example, examples), 'utf8'));
                assert.equal(one(value), expected, `${stem}/${verdict}/${example}`);
            }
        }
    }
    for (const spoil of [
        (key) => delete key.readers,
        (key) => (key.redis_type = 'list'),
        (key) => (key.document.schema.properties.node_id.type = 'text'),
        (key) => (key.added = 1),
    ]) {
        const spoiled = structuredClone(catalogue);
        spoil(spoiled.keys.find(({ document }) => document));
        assert.ok(!validate(spoiled), String(spoil));
    }
});
