import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** What the tests of the whole page share: a browser, the stage that Java set, and how one waits. */

export const url = process.env.PAGE_URL;
export const lockedUrl = process.env.PAGE_LOCKED_URL;
export const token = process.env.PAGE_TOKEN;
export const stage = process.env.PAGE_STAGE;
const folder = process.env.PAGE_SCREENSHOTS;
mkdirSync(folder, { recursive: true });

/** Has something done behind the scene. */
export async function act(trick) {
    const response = await fetch(stage + trick, { method: 'POST' });
    assert.equal(response.status, 200, trick);
    return response.text();
}

export function launch() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
        ],
    });
}

/**
 * A page that notes whatever goes wrong in it.
 *
 * @param {import('playwright-core').Browser} browser
 */
export async function open(browser, address, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'no-preference', ...options });
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(`error: ${error.stack}`));
    page.on('dialog', (dialog) => {
        faults.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
    page.on('console', (message) => {
        // That a request found no server is what some of the tests are about.
        if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
            faults.push(`console: ${message.text()}`);
        }
    });
    await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
            console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
        });
    });
    await page.goto(address);
    return { page, context, faults };
}

/** Waits until both hops are live and the data are not marked as old. */
export function live(page, timeout = 10_000) {
    return page.waitForFunction(
        () =>
            [...document.querySelectorAll('#connection .hop')].every((hop) => hop.dataset.state === 'live') &&
            document.documentElement.dataset.old === undefined,
        undefined,
        { timeout, polling: 20 },
    );
}

/** Waits until an element's text fits. */
export function says(page, selector, pattern, timeout = 15_000) {
    return page.waitForFunction(
        ({ selector, source }) => new RegExp(source).test(document.querySelector(selector)?.textContent ?? ''),
        { selector, source: pattern.source },
        { timeout, polling: 20 },
    );
}

/** @param {import('playwright-core').Page} page */
export async function shoot(page, name, fullPage = true) {
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
}

export const text = async (page, selector) => (await page.locator(selector).first().textContent()) ?? '';

/** What was measured, to be read in the log. */
export function note(what) {
    process.stdout.write(`\n${JSON.stringify(what)}\n`);
}
