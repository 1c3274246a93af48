import { attribute, h, shown, svg, text } from '../dom.js';
import { clock, duration } from '../format.js';
import { seconds } from '../contact.js';

/**
 * @typedef {import('../live.js').Live} Live
 * @typedef {import('../frames.js').Frames} Frames
 */

/** A shape each, so that colour is not the only thing that tells them apart. @type {Record<import('../verdict.js').Level, string>} */
const SHAPES = {
    ok: 'M9 17.5l5 5 10-11',
    degraded: 'M16 8.5v10 M16 23.2v.3',
    down: 'M10.5 10.5l11 11 M21.5 10.5l-11 11',
    unknown: 'M12 12.5c0-5 8-5 8 0 0 3.2-4 3.4-4 6.4 M16 23.2v.3',
    unjudged: 'M10 13h12 M10 19h12',
    idle: 'M10 16h12',
    waiting: 'M10 16v.3 M16 16v.3 M22 16v.3',
};

/**
 * The answer to the question: is the robot all right?
 *
 * @param {Live} live
 * @param {Frames} frames
 */
export function verdictHeader(live, frames) {
    const glyph = svg('path', { d: SHAPES.waiting });
    const title = h('h1', {}, 'Connecting');
    const reasons = h('ul', { class: 'reasons' });
    const section = h(
        'section',
        { id: 'verdict', 'aria-label': 'Is the robot all right?', 'data-level': 'waiting' },
        svg('svg', { viewBox: '0 0 32 32', 'aria-hidden': 'true' }, svg('circle', { cx: 16, cy: 16, r: 15 }), glyph),
        // Spoken when it changes; what counts up each second is not in it.
        h('div', { role: 'status', 'aria-live': 'polite', 'aria-atomic': 'true' }, title, reasons),
    );
    const level = attribute(section, 'data-level');
    const shape = attribute(glyph, 'd');
    const putTitle = text(title);
    let said = '';

    frames.add(() => {
        const verdict = live.verdict(live.contact());
        level(verdict.level);
        shape(SHAPES[verdict.level]);
        putTitle(verdict.title);
        const few = verdict.reasons.slice(0, 3);
        if (verdict.reasons.length > few.length) {
            few.push(`And ${verdict.reasons.length - few.length} more.`);
        }
        const joined = few.join('\n');
        if (joined !== said) {
            said = joined;
            reasons.replaceChildren(...few.map((reason) => h('li', {}, reason)));
            document.title = `${verdict.title} · Tatbot state`;
        }
    }, 100);
    return section;
}

/**
 * The way of the data, hop by hop: Redis, server, this page.
 *
 * @param {Live} live
 * @param {Frames} frames
 */
export function connection(live, frames) {
    const hops = [hop('Redis to server'), hop('Server to page')];
    const [first, second] = /** @type {[ReturnType<typeof hop>, ReturnType<typeof hop>]} */ (hops);
    const section = h(
        'section',
        { id: 'connection', 'aria-label': 'Connection' },
        h('ol', {}, end('Redis'), first.element, end('Server'), second.element, end('This page')),
    );
    frames.add(() => {
        const contact = live.contact();
        first.show(contact.redis);
        second.show(contact.page);
    }, 100);
    return section;
}

/** @param {string} name */
function end(name) {
    return h('li', { class: 'end' }, name);
}

/** @param {string} name */
function hop(name) {
    const state = h('span', { class: 'hop-state' }, 'connecting');
    const element = h(
        'li',
        { class: 'hop', 'data-state': 'waiting' },
        h('span', { class: 'line', 'aria-hidden': 'true' }),
        h('span', { class: 'visually-hidden' }, `${name}: `),
        state,
    );
    const put = text(state);
    const data = attribute(element, 'data-state');
    return {
        element,
        /** @param {import('../contact.js').Hop} value */
        show(value) {
            put(value.text);
            data(value.state);
        },
    };
}

/**
 * Says on every panel how old what it shows is, while it is not of now, be it that the data are old or that someone looks back; marks the
 * page, so that it looks so, or that nothing is known yet.
 *
 * @param {Live} live
 * @param {Frames} frames
 * @param {{ section: HTMLElement, age: HTMLElement, looksBack?: boolean }[]} panels
 */
export function ageMarks(live, frames, panels) {
    const root = attribute(document.documentElement, 'data-old');
    const waiting = attribute(document.documentElement, 'data-waiting');
    const marks = panels.map(({ age, looksBack }) => ({ put: text(age), shown: shown(age), looksBack }));
    frames.add(() => {
        const contact = live.contact();
        const old = contact.asOf !== null && live.store.filled;
        root(old ? '' : null);
        waiting(live.store.filled ? null : '');
        for (const mark of marks) {
            const past = mark.looksBack === true ? live.view.at : null;
            mark.shown(old || past !== null);
            if (past !== null) {
                mark.put(`at ${clock(past)}`);
            } else if (old && contact.asOf !== null) {
                mark.put(`as of ${clock(contact.asOf)}, ${seconds(contact.staleMs)} ago`);
            }
        }
    }, 200);
}

/**
 * Stands above all while someone looks back.
 *
 * @param {Live} live
 * @param {Frames} frames
 */
export function lookBackBar(live, frames) {
    const when = h('strong', {});
    const ago = h('span', {});
    const back = h('button', { type: 'button', class: 'primary' }, 'Back to live');
    const bar = h('div', { id: 'look-back', role: 'region', 'aria-label': 'Looking back', hidden: true });
    bar.append(h('p', {}, 'Looking back to ', when, ', ', ago), back);
    back.addEventListener('click', () => live.view.show(null));
    document.addEventListener('keydown', (event) => {
        if (event.key === 'Escape' && !live.view.isLive) {
            live.view.show(null);
        }
    });
    const putWhen = text(when);
    const putAgo = text(ago);
    const visible = shown(bar);
    const root = attribute(document.documentElement, 'data-looking-back');
    frames.add(() => {
        const { at } = live.view;
        visible(at !== null);
        root(at === null ? null : '');
        if (at !== null) {
            putWhen(clock(at));
            putAgo(`${duration(live.clock.now() - at)} ago`);
        }
    }, 100);
    return bar;
}
