// The reference page in a real browser: node reference.mjs URL. Shown whole, by keys, without a fault, in dark and light, also when
// it holds markup.
import assert from 'node:assert/strict';
import { axe, launch, open as openPage } from './chromium.mjs';

const url = process.argv[2];
const browser = await launch();

async function open(options, change) {
    const opened = await openPage(browser, `${url}/api#getState`, options, async (page) => {
        if (change !== undefined) {
            await page.route('**/openapi.json', async (route) => {
                const api = await (await route.fetch()).json();
                change(api);
                await route.fulfill({ json: api });
            });
        }
    });
    await opened.page.waitForSelector('#schema-RobotState');
    return opened;
}

try {
    for (const colorScheme of ['light', 'dark']) {
        for (const viewport of [{ width: 1280, height: 900 }, { width: 390, height: 844 }]) {
            const name = `${colorScheme} ${viewport.width}`;
            const { page, context, faults } = await open({ colorScheme, viewport });
            const api = await (await fetch(`${url}/api/v1/openapi.json`)).json();
            const operations = Object.values(api.paths).flatMap(Object.values);
            const cards = await page.locator('main .card').count();
            assert.equal(cards, operations.length + Object.keys(api.components.schemas).length, name);
            for (const { operationId } of operations) {
                assert.match(await page.locator(`#${operationId} pre`).innerText(), /^curl /, operationId);
            }
            assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, name);
            assert.deepEqual(await axe(page), [], name);
            assert.deepEqual(faults, [], name);
            await context.close();
        }
    }

    const { page, context, faults } = await open({}, () => {});
    assert.equal(await page.locator('nav a[aria-current]').innerText(), 'What is stored under a key');
    assert.ok(await page.evaluate(() => document.getElementById('getState').getBoundingClientRect().top < innerHeight));
    assert.match(await page.locator('#schema-RobotState').innerText(), /joints_l[^]*unit rad/);
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip/);
    const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.locator('#theme').press('Enter');
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), before);
    assert.deepEqual(faults, []);
    await context.close();

    const markup = '<img src=x onerror=alert(1)>';
    const hostile = await open({}, (api) => {
        api.info.title = markup;
        api.components.schemas.RobotState.description = markup;
        api.paths['/api/v1/status'].get.summary = markup;
    });
    assert.equal(await hostile.page.locator('img').count(), 0);
    assert.equal(await hostile.page.locator('h1').innerText(), markup);
    assert.deepEqual(hostile.faults, []);
    await hostile.context.close();
} finally {
    await browser.close();
}
console.log('the reference page is as it should be');
