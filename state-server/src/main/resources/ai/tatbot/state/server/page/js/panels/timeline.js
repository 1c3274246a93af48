import { axis, chart } from '../chart.js';
import { attribute, h, shown, text } from '../dom.js';
import { clock, dateTime, duration } from '../format.js';
import { colour } from '../theme.js';
import { choice, empty, panel } from './panel.js';

/**
 * @typedef {import('../live.js').Live} Live
 * @typedef {import('../session-track.js').Point} Point
 */

const HEIGHT = 262;
const REDRAW_MS = 250;
/** A point this near to the end means the present. */
const PRESENT_MS = 1000;
/** Places of the slider. */
const STEPS = 500;

/**
 * The session over time, to be looked back into: by pointer on the chart, or by the slider under it, which takes keys.
 *
 * @param {Live} live
 * @param {import('../frames.js').Frames} frames
 */
export function timelinePanel(live, frames) {
    const parts = panel('timeline', 'Session so far');
    const nothing = empty('Nothing to look back into.', 'The strokes of a session are drawn here over time, as they are made.');
    const place = h('div', { class: 'chart', 'data-scrub': true });
    const slider = h('input', { type: 'range', 'aria-label': 'Look back in time', min: 0, max: STEPS, step: 1, value: STEPS });
    const readout = h('p', { class: 'readout' });
    const back = h('button', { type: 'button', class: 'quiet' }, 'Back to live');
    const foot = h('div', { class: 'foot' }, readout, back);
    const content = h('div', {}, place, h('div', { class: 'scrub' }, slider), foot);
    parts.body.append(nothing, content);
    const sessions = choice('Session', (value) => live.session.choose(value === '' ? null : value));
    parts.controls.append(sessions.box);

    const put = text(readout);
    const valueText = attribute(slider, 'aria-valuetext');
    const contentShown = shown(content);
    const nothingShown = shown(nothing);
    const backShown = shown(back);
    /** @type {number[][]} */
    let data = [[], []];
    let drawn = '';
    /** Where the pointer is; null: elsewhere. @type {number | null} */
    let hovered = null;
    /** @type {import('../chart.js').Chart | null} */
    let plot = null;

    function range() {
        const times = live.session.times;
        const start = Number.isFinite(live.session.track.start) ? live.session.track.start : (times?.start ?? NaN);
        const end = times?.end ?? live.clock.now();
        return { start, end: Math.max(end, live.session.track.end || 0, start + 5000) };
    }

    function create() {
        plot = chart(
            place,
            HEIGHT,
            {
                ms: 1,
                padding: [10, 28, 0, 0],
                cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
                scales: {
                    x: { time: true, range: () => [range().start, range().end] },
                    y: { range: () => [0, Math.max(1, live.session.progress?.total_strokes || highest(data[1]))] },
                },
                axes: [
                    axis({
                        space: 90,
                        size: 28,
                        gap: 4,
                        values: (/** @type {unknown} */ _u, /** @type {number[]} */ splits) => splits.map((t) => clock(t)),
                    }),
                    axis({
                        size: 52,
                        label: 'strokes done',
                        labelSize: 18,
                        labelGap: 2,
                        incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000],
                    }),
                ],
                series: [
                    {},
                    {
                        stroke: () => colour('--accent'),
                        fill: () => colour('--accent-wash'),
                        width: 2,
                        points: { show: false },
                    },
                ],
                hooks: {
                    drawAxes: [(/** @type {import('../chart.js').Chart} */ u) => drawPauses(u, live)],
                    draw: [(/** @type {import('../chart.js').Chart} */ u) => drawMarks(u, live)],
                    setCursor: [
                        (/** @type {import('../chart.js').Chart} */ u) => {
                            const { left } = u.cursor;
                            hovered = left === undefined || left < 0 ? null : u.posToVal(left, 'x');
                        },
                    ],
                    ready: [fitSlider],
                    setSize: [fitSlider],
                },
            },
            data,
        );
        plot.over.addEventListener('pointerdown', (event) => {
            plot?.over.setPointerCapture(event.pointerId);
            goTo(event);
        });
        plot.over.addEventListener('pointermove', (event) => {
            if (event.buttons === 1) {
                goTo(event);
            }
        });
    }

    /** @param {PointerEvent} event */
    function goTo(event) {
        if (plot !== null) {
            const box = plot.over.getBoundingClientRect();
            const at = plot.posToVal(event.clientX - box.left, 'x');
            lookAt(at >= range().end - PRESENT_MS ? null : at);
        }
    }

    /** The slider's thumb is to stand under the moment that it means. @param {import('../chart.js').Chart} u */
    function fitSlider(u) {
        const { left, width } = u.bbox;
        slider.style.setProperty('--from', `${left / devicePixelRatio}px`);
        slider.style.setProperty('--wide', `${width / devicePixelRatio}px`);
    }

    /** @param {number | null} at null: the present */
    function lookAt(at) {
        live.view.show(at === null ? null : Math.max(range().start, at));
        slide();
        drawn = '';
    }

    function slide() {
        const { start, end } = range();
        const value = live.view.at === null ? STEPS : ((live.view.at - start) / (end - start)) * STEPS;
        slider.value = String(Math.round(value));
    }

    slider.addEventListener('input', () => {
        const { start, end } = range();
        const place = slider.valueAsNumber;
        lookAt(place >= STEPS ? null : start + ((end - start) * place) / STEPS);
    });
    back.addEventListener('click', () => {
        live.view.show(null);
        slider.focus();
    });
    live.view.onChange(() => {
        drawn = '';
    });

    frames.add(() => {
        const has = live.session.doc !== null && live.session.track.points.length > 0;
        contentShown(has);
        nothingShown(!has);
        offerSessions();
        if (!has) {
            return;
        }
        if (plot === null) {
            create();
        }
        const { start, end } = range();
        // Once a pixel has gone by, or something has happened.
        const pixel = Math.round(((live.clock.now() - start) / (end - start)) * place.clientWidth);
        const state = `${live.session.track.sessionId} ${live.session.track.version} ${live.log.count} ${pixel} ${end - start}`;
        if (state !== drawn) {
            drawn = state;
            data = points(live.session.track.points, live.session.progress?.stroke_length ?? 0, Math.min(end, live.clock.now()));
            plot?.setData(/** @type {any} */ (data));
        }
        slide();
        const at = hovered ?? live.view.at;
        put(at === null ? present(live) : moment(live, at));
        valueText(live.view.at === null ? 'now' : moment(live, live.view.at));
        backShown(!live.view.isLive);
    }, REDRAW_MS);

    function offerSessions() {
        const docs = live.store.ofKind('stroke_progress').sort((a, b) => b.updatedAt - a.updatedAt);
        const options = docs.slice(0, 50).map((doc) => ({
            value: doc.id,
            label: `${String(doc.value['scene_name'] ?? 'default')}, ${dateTime(doc.updatedAt)}`,
        }));
        // Times of running sessions would make the list another each moment.
        for (const option of options) {
            if (option.value === live.session.doc?.id && live.session.doc.value['is_executing'] === true) {
                option.label = `${String(live.session.doc.value['scene_name'] ?? 'default')}, running`;
            }
        }
        sessions.offer(
            options.length > 1 ? [{ value: '', label: 'Current session' }, ...options] : [],
            live.session.chosen ?? '',
        );
    }
    return parts;
}

