import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { act, launch, live, lockedUrl, note, open, says, shoot, stage, text, token, url } from './stage.mjs';

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const MARKUP = '<img src=x onerror=alert(1)>';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
    browser = await launch();
});
after(() => browser.close());

/** Faults that axe calls serious or critical. It is put in by the debugger, so the page's own policy stays as it is. */
async function axe(page) {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Runtime.evaluate', { expression: AXE });
    const { result } = await cdp.send('Runtime.evaluate', {
        expression: `axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations
            .filter((fault) => fault.impact === 'serious' || fault.impact === 'critical')
            .map((fault) => fault.id + ': ' + fault.nodes.slice(0, 5).map((node) => node.target + ' ' + node.failureSummary).join(' | '))))`,
        awaitPromise: true,
        returnByValue: true,
    });
    await cdp.detach();
    return JSON.parse(result.value);
}

test('with nothing to show, the page says so and what to do', async () => {
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await says(page, '#verdict', /Nothing here yet/);
    await says(page, '#progress .empty', /No stroke session yet.*demo/, 2000);
    await says(page, '#nodes .empty', /No node has reported/, 2000);
    await shoot(page, 'empty', false);
    assert.deepEqual(faults, []);
    await context.close();
});

test('a session of the demonstration is followed to its end', async () => {
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await act('/demo');
    await says(page, '#progress .pill', /Executing/, 30_000);
    await says(page, '#verdict', /Drawing stroke/);
    await says(page, '#progress .pill', /Paused/);
    await says(page, '#progress .pill', /Completed/, 30_000);
    await says(page, '#progress .number', /^2$/, 2000);
    await says(page, '#progress .figures', /90 of 90/, 2000);
    await says(page, '#events .log', /Session ended.*Session resumed.*Session paused.*Session started/);
    await says(page, '#joints .pill', /sleep/);
    assert.equal(await page.locator('#nodes .tile').count(), 3);
    await says(page, '#nodes', /\d of 3 online/, 2000);
    // A field of the schema is shown with its title, whoever made this page.
    await page.locator('#progress details summary').click();
    await says(page, '#progress .fields', /Poses a stroke.*stroke_length/);
    assert.deepEqual(faults, []);
    await context.close();
});

test('one can look back, by keys alone, and return', async () => {
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await says(page, '#timeline', /Drawn since/);
    // From the beginning of the page, as one without a pointer would.
    const path = [];
    for (let i = 0; i < 12; i++) {
        await page.keyboard.press('Tab');
        path.push(await page.evaluate(() => document.activeElement?.className || document.activeElement?.tagName));
        if (await page.evaluate(() => document.activeElement?.matches('#timeline input[type=range]'))) {
            break;
        }
    }
    assert.equal(path[0], 'skip');
    assert.ok(await page.evaluate(() => document.activeElement?.matches('#timeline input[type=range]')), path.join(' '));
    const now = await text(page, '#progress .number');
    await page.keyboard.press('Home');
    await says(page, '#look-back', /Looking back to/);
    await page.waitForFunction((now) => document.querySelector('#progress .number')?.textContent !== now, now);
    await page.locator('#timeline input[aria-valuetext*="stroke 1,"]').waitFor();
    await page.keyboard.press('PageUp');
    await shoot(page, 'looking-back');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('#look-back')?.hasAttribute('hidden'));
    await says(page, '#progress .number', new RegExp(now));
    // By pointer as well.
    const box = await page.locator('#timeline .u-over').boundingBox();
    await page.mouse.click(box.x + box.width * 0.3, box.y + box.height / 2);
    await says(page, '#look-back', /Looking back to/);
    await page.getByRole('button', { name: 'Back to live' }).first().click();
    // An event is opened, and the light is changed, by keys.
    await page.locator('#events summary').first().focus();
    await page.keyboard.press('Enter');
    await says(page, '#events pre', /"channel"/);
    await page.getByRole('button', { name: /theme/ }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    assert.deepEqual(faults, []);
    await context.close();
});

