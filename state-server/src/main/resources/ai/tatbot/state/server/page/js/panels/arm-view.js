import { JOINTS } from '../arm.js';
import { axis, chart } from '../chart.js';
import { attribute, h, shown, styled, text } from '../dom.js';
import { signed } from '../format.js';
import { ARM_JOINTS } from '../robot.js';
import { colour } from '../theme.js';

/** @typedef {import('../robot.js').Robot} Robot */

const WINDOW_MS = 30_000;
const HEIGHT = 190;
/** Samples further apart than this are not joined by a line. */
const GAP_MS = 1500;
/** How near to a limit is near, as a part of the way between both. */
const NEAR = 0.03;

/**
 * One arm: how its joints have moved, and where between its limits each is.
 *
 * @param {{ side: string, name: string, from: number }} arm
 */
export function armView(arm) {
    const connected = h('span', { class: 'pill' }, 'not known');
    const place = h('div', { class: 'chart' });
    const rows = JOINTS.map((joint, j) => jointRow(joint, j));
    const table = h(
        'table',
        {},
        h('caption', { class: 'visually-hidden' }, `${arm.name} arm's joints, in radians`),
        h(
            'thead',
            { class: 'visually-hidden' },
            h('tr', {}, h('th', { scope: 'col' }, 'Joint'), h('th', { scope: 'col' }, 'Between its limits'), h('th', { scope: 'col' }, 'rad')),
        ),
        h('tbody', {}, ...rows.map((row) => row.element)),
    );
    const element = h(
        'div',
        { class: 'arm', 'data-arm': arm.side },
        h('header', {}, h('h3', {}, `${arm.name} arm`), connected),
        place,
        table,
    );
    const put = text(connected);
    const data = attribute(connected, 'data-state');
    /** @type {import('../chart.js').Chart | null} */
    let plot = null;
    let pixel = NaN;
    /** @type {unknown} */
    let plotted = null;
    const bounds = { from: 0, to: 1, low: -1.5, high: 1.5 };

    function create() {
        plot = chart(
            place,
            HEIGHT,
            {
                padding: [8, 8, 0, 0],
                cursor: { show: false },
                scales: {
                    x: { time: false, auto: false, range: () => [bounds.from, bounds.to] },
                    y: { auto: false, range: () => [bounds.low, bounds.high] },
                },
                axes: [
                    axis({
                        size: 24,
                        gap: 2,
                        splits: () => [bounds.to - 30_000, bounds.to - 20_000, bounds.to - 10_000, bounds.to],
                        values: () => ['\u221230 s', '\u221220 s', '\u221210 s', ''],
                    }),
                    axis({
                        size: 38,
                        gap: 4,
                        space: 28,
                        values: (/** @type {unknown} */ _u, /** @type {number[]} */ splits) =>
                            splits.map((value) => `${signed(value, 1)}`),
                    }),
                ],
                series: [
                    {},
                    ...JOINTS.map((_, j) => ({
                        stroke: () => colour(`--joint-${j}`),
                        width: 1.6,
                        points: { show: false },
                        gaps: (
                            /** @type {import('../chart.js').Chart} */ u,
                            /** @type {number} */ s,
                            /** @type {number} */ i0,
                            /** @type {number} */ i1,
                        ) => gaps(u, s, i0, i1),
                    })),
                ],
            },
            [[], ...JOINTS.map(() => [])],
        );
    }

    return {
        element,
        /** @param {boolean | null} value */
        connect(value) {
            put(value === null ? 'not known' : value ? 'connected' : 'not connected');
            data(value === null ? 'waiting' : value ? 'good' : 'off');
        },
        /** @param {Float64Array | null} values */
        mark(values) {
            rows.forEach((row, j) => row.mark(values?.[arm.from + j] ?? NaN));
        },
        /** @param {Float64Array | null} values */
        number(values) {
            rows.forEach((row, j) => row.number(values?.[arm.from + j] ?? NaN));
        },
        /**
         * Only once it would look different: when the picture has moved by a pixel, or there is more to see.
         *
         * @param {Robot} robot
         * @param {number} at
         */
        plot(robot, at) {
            if (place.clientWidth === 0) {
                return;
            }
            if (plot === null) {
                create();
            }
            const { track } = robot.playout;
            const width = (plot?.bbox.width ?? 300) || 300;
            const now = Math.floor((at / WINDOW_MS) * width);
            const over = track.length === 0 || at - WINDOW_MS > track.lastTime;
            if (now === pixel && plotted === track) {
                return;
            }
            if (over && plotted === track && Number.isNaN(pixel)) {
                return; // empty already
            }
            pixel = over ? NaN : now;
            plotted = track;
            draw(track, (now / width) * WINDOW_MS);
        },
    };

    /**
     * @param {import('../track.js').Track} track
     * @param {number} to
     */
    function draw(track, to) {
        const from = to - WINDOW_MS;
        // One more on either side, for the lines that leave the picture.
        const first = Math.max(0, track.indexAt(from));
        const last = Math.min(track.length - 1, track.indexAt(to) + 1);
        const begin = track.first + first;
        const end = track.first + last + 1;
        bounds.from = from;
        bounds.to = to;
        /** @type {Float64Array[]} */
        const data = [track.times.subarray(begin, Math.max(begin, end))];
        let low = -1;
        let high = 1;
        for (let j = 0; j < ARM_JOINTS; j++) {
            const column = /** @type {Float64Array} */ (track.columns[arm.from + j]);
            data.push(column.subarray(begin, Math.max(begin, end)));
            for (let i = begin; i < end; i++) {
                const value = /** @type {number} */ (column[i]);
                low = value < low ? value : low;
                high = value > high ? value : high;
            }
        }
        bounds.low = Math.floor(low * 2 - 0.2) / 2;
        bounds.high = Math.ceil(high * 2 + 0.2) / 2;
        const u = plot;
        u?.batch(() => {
            u.setData(/** @type {any} */ (data), false);
            u.setScale('x', { min: bounds.from, max: bounds.to });
            u.setScale('y', { min: bounds.low, max: bounds.high });
        });
    }
}

