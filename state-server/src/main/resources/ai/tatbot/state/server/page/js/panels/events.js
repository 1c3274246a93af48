import { attribute, h, shown, text } from '../dom.js';
import { MOST_EVENTS } from '../event-log.js';
import { clock, count, dateTime } from '../format.js';
import { empty, panel } from './panel.js';

/**
 * @typedef {import('../event-log.js').LogEntry} LogEntry
 * @typedef {import('../event-log.js').EventKind} EventKind
 */

/** @type {{ kind: EventKind, title: string }[]} */
const KINDS = [
    { kind: 'session', title: 'Sessions' },
    { kind: 'robot', title: 'Robot' },
    { kind: 'node', title: 'Nodes' },
    { kind: 'error', title: 'Errors' },
    { kind: 'system', title: 'System' },
    { kind: 'page', title: 'Page' },
];

/**
 * What happens, newest first.
 *
 * @param {import('../live.js').Live} live
 * @param {import('../frames.js').Frames} frames
 */
export function eventsPanel(live, frames) {
    const parts = panel('events', 'Events');
    const pause = h('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false' }, 'Pause');
    const search = h('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter events by text' });
    const wanted = new Set(KINDS.map(({ kind }) => kind));
    const chips = KINDS.map(({ kind, title }) => chip(kind, title));
    const nothing = empty('No events yet.', 'Sessions that begin and end, nodes that come and go, and errors are told here.');
    const none = empty('No event fits the filter.', 'Take some of it away to see more.');
    const list = h('ol', { class: 'log', reversed: true, tabindex: 0, 'aria-label': 'Events, newest first' });
    const summary = h('p', { class: 'note' });
    parts.controls.append(summary, pause);
    parts.body.append(
        h('div', { class: 'filters' }, h('fieldset', {}, h('legend', { class: 'visually-hidden' }, 'Kinds of events'), ...chips), search),
        nothing,
        none,
        list,
    );

    const putSummary = text(summary);
    const putPause = text(pause);
    const pressed = attribute(pause, 'aria-pressed');
    const nothingShown = shown(nothing);
    const noneShown = shown(none);
    let paused = false;
    /** Number of the last event that is in the list. */
    let drawn = 0;
    let words = '';
    let changed = true;
    /** @type {{ entry: LogEntry, element: HTMLLIElement }[]} oldest first */
    const rows = [];

    /**
     * @param {EventKind} kind
     * @param {string} title
     */
    function chip(kind, title) {
        const box = h('input', { type: 'checkbox', checked: true });
        box.addEventListener('change', () => {
            if (box.checked) {
                wanted.add(kind);
            } else {
                wanted.delete(kind);
            }
            filter();
        });
        return h('label', { class: 'chip' }, box, h('span', {}, title));
    }

    search.addEventListener('input', () => {
        words = search.value.trim().toLowerCase();
        filter();
    });
    pause.addEventListener('click', () => {
        paused = !paused;
        changed = true;
    });

    /** @param {LogEntry} entry */
    function fits(entry) {
        return wanted.has(entry.kind) && (words === '' || entry.text.includes(words));
    }

    function filter() {
        for (const { entry, element } of rows) {
            element.hidden = !fits(entry);
        }
        changed = true;
    }

    frames.add(() => {
        const { entries, count: all } = live.log;
        const waiting = all - drawn;
        if (waiting > 0 && !paused) {
            const fresh = entries.slice(Math.max(0, entries.length - waiting));
            const elements = fresh.map((entry) => {
                const element = row(entry);
                element.hidden = !fits(entry);
                rows.push({ entry, element });
                return element;
            });
            list.prepend(...elements.reverse());
            for (const old of rows.splice(0, Math.max(0, rows.length - MOST_EVENTS))) {
                old.element.remove();
            }
            drawn = all;
            changed = true;
        }
        if (!changed && !(paused && waiting > 0)) {
            return;
        }
        changed = false;
        const visible = rows.filter(({ element }) => !element.hidden).length;
        nothingShown(rows.length === 0);
        noneShown(rows.length > 0 && visible === 0);
        list.hidden = visible === 0;
        putSummary(
            paused
                ? `paused, ${waiting} new`
                : visible === rows.length
                  ? count(rows.length, 'event')
                  : `${visible} of ${count(rows.length, 'event')}`,
        );
        putPause(paused ? 'Go on' : 'Pause');
        pressed(String(paused));
    }, 100);
    return parts;
}

/** @param {LogEntry} entry */
function row(entry) {
    const body = h('div', { class: 'more' });
    const details = h(
        'details',
        {},
        h(
            'summary',
            {},
            h('time', { title: dateTime(entry.time) }, clock(entry.time)),
            h('span', { class: 'dot', 'aria-hidden': 'true' }),
            h('span', { class: 'title' }, entry.title),
            h('span', { class: 'source' }, entry.source),
            h('span', { class: 'summary' }, entry.summary),
        ),
        body,
    );
    details.addEventListener('toggle', () => {
        if (details.open && body.childElementCount === 0) {
            body.append(h('pre', { tabindex: 0, 'aria-label': 'The event as it came' }, JSON.stringify(entry.details, null, 2)));
        }
    });
    return h('li', { 'data-severity': entry.severity, 'data-kind': entry.kind }, details);
}
