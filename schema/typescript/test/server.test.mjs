import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './client.mjs';
import { Fleet, until } from './fleet.mjs';
import { compile } from './package.mjs';
import { samples } from './samples.mjs';

const { StateClient, StateError, StateMirror, keys, channels } = await load('index.js');

/** @type {Fleet} */ let fleet;
let server, client, viewer;

before(async () => {
    fleet = await Fleet.start();
    server = await fleet.startServer(undefined, '--allow-set-state');
    client = new StateClient({ url: server.url, token: fleet.admin });
    viewer = new StateClient({ url: `${server.url}/`, token: fleet.viewer });
});
after(() => fleet?.close());

const robot = (pose, joints = [0.1, 0.2]) => ({
    timestamp: new Date().toISOString(),
    node_id: 'hog',
    is_connected_l: true,
    current_pose: pose,
    joints_l: joints,
});

const fails = (code, status) => (e) => {
    assert.ok(e instanceof StateError, `${e}`);
    assert.deepEqual([e.code, e.status], [code, status]);
    assert.ok(e.detail.length > 5);
    return true;
};

/** A stream with its mirror, and what it was told. */
function follow(of = client, options = {}) {
    const mirror = new StateMirror();
    const heard = [];
    const phases = [];
    const stream = of.stream({
        ...options,
        onEvent: (type, data) => {
            heard.push([type, data]);
            mirror.apply(type, data);
        },
        onPhase: () => phases.push(stream.phase),
    });
    stream.start();
    const transitions = () => heard.filter(([type]) => type === 'transition').map(([, { event }]) => event);
    return { stream, mirror, heard, phases, transitions };
}

test('what is stored is read, listed, and judged', async () => {
    const key = keys.robotState('hog');
    assert.equal(await client.read(key), null);
    const { revision } = await client.write(key, robot('ready'));
    const reading = await viewer.read(key);
    assert.deepEqual([reading.found, reading.revision, reading.value.joints_l, reading.stale], [true, revision, [0.1, 0.2], false]);
    const page = await viewer.list('robot_state', { limit: 1 });
    assert.equal(page.items[0].key, key);
    const status = await until('the server knows of hog', async () => {
        const now = await viewer.status();
        return now.nodes.some(({ id }) => id === 'hog') && now;
    });
    assert.equal(status.nodes[0].robot.value.current_pose, 'ready');
    assert.deepEqual(await viewer.whoami(), { name: 'viewer', scopes: ['read'] });
    assert.deepEqual(await viewer.history('stroke_hog_1'), { session_id: 'stroke_hog_1', entries: [] });
});

test('a document is overwritten only by whom, and over what, it may be', async () => {
    const key = keys.robotState('oop');
    const state = (pose) => ({ ...robot(pose), node_id: 'oop' });
    const { revision } = await client.write(key, state('ready'));
    assert.equal((await client.write(key, state('sleep'), { expectedRevision: revision })).revision, revision + 1);
    await assert.rejects(client.write(key, state('ready'), { expectedRevision: revision }), fails('conflict', 409));
    await assert.rejects(client.write(key, { ...state('ready'), goal_time_slow: -1 }), fails('invalid_value', 422));
    await assert.rejects(viewer.write(key, state('ready')), fails('not_allowed', 403));
    assert.equal((await client.read(key)).value.current_pose, 'sleep');
});

test('an event is published, logged, and refused where it does not fit', async () => {
    const published = await client.publish(channels.systemEvents, { type: 'lamp_on', data: { lux: 400 } });
    assert.match(published.event_id, /^\d+-\d+$/);
    await client.publish(channels.errorEvents('camera'), { type: 'error', category: 'camera', message: 'no frame' });
    const { entries } = await client.log({ limit: 2 });
    assert.deepEqual(entries.map(({ event }) => [event.type, event.data?.lux, event.message]), [
        ['lamp_on', 400, undefined],
        ['error', undefined, 'no frame'],
    ]);
    await assert.rejects(client.publish(channels.errorEvents('camera'), { type: 'error', category: 'camera' }), fails('invalid_event', 422));
    await assert.rejects(viewer.publish(channels.systemEvents, { type: 'lamp_on' }), fails('not_allowed', 403));
});

test('the types of answers are those of the server\'s own description', async () => {
    const description = await (await fetch(`${server.url}/api/v1/openapi.json`, { headers: { Authorization: `Bearer ${fleet.viewer}` } })).json();
    assert.equal(compile({ 'answers.ts': samples(description) }), '');
    // A field that the types do not have, and one that the server does not send.
    const { properties } = description.components.schemas.Caller;
    properties.added = { type: 'string' };
    assert.match(compile({ 'answers.ts': samples(description) }), /added.* does not exist in type 'Caller'/);
    delete properties.added;
    delete properties.scopes;
    assert.match(compile({ 'answers.ts': samples(description) }), /'scopes' is missing in type/);
});