/**
 * Where a line is broken: nothing was known, or nothing came.
 *
 * @param {import('../chart.js').Chart} u
 * @param {number} series
 * @param {number} i0
 * @param {number} i1
 * @returns {[number, number][]}
 */
function gaps(u, series, i0, i1) {
    const times = /** @type {ArrayLike<number>} */ (u.data[0]);
    const values = /** @type {ArrayLike<number>} */ (u.data[series]);
    /** @type {[number, number][]} */
    const found = [];
    for (let i = Math.max(1, i0); i <= i1; i++) {
        const before = /** @type {number} */ (times[i - 1]);
        const time = /** @type {number} */ (times[i]);
        if (time - before > GAP_MS || Number.isNaN(values[i]) || Number.isNaN(values[i - 1])) {
            found.push([Math.round(u.valToPos(before, 'x', true)), Math.round(u.valToPos(time, 'x', true))]);
        }
    }
    return found;
}

/**
 * @param {import('../arm.js').Joint} joint
 * @param {number} j
 */
function jointRow(joint, j) {
    const limited = Number.isFinite(joint.min);
    const mark = h('span', { class: 'mark' });
    const value = h('td', { class: 'value' }, '–');
    const near = h('span', { class: 'visually-hidden' });
    const bar = h('td', { class: 'limits' }, near);
    if (limited) {
        bar.prepend(
            h('span', { class: 'end' }, signed(joint.min, 1)),
            h('span', { class: 'range' }, mark),
            h('span', { class: 'end' }, signed(joint.max, 1).trim()),
        );
    } else {
        bar.prepend(h('span', { class: 'none' }, 'no limits known'));
    }
    const element = h(
        'tr',
        { 'data-joint': j },
        h('th', { scope: 'row' }, h('span', { class: 'swatch', 'aria-hidden': 'true' }), joint.name),
        bar,
        value,
    );
    const put = text(value);
    const putNear = text(near);
    const state = attribute(element, 'data-near');
    const move = styled(mark, 'transform', (percent) => `translateX(${percent.toFixed(2)}%)`, 0.05);
    const visible = shown(mark);
    return {
        element,
        /** @param {number} angle */
        mark(angle) {
            visible(Number.isFinite(angle));
            if (limited && Number.isFinite(angle)) {
                move(100 * Math.min(1, Math.max(0, (angle - joint.min) / (joint.max - joint.min))));
            }
        },
        /** @param {number} angle */
        number(angle) {
            put(signed(angle, 3));
            const way = (angle - joint.min) / (joint.max - joint.min);
            // An arm at rest lies on its stops; that is no news.
            const beyond = way < -NEAR || way > 1 + NEAR;
            state(limited && beyond ? '' : null);
            putNear(limited && beyond ? 'beyond its limit' : '');
        },
    };
}