/**
 * @param {Point[]} points
 * @param {number} poses a stroke
 * @param {number} end
 */
function points(points, poses, end) {
    const x = new Array(points.length);
    const y = new Array(points.length);
    points.forEach((point, i) => {
        x[i] = point.time;
        y[i] = point.stroke + (poses > 0 ? Math.min(1, (point.pose + 1) / poses) : 0);
    });
    // It stands where it is until it moves.
    if (points.length > 0 && end > x[x.length - 1]) {
        x.push(end);
        y.push(y[y.length - 1]);
    }
    return [x, y];
}

/** @param {number[] | undefined} values */
function highest(values) {
    return Math.ceil(Math.max(1, values?.[values.length - 1] ?? 1));
}

/** @param {Live} live */
function present(live) {
    const { points, start } = live.session.track;
    const last = points[points.length - 1];
    const reach = live.session.track.loaded ? `Drawn since ${clock(start)}.` : `Seen by this page since ${clock(start)}.`;
    return last === undefined ? reach : `${reach} Point at it, or use the slider, to look back.`;
}

/**
 * @param {Live} live
 * @param {number} at
 */
function moment(live, at) {
    const point = live.session.track.at(at);
    if (point === null) {
        return `${clock(at)}: before the first stroke that was recorded`;
    }
    const drawing = [point.left, point.right].filter((text) => text !== '').join(' · ');
    const near = live.log.entries.filter((entry) => entry.kind !== 'page' && Math.abs(entry.time - at) < nearness(live));
    const happened = near.length === 0 ? '' : ` · ${near.map((entry) => entry.title.toLowerCase()).join(', ')}`;
    return `${clock(at)}, ${duration(live.clock.now() - at)} ago: stroke ${point.stroke + 1}, pose ${point.pose + 1}${
        drawing === '' ? '' : ` · ${drawing}`
    }${happened}`;
}

