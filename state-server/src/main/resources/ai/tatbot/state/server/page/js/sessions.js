/**
 * @typedef {import('./types.js').Doc} Doc
 * @typedef {import('./types.js').StrokeProgress} StrokeProgress
 * @typedef {'none' | 'executing' | 'paused' | 'completed' | 'interrupted' | 'abandoned' | 'ended'} SessionState
 */

/**
 * The session to show: one that is running rather than one that is over, and of several the one that moved last.
 *
 * @param {Doc[]} sessions
 * @returns {Doc | null}
 */
export function current(sessions) {
    /** @type {Doc | null} */
    let best = null;
    for (const doc of sessions) {
        if (best === null || later(doc, best)) {
            best = doc;
        }
    }
    return best;
}

/**
 * @param {Doc} a
 * @param {Doc} b
 */
function later(a, b) {
    const runs = a.value['is_executing'] === true;
    return runs === (b.value['is_executing'] === true) ? a.updatedAt > b.updatedAt : runs;
}

/**
 * @param {StrokeProgress | null} progress
 * @param {unknown} reason why it ended, if anyone said so
 * @returns {SessionState}
 */
export function stateOf(progress, reason) {
    if (progress === null) {
        return 'none';
    }
    if (progress.is_executing === true) {
        return progress.is_paused === true ? 'paused' : 'executing';
    }
    if (reason === 'completed' || reason === 'interrupted' || reason === 'abandoned') {
        return reason;
    }
    return 'ended';
}

/**
 * Work in poses: how much is done, and how much there is. Null where the session does not say.
 *
 * @param {StrokeProgress} progress
 */
export function work(progress) {
    const length = progress.stroke_length ?? 0;
    const strokes = progress.total_strokes ?? 0;
    const stroke = progress.stroke_idx ?? 0;
    const pose = progress.pose_idx ?? 0;
    if (strokes <= 0) {
        return null;
    }
    return length > 0
        ? { done: Math.min(strokes * length, stroke * length + pose + 1), all: strokes * length }
        : { done: Math.min(strokes, stroke), all: strokes };
}

/**
 * When a session began, as its id tells; null if it does not. Ids are `stroke_{node}_{unix seconds}`, with or without more.
 *
 * @param {string} id
 */
export function startOf(id) {
    const match = /_(\d{10})(?:_|$)/.exec(id);
    return match === null ? null : Number(match[1]) * 1000;
}

/** @param {StrokeProgress} progress */
export function strokeText(progress) {
    const stroke = (progress.stroke_idx ?? 0) + 1;
    const all = progress.total_strokes ?? 0;
    return all > 0 ? `${Math.min(stroke, all)} of ${all}` : `${stroke}`;
}
