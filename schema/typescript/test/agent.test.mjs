import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Fleet, until } from './fleet.mjs';

const AGENT = fileURLToPath(new URL('../agent.mjs', import.meta.url));

/** @type {Fleet} */ let fleet;
let server, child, lines;

before(async () => {
    fleet = await Fleet.start();
    server = await fleet.startServer(undefined, '--allow-set-state');
    child = spawn(process.execPath, [AGENT], { stdio: ['pipe', 'pipe', 'inherit'] });
    lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
});
after(async () => {
    child?.kill('SIGKILL');
    await fleet?.close();
});

async function say(text) {
    child.stdin.write(`${text}\n`);
    return JSON.parse((await lines.next()).value);
}
const ask = (request) => say(JSON.stringify(request));

const KEY = 'robot:state:hog';
const document = { timestamp: '2026-11-26T10:00:00.000000Z', node_id: 'hog', current_pose: 'ready' };

test('nonsense is answered, and does no harm', async () => {
    for (const line of ['no json', 'null', '5', '[]', '{}', '{"do":"fly"}', '{"do":"toString"}', '{"do":["watch"]}']) {
        const { error, reason } = await say(line);
        assert.deepEqual([typeof error, reason], ['string', 'CRASHED'], line);
    }
    for (const request of [
        { do: 'read', key: KEY },
        { do: 'seen', key: KEY },
        { do: 'validate', schema: 'models/none', document },
    ]) {
        assert.equal((await ask(request)).reason, 'CRASHED', JSON.stringify(request));
    }
});

test('documents are judged by the schema', async () => {
    assert.deepEqual(await ask({ do: 'validate', schema: 'models/robot-state', document }), { valid: true });
    const { valid, error } = await ask({ do: 'validate', schema: 'models/robot-state', document: { ...document, goal_time_slow: -1 } });
    assert.equal(valid, false);
    assert.match(error, /goal_time_slow/);
});

test('what another may not do is refused with its code', async () => {
    assert.equal((await ask({ do: 'connect', url: 'http://127.0.0.1:1', token: 'x' })).error, 'unreachable');
    assert.equal(typeof (await ask({ do: 'connect', url: server.url, token: 'tat_no' })).error, 'string');
    assert.ok((await ask({ do: 'connect', url: server.url, token: fleet.viewer })).connected);
    const { error, status } = await ask({ do: 'write', key: KEY, document });
    assert.deepEqual([error, status], ['not_allowed', 403]);
});

test('it writes, reads, watches, and tells what it was told', async () => {
    assert.deepEqual(await ask({ do: 'connect', url: server.url, token: fleet.admin }), {
        connected: true,
        name: 'admin',
        scopes: ['read', 'publish', 'admin'],
    });
    assert.deepEqual(await ask({ do: 'read', key: KEY }), { document: null, revision: null });
    const { revision } = await ask({ do: 'write', key: KEY, document });
    assert.deepEqual(await ask({ do: 'read', key: KEY }), { document: (await ask({ do: 'read', key: KEY })).document, revision });
    assert.deepEqual(await ask({ do: 'watch' }), { watching: true });
    await until('it is seen', async () => (await ask({ do: 'seen', key: KEY })).revision === revision);
    await until('it is live', async () => (await ask({ do: 'state' })).live);
    const change = (await ask({ do: 'events' })).changes.find((one) => one.revision === revision);
    assert.equal(change.key, KEY);
    assert.ok(['snapshot', 'updated'].includes(change.cause), change.cause);
    for (const n of [1, 2, 3]) {
        assert.match((await ask({ do: 'publish', channel: 'system:events', event: { type: 'count', data: { n } } })).event_id, /-/);
    }
    const events = [];
    await until('three events', async () => events.push(...(await ask({ do: 'events' })).events) >= 0 && events.length >= 3);
    assert.deepEqual(events.map(({ type, data }) => [type, data.n]), [['count', 1], ['count', 2], ['count', 3]]);
    assert.deepEqual(await ask({ do: 'events' }), { events: [], changes: [] });
    assert.deepEqual(await ask({ do: 'close' }), { closed: true });
});

test('it ends with its input', async () => {
    await ask({ do: 'connect', url: server.url, token: fleet.admin });
    await ask({ do: 'watch' });
    child.stdin.end();
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
});