test('markup in a scene and in an event is shown as text', async () => {
    await act('/fleet/markup');
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await says(page, '#progress .scene', /<img src=x onerror=alert\(1\)>/);
    const response = await fetch(`${url}/api/v1/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
            channel: 'system:events',
            type: 'markup',
            data: { html: `<script>alert(2)</script><b onmouseover="alert(3)">${MARKUP}</b>`, deep: [{ [MARKUP]: MARKUP }] },
        }),
    });
    assert.equal(response.status, 200, await response.text());
    await says(page, '#events .log', /<script>alert\(2\)/);
    await page.locator('#events summary').first().click();
    await says(page, '#events pre', /onerror=alert/);
    await page.locator('#progress details summary').click();
    assert.equal(await page.locator('img, b, script:not([type=module])').count(), 0);
    assert.deepEqual(faults, []);
    await act('/fleet/stop');
    await says(page, '#progress .pill', /Completed/);
    await context.close();
});

test('events are filtered, held, and let go', async () => {
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await says(page, '#events .log', /markup/);
    await page.getByLabel('Sessions').uncheck({ force: true });
    await page.waitForFunction(() => /of/.test(document.querySelector('#events .note')?.textContent ?? ''));
    assert.equal(await page.locator('#events li[data-kind=session]:visible').count(), 0);
    await page.getByRole('searchbox').fill('ALERT(3)');
    await page.waitForFunction(() => /^1 of/.test(document.querySelector('#events .note')?.textContent ?? ''));
    await page.getByRole('searchbox').fill('there is no such event');
    await says(page, '#events', /No event fits the filter/);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Pause' }).click();
    const publish = { channel: 'system:events', type: 'while_paused', data: {} };
    await fetch(`${url}/api/v1/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(publish),
    });
    await says(page, '#events .note', /paused, 1 new/);
    assert.doesNotMatch(await text(page, '#events .log'), /while_paused/);
    await page.getByRole('button', { name: 'Go on' }).click();
    await says(page, '#events .log', /while_paused/);
    assert.deepEqual(faults, []);
    await context.close();
});

test('a thousand updates a second are shown smoothly', async () => {
    await act('/fleet/busy');
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await says(page, '#progress .pill', /Executing/);
    await page.waitForTimeout(1500);
    const cdp = await context.newCDPSession(page);
    // The processor's time, not the clock's: what it costs is the page's doing, how long it takes that of the whole machine.
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const metrics = async () =>
        Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
    const first = Number(await act('/fleet/offered'));
    const before = await metrics();
    const deltas = await page.evaluate(
        () =>
            new Promise((resolve) => {
                const found = [];
                const begin = performance.now();
                let last = begin;
                const next = (now) => {
                    found.push(now - last);
                    last = now;
                    if (now - begin < 4000) {
                        requestAnimationFrame(next);
                    } else {
                        resolve(found.slice(1).sort((a, b) => a - b));
                    }
                };
                requestAnimationFrame(next);
            }),
    );
    const after = await metrics();
    const all = deltas.reduce((a, b) => a + b);
    const cost = (name) => (1000 * (after[name] - before[name])) / deltas.length;
    const costs = ['TaskDuration', 'ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'].map(cost);
    note({
        'updates a second': Math.round((Number(await act('/fleet/offered')) - first) / (all / 1000)),
        'frames a second': (deltas.length / (all / 1000)).toFixed(1),
        'frame p50, p95, max in ms': [0.5, 0.95, 1].map((p) => Math.round(deltas[Math.ceil(p * deltas.length) - 1])),
        'processor time of a frame in ms: all, script, layout, style': costs.map((ms) => ms.toFixed(2)),
        'heap in MB': (after.JSHeapUsedSize / 1e6).toFixed(1),
    });
    // Sixty frames a second leave 16.7 ms for each.
    const own = costs[1] + costs[2] + costs[3];
    assert.ok(own < 8, `${own} ms a frame, painting not counted`);
    assert.deepEqual(faults, []);
    await act('/fleet/stop');
    await context.close();
});

test('light, dark and narrow, and no serious fault for those who cannot see it', async () => {
    await act('/fleet/start');
    for (const [name, options] of Object.entries({
        light: { colorScheme: 'light' },
        dark: { colorScheme: 'dark' },
        phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    })) {
        const { page, context, faults } = await open(browser, url, options);
        await live(page);
        await says(page, '#joints', /connected/);
        await says(page, '#timeline', /Drawn since/);
        if (name !== 'phone') {
            await page.locator('#progress details summary').click();
            assert.deepEqual(await axe(page), [], name);
            await page.locator('#progress details summary').click();
        } else {
            const wide = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(wide <= 390, `${wide} pixels wide`);
        }
        await shoot(page, name);
        assert.deepEqual(faults, []);
        await context.close();
    }
});

