import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './page.mjs';

const { contact } = await load('contact.js');
const { verdict } = await load('verdict.js');
const { EventLog, MOST_EVENTS } = await load('event-log.js');
const { current, startOf, stateOf, strokeText, work } = await load('sessions.js');
const format = await load('format.js');

const NOW = Date.parse('2026-11-25T12:00:00Z');
const LIVE = { condition: 'live', now: '' };
const seen = (over) => contact({ phase: 'live', silentMs: 100, redis: LIVE, redisHeardMs: 0, now: NOW, ...over });

test('both hops are told apart', () => {
    assert.equal(seen({}).live, true);
    const redisLost = seen({ redis: { condition: 'reconnecting', stale_ms: 11_400, now: '' }, redisHeardMs: 900 });
    assert.deepEqual([redisLost.page.text, redisLost.redis.text], ['live', 'stale since 12 s, reconnecting']);
    assert.equal(redisLost.asOf, NOW - 12_300);
    const serverLost = seen({ phase: 'lost', silentMs: 3100 });
    assert.deepEqual([serverLost.page.text, serverLost.redis.text], ['stale since 3 s, reconnecting', 'not known from here']);
    assert.equal(serverLost.live, false);
    assert.equal(seen({ phase: 'connecting', silentMs: null, redis: null }).page.state, 'waiting');
});

test('staleness goes on while the server is lost too', () => {
    const both = seen({ phase: 'lost', silentMs: 60_000, redis: { condition: 'stale', stale_ms: 5000, now: '' }, redisHeardMs: 60_000 });
    assert.equal(both.staleMs, 65_000);
});

test('without a number, staleness is told from the time of the last proof', () => {
    const redis = { condition: 'stale', as_of: '2026-11-25T11:59:50Z', now: '' };
    assert.equal(seen({ redis }).staleMs, 10_000);
});

const judge = (over) =>
    verdict({ contact: seen({}), status: { status: 'ok' }, statusAgeMs: 0, redis: LIVE, nodes: [], robot: true, activity: null, ...over });

test('the verdict says what the server says, unless this page knows better', () => {
    assert.equal(judge({ nodes: [{ id: 'a', condition: 'online' }] }).title, 'All right');
    const alerts = [
        { code: 'A', severity: 'warning', message: 'ook is silent' },
        { code: 'B', severity: 'error', message: 'session stroke_1 was interrupted' },
    ];
    const degraded = judge({ status: { status: 'degraded', alerts } });
    assert.deepEqual([degraded.level, degraded.reasons], ['degraded', ['session stroke_1 was interrupted.', 'ook is silent.']]);
    const down = judge({ redis: { condition: 'reconnecting', reason: 'connection refused', now: '' } });
    assert.deepEqual([down.level, down.reasons], ['down', ['The server has lost Redis: connection refused.']]);
    assert.equal(judge({ redis: { condition: 'stale', now: '' } }).level, 'down');
    assert.equal(judge({ contact: seen({ phase: 'lost' }) }).level, 'unknown');
    assert.equal(judge({ contact: seen({ phase: 'locked' }) }).title, 'Not logged in');
});

test('the same of several nodes is one reason', () => {
    const alerts = ['ook', 'eek', 'oop'].map((subject) => ({
        code: 'node_offline',
        severity: 'warning',
        message: `${subject} is offline`,
        subject,
    }));
    assert.deepEqual(judge({ status: { status: 'degraded', alerts } }).reasons, ['3 nodes are offline: ook, eek, oop.']);
    assert.deepEqual(judge({ status: { status: 'degraded', alerts: alerts.slice(1, 2) } }).reasons, ['eek is offline.']);
});

test('nothing wrong with nothing is not called all right', () => {
    assert.equal(judge({ robot: false }).level, 'idle');
});

test('without the server\'s judgement, nodes that are away are a reason', () => {
    const nodes = [
        { id: 'a', condition: 'online' },
        { id: 'b', condition: 'offline' },
    ];
    assert.deepEqual(judge({ status: null, statusAgeMs: null, nodes }).reasons.slice(1), ['Out of reach: b.']);
});

test('without the server\'s judgement, or with an old one, nothing is called all right', () => {
    const nodes = [{ id: 'a', condition: 'online' }];
    const never = judge({ status: null, statusAgeMs: null, nodes });
    assert.deepEqual([never.level, never.title], ['unjudged', 'Not known yet']);
    assert.equal(judge({ status: null, statusAgeMs: null, robot: false }).level, 'unjudged');
    assert.equal(judge({ statusAgeMs: 30_000, nodes }).level, 'ok');
    const old = judge({ statusAgeMs: 30_001, nodes });
    assert.deepEqual([old.level, old.title], ['unjudged', 'No longer known']);
    const alerts = [{ code: 'A', severity: 'error', message: 'x' }];
    assert.equal(judge({ status: { status: 'degraded', alerts }, statusAgeMs: 29_000 }).level, 'degraded');
});

