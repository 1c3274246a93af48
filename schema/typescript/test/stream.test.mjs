import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { load } from './client.mjs';

const { EventStream, backoff, SILENCE_MS } = await load('stream.js');

/** A server whose every connection the test holds in its hand, and a clock that it turns. */
function setUp({ answer } = {}) {
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    const connections = [];
    const heard = [];
    const phases = [];
    const stream = new EventStream({
        url: '/events',
        now: () => now,
        random: () => 1,
        fetch: async (url, init) => {
            const connection = { headers: init.headers, aborted: false };
            connections.push(connection);
            init.signal.addEventListener('abort', () => {
                connection.aborted = true;
                connection.controller?.error(new Error('aborted'));
                connection.refuse?.(new Error('aborted'));
            });
            const status = answer?.(connections.length) ?? 200;
            if (status === 'refused') {
                throw new Error('refused');
            }
            if (status === 'stuck') {
                return new Promise((_, reject) => {
                    connection.refuse = reject;
                });
            }
            const body = new ReadableStream({ start: (controller) => (connection.controller = controller) });
            return new Response(status === 200 ? body : JSON.stringify({ code: 'refused' }), { status });
        },
        onEvent: (type, data) => heard.push([type, data]),
        onPhase: () => phases.push(stream.phase),
    });
    const settle = async () => {
        for (let i = 0; i < 20; i++) {
            await Promise.resolve();
            await new Promise((resolve) => setImmediate(resolve));
        }
    };
    return {
        stream,
        connections,
        heard,
        phases,
        settle,
        send: async (text) => {
            connections.at(-1).controller.enqueue(new TextEncoder().encode(text));
            await settle();
        },
        pass: async (ms) => {
            for (let gone = 0; gone < ms; gone += 50) {
                now += 50;
                mock.timers.tick(50);
                await settle();
            }
        },
    };
}