test('a panel alone is shown in another page\'s frame, and the whole page is not', async () => {
    const { page, context, faults } = await open(browser, `${stage}/frame`);
    const frame = page.frameLocator('iframe');
    await frame.locator('#progress .pill', { hasText: 'Executing' }).waitFor();
    await frame.locator('#connection .hop[data-state=live]').first().waitFor();
    assert.equal(await frame.locator('.panel').count(), 1);
    await shoot(page, 'embed');
    assert.deepEqual(faults, []);
    for (const panel of ['timeline', 'joints', 'nodes', 'events']) {
        await page.goto(`${url}/embed/${panel}?theme=dark`);
        await live(page);
        await page.locator(`#${panel} .body`).waitFor();
        await page.waitForFunction(() => document.querySelector('.empty:not([hidden])') === null);
    }
    await context.close();
});

test('Redis lost: said within three seconds; back: right again within two, without a reload', async () => {
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await act('/redis/kill');
    const killed = Date.now();
    await says(page, '#connection .hop', /stale since \d+ s/, 3000);
    const noticed = Date.now() - killed;
    await page.waitForFunction(() => /Down|Degraded/.test(document.querySelector('#verdict h1')?.textContent ?? ''), undefined, { timeout: 3000 });
    assert.match(await text(page, '#connection .hop:nth-of-type(4)'), /live/);
    // Drawn with the next frame, which a busy machine draws later.
    await says(page, '#progress .age', /as of .* ago/, 1000);
    await says(page, '#connection .hop', /stale since [23] s/, 5000);
    await shoot(page, 'redis-lost', false);
    await act('/redis/start');
    const returned = Date.now();
    await live(page, 2000);
    // Other tests' nodes may be missed; but not Redis.
    await page.waitForFunction(() => /^(ok|degraded)$/.test(document.querySelector('#verdict')?.dataset.level ?? ''), undefined, { timeout: 2000, polling: 20 });
    note({ 'Redis lost, noticed after ms': noticed, 'right again after ms': Date.now() - returned });
    await says(page, '#progress .pill', /Executing/, 2000);
    await moves(page);
    assert.ok(await page.evaluate(() => 'notReloaded' in window));
    assert.deepEqual(faults, []);
    await context.close();
});

/** Waits until the robot is seen to go on. */
async function moves(page) {
    const pose = await text(page, '#progress .figures dd');
    await page.waitForFunction((old) => document.querySelector('#progress .figures dd')?.textContent !== old, pose, { timeout: 2000 });
}

test('server killed: said within three seconds; back: right again within two, without a reload', async () => {
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await says(page, '#progress .pill', /Executing/);
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await act('/server/kill');
    const killed = Date.now();
    await says(page, '#connection .hop:nth-of-type(4)', /stale since/, 3000);
    const noticed = Date.now() - killed;
    await says(page, '#connection .hop:nth-of-type(2)', /not known/, 1000);
    await says(page, '#verdict', /Not known/, 1000);
    await says(page, '#connection .hop:nth-of-type(4)', /stale since [23] s/, 5000);
    await shoot(page, 'server-lost', false);
    await act('/server/start');
    const returned = Date.now();
    await live(page, 2000);
    await page.waitForFunction(() => document.querySelector('#verdict')?.dataset.level !== 'unknown', undefined, { timeout: 2000, polling: 20 });
    const right = Date.now() - returned;
    await moves(page);
    note({ 'server killed, noticed after ms': noticed, 'right again after ms': right });
    assert.ok(await page.evaluate(() => 'notReloaded' in window));
    assert.deepEqual(faults, []);
    await context.close();
});

test('server frozen: said within three seconds, right again within two', async () => {
    const { page, context, faults } = await open(browser, url);
    await live(page);
    await act('/server/freeze');
    const frozen = Date.now();
    await says(page, '#connection .hop:nth-of-type(4)', /stale since/, 3000);
    const noticed = Date.now() - frozen;
    await act('/server/thaw');
    const returned = Date.now();
    await live(page, 2000);
    note({ 'server frozen, noticed after ms': noticed, 'right again after ms': Date.now() - returned });
    assert.deepEqual(faults, []);
    await context.close();
});

test('a server with tokens asks for one, and shows nothing before', async () => {
    const { page, context, faults } = await open(browser, lockedUrl);
    await page.getByRole('dialog', { name: 'Log in' }).waitFor();
    assert.deepEqual(await axe(page), []);
    await shoot(page, 'login', false);
    await page.getByLabel('Token').fill(`tat_${'x'.repeat(43)}`);
    await page.keyboard.press('Enter');
    await says(page, '#login', /does not know this token/);
    await page.getByLabel('Token').fill(token);
    await page.keyboard.press('Enter');
    await live(page);
    await says(page, '#account', /viewer: read/);
    await page.reload();
    await live(page);
    assert.equal(await page.evaluate(() => document.cookie), '', 'the cookie is not for scripts');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('dialog', { name: 'Log in' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
});
