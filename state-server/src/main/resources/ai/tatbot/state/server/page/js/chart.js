import uPlot from '../uplot/uPlot.esm.js';
import { colour, onTheme } from './theme.js';

/**
 * A uPlot that fits its place: as wide as it, in the page's colours, without a legend of its own.
 *
 * @typedef {import('../uplot/uPlot.esm.js').default} Chart
 */

export const FONT = '11px Inter, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';

/**
 * @param {HTMLElement} place
 * @param {number} height
 * @param {any} options of uPlot
 * @param {any} data
 * @returns {Chart}
 */
export function chart(place, height, options, data) {
    const plot = new uPlot({ width: Math.max(100, place.clientWidth), height, legend: { show: false }, ...options }, data, place);
    // The canvas says nothing to those who cannot see it; what it shows stands beside it as text.
    plot.root.setAttribute('aria-hidden', 'true');
    new ResizeObserver(() => {
        const width = place.clientWidth;
        if (width > 0 && width !== plot.width) {
            plot.setSize({ width, height });
        }
    }).observe(place);
    onTheme(() => plot.redraw(false, true));
    return plot;
}

/**
 * An axis in the page's colours.
 *
 * @param {any} options
 */
export function axis(options) {
    const line = { stroke: () => colour('--hair'), width: 1 };
    return {
        stroke: () => colour('--muted'),
        font: FONT,
        labelFont: FONT,
        grid: line,
        ticks: { ...line, size: 4 },
        border: { show: false },
        ...options,
    };
}
