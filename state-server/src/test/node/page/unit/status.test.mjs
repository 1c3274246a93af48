import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './page.mjs';

const { StatusKeeper } = await load('status.js');

function setUp() {
    const t = { now: 1000, requests: [] };
    t.keeper = new StatusKeeper(() => new Promise((answer, fail) => t.requests.push({ answer, fail })), () => t.now);
    return t;
}

test('a request that fails leaves the last status, which grows old', async () => {
    const t = setUp();
    assert.deepEqual([t.keeper.last, t.keeper.ageMs], [null, null]);
    const first = t.keeper.refresh();
    t.now += 300;
    t.requests[0].answer({ status: 'degraded' });
    assert.equal((await first).status, 'degraded');
    assert.equal(t.keeper.ageMs, 300);
    t.now += 10_000;
    const second = t.keeper.refresh();
    t.requests[1].fail(new Error('429'));
    assert.equal(await second, null);
    assert.deepEqual([t.keeper.last.status, t.keeper.ageMs], ['degraded', 10_300]);
});

test('an answer that is overtaken by that of a later request is not taken', async () => {
    const t = setUp();
    const [first, second, third] = [t.keeper.refresh(), t.keeper.refresh(), t.keeper.refresh()];
    t.requests[1].answer({ status: 'down' });
    assert.equal((await second).status, 'down');
    t.requests[0].answer({ status: 'ok' });
    assert.equal(await first, null);
    assert.equal(t.keeper.last.status, 'down');
    t.requests[2].answer({ status: 'degraded' });
    await third;
    assert.equal(t.keeper.last.status, 'degraded');
});

test('a later request that failed does not stand in the way of an earlier answer', async () => {
    const t = setUp();
    const [first, second] = [t.keeper.refresh(), t.keeper.refresh()];
    t.requests[1].fail(new Error('time-out'));
    await second;
    t.requests[0].answer({ status: 'ok' });
    assert.equal((await first).status, 'ok');
});