test('a goodbye is told with its reason', () => {
    const log = new EventLog();
    ['shutdown', 'not_allowed', 'newer_stream', undefined].forEach((reason) => log.goodbye(reason, NOW));
    assert.deepEqual(
        log.entries.map((entry) => entry.summary),
        ['It is shutting down.', 'The token is no longer good: it was revoked, or has expired.', 'Its reason: newer_stream.', 'It is shutting down.'],
    );
});

test('of sessions the running one is shown, else the last', () => {
    const doc = (id, updatedAt, is_executing) => ({ id, updatedAt, value: { is_executing } });
    assert.equal(current([doc('a', 5, false), doc('b', 3, true), doc('c', 4, true), doc('d', 9, false)]).id, 'c');
    assert.equal(current([doc('a', 5, false), doc('d', 9, false)]).id, 'd');
    assert.equal(current([]), null);
});

test('the state of a session is told from what it says and what was said of it', () => {
    assert.equal(stateOf(null, undefined), 'none');
    assert.equal(stateOf({ is_executing: true, is_paused: true }, undefined), 'paused');
    assert.equal(stateOf({ is_executing: true }, 'completed'), 'executing');
    assert.equal(stateOf({}, 'interrupted'), 'interrupted');
    assert.equal(stateOf({}, ''), 'ended');
});

test('work is counted in poses, or in strokes, or not at all', () => {
    assert.deepEqual(work({ stroke_idx: 2, pose_idx: 59, total_strokes: 3, stroke_length: 108 }), { done: 276, all: 324 });
    assert.deepEqual(work({ stroke_idx: 2, total_strokes: 3 }), { done: 2, all: 3 });
    assert.equal(work({ stroke_idx: 2 }), null);
    assert.equal(strokeText({ stroke_idx: 2, total_strokes: 3 }), '3 of 3');
    assert.equal(strokeText({ stroke_idx: 2 }), '3');
    assert.equal(startOf('stroke_demo-hog_1795394625_1ucv19ftrzs8'), 1795394625000);
    assert.equal(startOf('stroke_hog_1795394625'), 1795394625000);
    assert.equal(startOf('other'), null);
});

test('events become lines, and markup in them stays text', () => {
    const log = new EventLog();
    log.transition({
        channel: 'stroke:events:session',
        event: { type: 'session_end', session_id: 's', reason: 'interrupted', stroke_idx: 4, pose_idx: 9, event_id: '1-1' },
    });
    log.transition({ channel: 'error:events:camera', event: { type: 'error', category: 'camera', message: '<b>x</b>', event_id: '1-2' } });
    log.transition({ channel: 'system:events', event: { type: 'offline', data: { ink: 1 }, event_id: '1-3' } });
    log.lost({ count: 3, exact: false, reason: 'the log has moved on' }, NOW);
    assert.deepEqual(
        log.entries.map((e) => [e.kind, e.severity, e.title, e.summary]),
        [
            ['session', 'error', 'Session ended', 'interrupted at stroke 5, pose 10'],
            ['error', 'error', 'Error', 'camera: <b>x</b>'],
            ['system', 'info', 'offline', '{"ink":1}'],
            ['page', 'error', 'Events lost', 'at least 3 events were lost: the log has moved on'],
        ],
    );
});

test('an event that comes twice is shown once, and not more are kept than fit', () => {
    const log = new EventLog();
    for (let i = 0; i < 3 * MOST_EVENTS; i++) {
        log.transition({ channel: 'node:events:a', event: { type: 'online', event_id: `${i}-0` } });
        log.transition({ channel: 'node:events:a', event: { type: 'online', event_id: `${i}-0` } });
    }
    assert.equal(log.count, 3 * MOST_EVENTS);
    assert.equal(log.entries.length, MOST_EVENTS);
    assert.equal(log.ids.size, MOST_EVENTS);
});

test('numbers and times are written for people', () => {
    assert.deepEqual([500, 59_999, 65_000, 7_260_000, 3 * 86_400_000].map(format.duration), [
        '0 s',
        '59 s',
        '1 min 05 s',
        '2 h 01 min',
        '3 d',
    ]);
    assert.deepEqual([7000, 65_000, 3_605_000].map(format.stopwatch), ['0:07', '1:05', '1:00:05']);
    assert.equal(format.about({ low: 100_000, high: 110_000 }), 'about 2 min');
    assert.equal(format.about({ low: 120_000, high: 250_000 }), '2 to 4 min');
    assert.equal(format.about({ low: 50_000, high: 250_000 }), '50 s to 4 min');
    assert.equal(format.signed(-0.534, 2), '\u22120.53');
    assert.equal(format.signed(-0.0001, 2), '\u20070.00');
    assert.equal(format.percent(null), '–');
});