test('a stream gives a snapshot, then every change, and transitions in order', async () => {
    const t = follow(viewer);
    await until('the snapshot is complete', () => t.mirror.filled);
    assert.equal(t.mirror.docs.get('robot:state:hog').value.current_pose, 'ready');
    assert.equal(t.stream.phase, 'live');
    assert.deepEqual(t.mirror.freshness(t.stream), { live: true, staleMs: 0 });
    await client.write(keys.robotState('hog'), robot('executing'));
    for (let n = 0; n < 20; n++) {
        await client.publish(channels.systemEvents, { type: 'count', data: { n } });
    }
    await until('the change', () => t.mirror.docs.get('robot:state:hog').value.current_pose === 'executing');
    await until('the transitions', () => t.transitions().length >= 20);
    assert.deepEqual(t.transitions().map(({ data }) => data.n), [...Array(20).keys()]);
    t.stream.stop();
});

test('a filter leaves out what it does not name', async () => {
    const t = follow(viewer, { filter: { kinds: ['node_health'], channels: [channels.systemEvents] } });
    await until('the snapshot is complete', () => t.mirror.filled);
    assert.equal(t.mirror.docs.size, 0);
    t.stream.stop();
});

test('after the server was killed and started anew, nothing is missing', async () => {
    const other = await fleet.startServer(undefined, '--allow-set-state');
    const meanwhile = new StateClient({ url: other.url, token: fleet.admin });
    const t = follow();
    await until('the snapshot is complete', () => t.mirror.filled);
    await client.publish(channels.systemEvents, { type: 'before' });
    await until('the transition', () => t.transitions().length === 1);
    await server.kill();
    await until('the loss is noticed', () => t.stream.phase === 'lost', 3000);
    await meanwhile.publish(channels.systemEvents, { type: 'during' });
    await meanwhile.write(keys.robotState('hog'), robot('sleep'));
    await assert.rejects(client.status(), fails('unreachable', 0));
    server = await fleet.startServer(server.port, '--allow-set-state');
    await until('the stream is live again', () => t.stream.phase === 'live');
    await client.publish(channels.systemEvents, { type: 'after' });
    await until('all transitions', () => t.transitions().length >= 3);
    assert.deepEqual(t.transitions().map(({ type }) => type), ['before', 'during', 'after']);
    await until('the document of the meanwhile', () => t.mirror.docs.get('robot:state:hog').value.current_pose === 'sleep');
    assert.ok(!t.heard.some(([type]) => type === 'lost'));
    t.stream.stop();
    await other.kill();
});

test('a server that says nothing is taken for lost within three seconds, and asked in vain for no longer than said', async () => {
    const t = follow();
    await until('the snapshot is complete', () => t.mirror.filled);
    server.signal('SIGSTOP');
    const since = performance.now();
    try {
        await until('the silence is noticed', () => t.stream.phase === 'lost', 4000);
        assert.ok(performance.now() - since < 3000, `${performance.now() - since} ms`);
        const { live, staleMs } = t.mirror.freshness(t.stream);
        assert.ok(!live && staleMs >= 2000 && staleMs < 4000, `${staleMs}`);
        await assert.rejects(client.status({ timeoutMs: 300 }), fails('timeout', 0));
        const giveUp = AbortSignal.timeout(200);
        await assert.rejects(client.status({ signal: giveUp }), (e) => e === giveUp.reason);
        await assert.rejects(client.status({ signal: AbortSignal.abort('no') }), (e) => e === 'no');
    } finally {
        server.signal('SIGCONT');
    }
    await until('the stream is live again', () => t.mirror.freshness(t.stream).live);
    t.stream.stop();
});

test('that Redis is away is told, while the server is there', async () => {
    const t = follow();
    await until('all is live', () => t.mirror.freshness(t.stream).live);
    await fleet.redis.kill();
    await until('it is told', () => !t.mirror.freshness(t.stream).live, 5000);
    assert.equal(t.stream.phase, 'live');
    await sleep(500);
    assert.ok(t.mirror.freshness(t.stream).staleMs >= 500);
    assert.equal((await client.status()).status, 'down');
    await fleet.startRedis();
    await until('all is live again', () => t.mirror.freshness(t.stream).live);
    t.stream.stop();
});

test('a token that is not known is refused, and not tried again', async () => {
    for (const token of [null, `tat_${'A'.repeat(43)}`]) {
        const stranger = new StateClient({ url: server.url, token });
        await assert.rejects(stranger.status(), (e) => e.status === 401 && /token|unauthorized/.test(e.code));
        const t = follow(stranger);
        await until('it is locked', () => t.stream.phase === 'locked');
        assert.equal(t.stream.refusal.status, 401);
        await sleep(1500);
        assert.deepEqual(t.phases, ['locked']);
        t.stream.stop();
    }
});

test('no token is printed with what it belongs to', async () => {
    const { inspect } = await import('node:util');
    const t = follow();
    assert.ok(!inspect(client, { depth: 9, showHidden: true }).includes(fleet.admin));
    assert.ok(!inspect(t.stream, { depth: 9, showHidden: true }).includes(fleet.admin));
    assert.ok(!JSON.stringify([client, t.stream.url]).includes(fleet.admin));
    t.stream.stop();
});

test('something else at that address is not understood', async () => {
    await assert.rejects(new StateClient({ url: `${server.url}/elsewhere`, token: fleet.admin }).status(), (e) => e.status === 404);
    const page = new StateClient({ url: server.url, fetch: async () => new Response('<!doctype html>') });
    await assert.rejects(page.status(), fails('not_understood', 0));
});
