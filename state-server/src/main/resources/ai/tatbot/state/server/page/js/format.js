/** Numbers and times as people read them. */

const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

/** @param {number} ms */
export function clock(ms) {
    return Number.isFinite(ms) ? clockTime.format(ms) : '–';
}

/** @param {number} ms */
export function dateTime(ms) {
    return Number.isFinite(ms) ? dayAndTime.format(ms) : '–';
}

/**
 * Such as "12 s", "3 min 05 s", "2 h 10 min", "4 d".
 *
 * @param {number} ms
 */
export function duration(ms) {
    if (!Number.isFinite(ms)) {
        return '–';
    }
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 60) {
        return `${s} s`;
    }
    const min = Math.floor(s / 60);
    if (min < 60) {
        return `${min} min ${String(s % 60).padStart(2, '0')} s`;
    }
    const h = Math.floor(min / 60);
    return h < 48 ? `${h} h ${String(min % 60).padStart(2, '0')} min` : `${Math.floor(h / 24)} d`;
}

/**
 * Such as 4:07 or 1:04:07.
 *
 * @param {number} ms
 */
export function stopwatch(ms) {
    if (!Number.isFinite(ms)) {
        return '–';
    }
    const s = Math.max(0, Math.floor(ms / 1000));
    const tail = `${String(Math.floor(s / 60) % 60).padStart(s < 3600 ? 1 : 2, '0')}:${String(s % 60).padStart(2, '0')}`;
    return s < 3600 ? tail : `${Math.floor(s / 3600)}:${tail}`;
}

/**
 * An estimate, no more exact than it is: "about 2 min", "2 to 4 min".
 *
 * @param {import('./eta.js').Estimate} estimate
 */
export function about(estimate) {
    const low = rough(estimate.low);
    const high = rough(estimate.high);
    if (estimate.high <= estimate.low * 1.25 || low === high) {
        return `about ${rough((estimate.low + estimate.high) / 2)}`;
    }
    const [a, unitA] = low.split(' ');
    const [b, unitB] = high.split(' ');
    return unitA === unitB ? `${a} to ${b} ${unitA}` : `${low} to ${high}`;
}

/** @param {number} ms */
function rough(ms) {
    const s = ms / 1000;
    if (s < 10) {
        return `${Math.max(1, Math.round(s))} s`;
    }
    if (s < 90) {
        return `${Math.round(s / 5) * 5} s`;
    }
    const min = s / 60;
    return min < 90 ? `${Math.round(min)} min` : `${(min / 60).toFixed(1)} h`;
}

/**
 * With a true minus sign, and as wide with as without.
 *
 * @param {number} value
 * @param {number} digits
 */
export function signed(value, digits) {
    if (!Number.isFinite(value)) {
        return '–';
    }
    const text = Math.abs(value).toFixed(digits);
    return (value < 0 && Number(text) !== 0 ? '\u2212' : '\u2007') + text;
}

/** @param {unknown} value */
export function percent(value) {
    return typeof value === 'number' ? `${Math.round(value)} %` : '–';
}

/**
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export function count(n, one, many = one + 's') {
    return `${n} ${n === 1 ? one : many}`;
}
