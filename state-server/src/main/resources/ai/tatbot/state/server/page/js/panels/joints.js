import { h, shown, text } from '../dom.js';
import { clock, duration } from '../format.js';
import { ARMS } from '../robot.js';
import { onTheme, prefersStill } from '../theme.js';
import { armView } from './arm-view.js';
import { drawArms } from './arms.js';
import { allFields } from './fields.js';
import { choice, empty, panel } from './panel.js';

/**
 * @typedef {import('../live.js').Live} Live
 * @typedef {import('../robot.js').Robot} Robot
 */

/**
 * Both arms: how they are held, and how each joint has moved.
 *
 * @param {Live} live
 * @param {import('../frames.js').Frames} frames
 */
export function jointsPanel(live, frames) {
    const parts = panel('joints', 'Arms');
    const nothing = empty('No robot has told of its arms.', 'They appear once a robot publishes its state, at rest or not.');
    const pose = h('span', { class: 'pill' });
    const moved = h('p', { class: 'note' });
    const canvas = h('canvas', { role: 'img', 'aria-label': 'Schematic drawing of both arms' });
    const drawing = h(
        'figure',
        { class: 'arms-drawing' },
        canvas,
        h('figcaption', {}, 'Schematic, from the joint angles; not to scale.'),
    );
    const sides = ARMS.map((arm) => armView(arm));
    const fields = allFields('robot_state');
    const content = h('div', { class: 'joints' }, drawing, ...sides.map((side) => side.element));
    parts.body.append(nothing, content, moved, fields.element);
    const robots = choice('Robot', (value) => {
        live.chosenRobot = value;
    });
    parts.controls.append(pose, robots.box);

    const putPose = text(pose);
    const putMoved = text(moved);
    const contentShown = shown(content);
    const nothingShown = shown(nothing);
    const poseShown = shown(pose);
    let repaint = true;
    onTheme(() => {
        repaint = true;
    });
    new ResizeObserver(() => {
        repaint = true;
    }).observe(canvas);
    /** @type {Robot | null} */
    let shownRobot = null;
    let shownTime = NaN;

    /** @param {Robot} robot */
    function momentOf(robot) {
        if (live.view.at !== null) {
            return live.view.at;
        }
        const { playout } = robot;
        return prefersStill() ? playout.track.lastTime : playout.now;
    }

    frames.add(() => {
        const robot = live.robot();
        contentShown(robot !== null);
        nothingShown(robot === null);
        fields.show(robot?.doc ?? null);
        robots.offer(
            [...live.robots.keys()].sort().map((id) => ({ value: id, label: id })),
            robot?.doc.id ?? '',
        );
        if (robot === null) {
            poseShown(false);
            putMoved('');
            return;
        }
        const at = live.view.at;
        const flags = robot.flagsAt(at ?? Infinity);
        poseShown(flags !== null);
        putPose(`pose: ${flags?.pose ?? ''}`);
        ARMS.forEach((arm, i) => {
            const connected = flags === null ? null : arm.side === 'l' ? flags.left : flags.right;
            sides[i]?.connect(connected);
        });
        putMoved(note(live, robot));
    }, 200);

    frames.add(() => {
        const robot = live.robot();
        if (robot === null) {
            return;
        }
        const at = momentOf(robot);
        const last = robot.playout.track.lastTime;
        // Past the last sample nothing moves any more.
        const shownAt = Math.min(at, last);
        if (robot === shownRobot && shownAt === shownTime && !repaint) {
            return;
        }
        shownRobot = robot;
        shownTime = shownAt;
        repaint = false;
        const values = robot.playout.at(at);
        const flags = robot.flagsAt(at);
        drawArms(canvas, values, flags);
        sides.forEach((side) => side.mark(values));
    });

    frames.add(() => {
        const robot = live.robot();
        const values = robot?.playout.at(momentOf(robot)) ?? null;
        sides.forEach((side) => side.number(values));
    }, 100);

    frames.add(() => {
        const robot = live.robot();
        if (robot !== null) {
            const at = momentOf(robot);
            sides.forEach((side) => side.plot(robot, at));
        }
    });
    return { ...parts, looksBack: true };
}

/**
 * @param {Live} live
 * @param {Robot} robot
 */
function note(live, robot) {
    const { track } = robot.playout;
    if (live.view.at !== null && !(track.length > 0 && live.view.at >= track.time(0))) {
        return track.length > 0
            ? `This page has seen the arms since ${clock(track.time(0))}; before that, nobody kept how they were held.`
            : 'Nobody kept how the arms were held then.';
    }
    const age = live.clock.now() - track.lastTime;
    return age > 3000 && live.view.at === null ? `Robot ${robot.doc.id} last moved ${duration(age)} ago.` : '';
}
