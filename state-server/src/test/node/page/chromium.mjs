// A real browser, what it complains of, and who could not read what it shows.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const AXE = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export function launch() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
}

/** Opens an address; `faults` gets whatever goes wrong on it. `before` may change the page before it is loaded. */
export async function open(browser, address, options = {}, before = async () => {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('dialog', (dialog) => {
        faults.push(dialog.message());
        void dialog.dismiss();
    });
    await before(page);
    await page.goto(address);
    return { page, context, faults };
}

/** What axe holds to be serious. Put in by the debugger, so the page's own policy stays as it is. */
export async function axe(page) {
    const debug = await page.context().newCDPSession(page);
    await debug.send('Runtime.evaluate', { expression: AXE });
    const { result } = await debug.send('Runtime.evaluate', {
        expression: `axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations
            .filter((one) => one.impact === 'serious' || one.impact === 'critical')
            .map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html).join(' '))))`,
        awaitPromise: true,
        returnByValue: true,
    });
    return JSON.parse(result.value);
}
