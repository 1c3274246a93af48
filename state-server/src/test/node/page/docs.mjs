// The documentation in a real browser: node docs.mjs URL. Every page is shown without a fault, and nothing of it is out of sight on a phone;
// some of them are readable for everyone, in dark and light.
import assert from 'node:assert/strict';
import { axe, launch, open } from './chromium.mjs';

const url = process.argv[2];
const browser = await launch();

async function pages() {
    const { page, context } = await open(browser, `${url}/docs`);
    assert.match(page.url(), /\/docs\/index[.]html$/);
    const links = await page.locator('nav.contents a').evaluateAll((all) => all.map((one) => one.href));
    await context.close();
    return [...new Set(links)];
}

try {
    const all = await pages();
    assert.ok(all.length > 40, `${all.length} pages`);
    const { page, context, faults } = await open(browser, all[0], { viewport: { width: 390, height: 844 } });
    for (const address of all) {
        await page.goto(address);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${address} is too wide`);
        assert.ok(await page.locator('main h1').innerText(), address);
        assert.equal(await page.locator('nav [aria-current]').count(), 1, address);
        const broken = await page
            .locator('main img')
            .evaluateAll((images) => images.filter((one) => one.naturalWidth === 0).map((one) => one.src));
        assert.deepEqual(broken, [], address);
    }
    assert.deepEqual(faults, []);
    await context.close();

    for (const colorScheme of ['light', 'dark']) {
        for (const viewport of [{ width: 1400, height: 900 }, { width: 390, height: 844 }]) {
            for (const path of ['index', 'reference/models', 'concepts/leases', 'quickstart/hog']) {
                const shown = await open(browser, `${url}/docs/${path}.html`, { colorScheme, viewport });
                assert.deepEqual(await axe(shown.page), [], `${path} ${colorScheme} ${viewport.width}`);
                assert.deepEqual(shown.faults, [], path);
                await shown.context.close();
            }
        }
    }

    const { page: models, context: last } = await open(browser, `${url}/docs/reference/models.html`);
    await models.getByRole('link', { name: 'Viewer' }).first().click();
    assert.match(models.url(), /\/docs\/guides\/viewer[.]html$/);
    await last.close();
} finally {
    await browser.close();
}
console.log('the documentation is as it should be');
