import { attribute, h, shown, styled, svg, text } from '../dom.js';
import { about, stopwatch } from '../format.js';
import { fieldOf } from '../schema.js';
import { strokeText, work } from '../sessions.js';
import { prefersStill } from '../theme.js';
import { allFields } from './fields.js';
import { empty, panel } from './panel.js';

/** @type {Record<import('../sessions.js').SessionState, string>} */
const STATES = {
    none: 'No session',
    executing: 'Executing',
    paused: 'Paused',
    completed: 'Completed',
    interrupted: 'Interrupted',
    abandoned: 'Abandoned',
    ended: 'Ended',
};

/**
 * The stroke in hand.
 *
 * @param {import('../live.js').Live} live
 * @param {import('../frames.js').Frames} frames
 */
export function strokePanel(live, frames) {
    const parts = panel('progress', 'Stroke in hand');
    const nothing = empty(
        'No stroke session yet.',
        'It appears here as soon as a robot starts one. To see one now, start the demonstration:',
        'ops/tatbot-state demo',
    );
    const ring = progressRing();
    const scene = h('p', { class: 'scene' });
    const state = h('p', { class: 'pill' });
    const pose = h('dd', {});
    const elapsed = h('dd', {});
    const left = h('dd', {});
    const id = h('dd', { class: 'id' });
    const poseBar = h('span', {});
    const arms = { l: arm('l', 'Left'), r: arm('r', 'Right') };
    const fields = allFields('stroke_progress');
    const content = h(
        'div',
        { class: 'stroke' },
        h('div', { class: 'dial' }, ring.element),
        h(
            'div',
            { class: 'facts' },
            h('div', { class: 'head' }, scene, state),
            h('div', { class: 'arms' }, arms.l.element, arms.r.element),
            h(
                'dl',
                { class: 'figures' },
                h('div', { class: 'wide' }, h('dt', {}, 'Pose'), pose, h('span', { class: 'bar', 'aria-hidden': 'true' }, poseBar)),
                h('div', {}, h('dt', {}, 'Elapsed'), elapsed),
                h('div', {}, h('dt', {}, 'Time left'), left),
                h('div', { class: 'wide' }, h('dt', {}, 'Session'), id),
            ),
        ),
    );
    parts.body.append(nothing, content, fields.element);

    const put = {
        scene: text(scene),
        state: text(state),
        pose: text(pose),
        elapsed: text(elapsed),
        left: text(left),
        id: text(id),
    };
    const stateData = attribute(parts.section, 'data-state');
    const contentShown = shown(content);
    const nothingShown = shown(nothing);
    const poseScale = styled(poseBar, 'transform', (value) => `scaleX(${value.toFixed(4)})`, 0.0005);

    /** The numbers: as often as anyone can read them. */
    frames.add(() => {
        const progress = live.session.progress;
        contentShown(progress !== null);
        nothingShown(progress === null);
        fields.show(live.session.doc);
        if (progress === null || live.session.doc === null) {
            stateData('none');
            return;
        }
        const past = live.view.at === null ? null : live.session.track.at(live.view.at);
        const now = live.clock.now();
        const state = past === null ? live.session.state : past.paused ? 'paused' : 'executing';
        const point = past === null ? progress : { ...progress, stroke_idx: past.stroke, pose_idx: past.pose };
        stateData(state);
        put.scene(progress.scene_name ?? 'default');
        put.state(STATES[state]);
        put.id(live.session.doc.id);
        const poses = progress.stroke_length ?? 0;
        const poseNumber = (point.pose_idx ?? 0) + 1;
        put.pose(poses > 0 ? `${Math.min(poseNumber, poses)} of ${poses}` : String(poseNumber));
        arms.l.show(
            past === null ? progress.stroke_description_l : past.left,
            past === null ? (progress.offset_idx_l ?? 0) : null,
        );
        arms.r.show(
            past === null ? progress.stroke_description_r : past.right,
            past === null ? (progress.offset_idx_r ?? 0) : null,
        );
        const times = live.session.times;
        put.elapsed(times === null ? '–' : stopwatch((live.view.at ?? times.end ?? now) - times.start));
        put.left(remaining(live, point, state));
        ring.say(strokeText(point), (progress.total_strokes ?? 0) > 0);
        ring.describe(`Stroke ${strokeText(point)}, ${STATES[state].toLowerCase()}`);
    }, 100);

    /** The motion: every frame. */
    frames.add(() => {
        const progress = live.session.progress;
        if (progress === null) {
            return;
        }
        const amount = work(progress);
        const poses = progress.stroke_length ?? 0;
        if (amount === null) {
            ring.turn(0, 0);
            poseScale(0);
            return;
        }
        let { done } = amount;
        if (live.view.at !== null) {
            const past = live.session.track.at(live.view.at);
            done = past === null ? 0 : (work({ ...progress, stroke_idx: past.stroke, pose_idx: past.pose })?.done ?? 0);
        } else if (!prefersStill()) {
            done = live.session.motion.at(live.session.motion.now)?.[0] ?? done;
        }
        // The last pose of a stroke belongs to it, not to the next.
        const inStroke = poses > 0 ? (done % poses || (done > 0 ? poses : 0)) / poses : 0;
        ring.turn(done / amount.all, inStroke);
        poseScale(inStroke);
    });
    return { ...parts, looksBack: true };
}

