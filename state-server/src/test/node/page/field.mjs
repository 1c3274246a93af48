// One field of the stroke in hand, on the live page in a real browser: node field.mjs URL TITLE VALUE MEANING
import assert from 'node:assert/strict';
import { launch, open } from './chromium.mjs';

const [url, title, value, meaning] = process.argv.slice(2);
const browser = await launch();
try {
    const { page, faults } = await open(browser, url);
    await page.locator('details.fields summary').first().click();
    const field = page.locator('details.fields dl > div', { hasText: title }).first();
    await field.getByText(value).waitFor();
    console.log((await field.innerText()).replace(/\s+/g, ' '));
    assert.ok((await field.innerText()).includes(meaning), 'its meaning is missing');
    assert.deepEqual(faults, []);
} finally {
    await browser.close();
}