const event = (type, data, id) => `${id ? `id: ${id}\n` : ''}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

test('what comes is told, and the connection is live', async () => {
    const t = setUp();
    t.stream.start();
    await t.settle();
    await t.send(event('hello', { resumed: false }) + 'event: x\ndata: not json\n\n' + event('change', { key: 'k' }));
    assert.deepEqual(t.heard, [
        ['hello', { resumed: false }],
        ['change', { key: 'k' }],
    ]);
    assert.equal(t.stream.phase, 'live');
    t.stream.stop();
});

test('silence is noticed after two and a half seconds, heartbeats being heard', async () => {
    const t = setUp();
    t.stream.start();
    await t.settle();
    await t.send(': beat\n\n');
    for (let i = 0; i < 5; i++) {
        await t.pass(1000);
        await t.send(': beat\n\n');
        assert.equal(t.stream.phase, 'live');
    }
    await t.pass(SILENCE_MS - 50);
    assert.equal(t.stream.phase, 'live');
    await t.pass(100);
    assert.equal(t.stream.phase, 'lost');
    assert.ok(t.connections[0].aborted);
    t.stream.stop();
});

test('a connection that ends is made anew, from where it was', async () => {
    const t = setUp();
    t.stream.start();
    await t.settle();
    await t.send(event('hello', { resumed: false }) + event('change', {}, '5') + event('ready', {}) + event('change', {}, '9'));
    t.connections[0].controller.close();
    await t.settle();
    assert.equal(t.stream.phase, 'lost');
    await t.pass(1000);
    assert.equal(t.connections.length, 2);
    assert.equal(t.connections[1].headers['Last-Event-ID'], '9');
    await t.send(event('hello', { resumed: true }));
    assert.equal(t.stream.phase, 'live');
    t.stream.stop();
});

test('a snapshot that was cut off is asked for from the beginning', async () => {
    const t = setUp();
    t.stream.start();
    await t.settle();
    await t.send(event('hello', { resumed: false }) + event('change', {}, '5'));
    t.connections[0].controller.close();
    await t.pass(1000);
    assert.equal(t.connections.length, 2);
    assert.equal(t.connections[1].headers['Last-Event-ID'], undefined);
    t.stream.stop();
});

test('a server that is away is tried again and again, at most a second apart', async () => {
    const t = setUp({ answer: (n) => (n < 30 ? 'refused' : 200) });
    t.stream.start();
    await t.pass(20_000);
    assert.ok(t.connections.length >= 20, `${t.connections.length} attempts`);
    assert.equal(t.stream.phase, 'connecting');
    t.stream.stop();
});

test('an attempt that is not answered is given up', async () => {
    const t = setUp({ answer: () => 'stuck' });
    t.stream.start();
    await t.pass(5000);
    assert.ok(t.connections.length >= 2);
    assert.ok(t.connections[0].aborted);
    t.stream.stop();
});

test('without a token it waits for one, and does not knock on', async () => {
    const t = setUp({ answer: (n) => (n === 1 ? 401 : 200) });
    t.stream.start();
    await t.pass(5000);
    assert.equal(t.stream.phase, 'locked');
    assert.equal(t.connections.length, 1);
    t.stream.start();
    await t.settle();
    await t.send(': beat\n\n');
    assert.equal(t.stream.phase, 'live');
    t.stream.stop();
});

test('an error of the server is an outage like any other', async () => {
    const t = setUp({ answer: (n) => (n < 3 ? 503 : 200) });
    t.stream.start();
    await t.pass(2000);
    assert.equal(t.connections.length, 3);
    t.stream.stop();
});

test('the network being back is worth an attempt at once', async () => {
    const t = setUp({ answer: () => 'refused' });
    t.stream.start();
    await t.pass(5000);
    const before = t.connections.length;
    t.stream.nudge();
    await t.settle();
    assert.equal(t.connections.length, before + 1);
    t.stream.stop();
});

test('the backoff grows to a second and no further, and is never nothing', () => {
    for (let attempt = 1; attempt < 100; attempt++) {
        assert.ok(backoff(attempt, 1) <= 1000);
        assert.ok(backoff(attempt, 0) >= 25);
    }
    assert.equal(backoff(1, 1), 100);
    assert.equal(backoff(99, 1), 1000);
});

test('a stream goes on from its ready, and not from within a snapshot in its middle', async () => {
    const t = setUp();
    t.stream.start();
    await t.settle();
    await t.send(event('hello', { resumed: false }) + event('change', {}) + event('ready', {}, '7'));
    t.connections[0].controller.close();
    await t.pass(1000);
    assert.equal(t.connections[1].headers['Last-Event-ID'], '7');
    await t.send(event('hello', { resumed: true }) + event('hello', { resumed: false }) + event('change', {}));
    t.connections[1].controller.close();
    await t.pass(1000);
    assert.equal(t.connections[2].headers['Last-Event-ID'], undefined);
    await t.send(event('hello', { resumed: false }) + event('ready', {}, '20'));
    t.connections[2].controller.close();
    await t.pass(1000);
    assert.equal(t.connections[3].headers['Last-Event-ID'], '20');
    t.stream.stop();
});

test('a server that is not ready yet is asked twice a second at least', async () => {
    const t = setUp({ answer: () => 503 });
    t.stream.start();
    await t.pass(5000);
    const before = t.connections.length;
    await t.pass(5000);
    assert.ok(t.connections.length >= before + 9, `${t.connections.length - before} in 5 s`);
    t.stream.stop();
});

test('a goodbye because the token is no longer good asks for another', async () => {
    const t = setUp();
    t.stream.start();
    await t.settle();
    await t.send(event('hello', { resumed: false }) + event('ready', {}, '7') + event('goodbye', { reason: 'not_allowed' }));
    assert.deepEqual(t.heard.at(-1), ['goodbye', { reason: 'not_allowed' }]);
    await t.pass(5000);
    assert.equal(t.stream.phase, 'locked');
    assert.equal(t.connections.length, 1);
    assert.deepEqual(t.phases, ['live', 'locked']);
    t.stream.stop();
});