/** @param {Live} live */
function nearness(live) {
    const span = live.clock.now() - live.session.track.start;
    return Math.max(500, span / 200);
}

/**
 * Bands where the session was held.
 *
 * @param {import('../chart.js').Chart} u
 * @param {Live} live
 */
function drawPauses(u, live) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.fillStyle = colour('--warning-wash');
    /** @type {number | null} */
    let from = null;
    const band = (/** @type {number} */ to) => {
        if (from !== null) {
            const x = Math.max(bbox.left, u.valToPos(from, 'x', true));
            const right = Math.min(bbox.left + bbox.width, u.valToPos(to, 'x', true));
            ctx.fillRect(x, bbox.top, Math.max(1, right - x), bbox.height);
            from = null;
        }
    };
    for (const entry of live.log.entries) {
        if (entry.details['session_id'] === live.session.track.sessionId) {
            if (entry.details['type'] === 'session_pause') {
                from = entry.time;
            } else {
                band(entry.time);
            }
        }
    }
    band(live.clock.now());
    ctx.restore();
}

/**
 * Events as marks on the upper edge, and the moment that is looked at.
 *
 * @param {import('../chart.js').Chart} u
 * @param {Live} live
 */
function drawMarks(u, live) {
    const { ctx, bbox } = u;
    const dpr = devicePixelRatio;
    ctx.save();
    for (const entry of live.log.entries) {
        const x = u.valToPos(entry.time, 'x', true);
        if (entry.kind === 'page' || !(x >= bbox.left && x <= bbox.left + bbox.width)) {
            continue;
        }
        ctx.fillStyle = colour(entry.severity === 'info' ? '--muted' : `--${entry.severity}`);
        ctx.beginPath();
        ctx.moveTo(x - 4 * dpr, bbox.top - 8 * dpr);
        ctx.lineTo(x + 4 * dpr, bbox.top - 8 * dpr);
        ctx.lineTo(x, bbox.top - 1 * dpr);
        ctx.fill();
    }
    if (live.view.at !== null) {
        const x = Math.round(u.valToPos(live.view.at, 'x', true));
        ctx.strokeStyle = colour('--ink');
        ctx.lineWidth = 1.5 * dpr;
        ctx.beginPath();
        ctx.moveTo(x, bbox.top - 6 * dpr);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
    }
    ctx.restore();
}