/**
 * @param {import('../live.js').Live} live
 * @param {import('../types.js').StrokeProgress} progress
 * @param {import('../sessions.js').SessionState} state
 */
function remaining(live, progress, state) {
    if (live.view.at !== null) {
        return '–';
    }
    if (state !== 'executing' && state !== 'paused') {
        return state === 'completed' ? 'done' : 'over';
    }
    const amount = work(progress);
    const estimate = amount === null ? null : live.session.eta.estimate(amount.all - amount.done);
    if (estimate === null) {
        return 'not known yet';
    }
    return state === 'paused' ? `${about(estimate)}, once it goes on` : about(estimate);
}

/**
 * One arm: what it does, how deep its needle is.
 *
 * @param {'l' | 'r'} side
 * @param {string} name
 */
function arm(side, name) {
    const does = h('p', { class: 'does', title: fieldOf('stroke_progress', `stroke_description_${side}`).description });
    const depth = h('p', { class: 'depth', title: fieldOf('stroke_progress', `offset_idx_${side}`).description });
    const element = h('div', { class: 'arm', 'data-arm': side }, h('h3', {}, name), does, depth);
    const putDoes = text(does);
    const putDepth = text(depth);
    return {
        element,
        /**
         * @param {string | undefined} description
         * @param {number | null} offset null: the history does not say
         */
        show(description, offset) {
            putDoes(description === undefined || description === '' ? 'nothing' : description);
            putDepth(offset === null ? 'needle depth not recorded' : `needle depth ${offset}`);
        },
    };
}

/** Two rings: the session outside, the stroke inside. */
function progressRing() {
    const length = 1000;
    const circle = (/** @type {string} */ name, /** @type {number} */ r) =>
        svg('circle', { class: name, cx: 100, cy: 100, r, pathLength: length });
    const session = circle('session', 88);
    const stroke = circle('stroke', 74);
    const number = svg('text', { class: 'number', x: 100, y: 112, 'text-anchor': 'middle' });
    const of = svg('text', { class: 'of', x: 100, y: 136, 'text-anchor': 'middle' });
    const label = svg('text', { class: 'label', x: 100, y: 68, 'text-anchor': 'middle' }, 'stroke');
    const element = svg(
        'svg',
        { class: 'ring', viewBox: '0 0 200 200', role: 'img', 'aria-label': 'Progress' },
        circle('groove session', 88),
        circle('groove stroke', 74),
        session,
        stroke,
        label,
        number,
        of,
    );
    const describe = attribute(element, 'aria-label');
    const putNumber = text(number);
    const putOf = text(of);
    const dash = (/** @type {SVGElement} */ target) =>
        styled(target, 'stroke-dashoffset', (value) => value.toFixed(2), 0.05);
    const turnSession = dash(session);
    const turnStroke = dash(stroke);
    return {
        element,
        describe,
        /**
         * @param {string} strokes
         * @param {boolean} total whether it says of how many
         */
        say(strokes, total) {
            const [n, , all] = strokes.split(' ');
            putNumber(n ?? '');
            putOf(total ? `of ${all}` : 'in all not known');
        },
        /**
         * @param {number} whole 0 to 1
         * @param {number} inner 0 to 1
         */
        turn(whole, inner) {
            turnSession(length * (1 - Math.min(1, Math.max(0, whole))));
            turnStroke(length * (1 - Math.min(1, Math.max(0, inner))));
        },
    };
}
