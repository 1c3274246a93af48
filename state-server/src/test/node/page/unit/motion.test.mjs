import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './page.mjs';

const { Track } = await load('track.js');
const { Playout } = await load('playout.js');
const { Eta } = await load('eta.js');
const { place, POINTS, JOINTS } = await load('arm.js');
const { SessionTrack } = await load('session-track.js');

test('a track keeps the latest, in one piece, in order', () => {
    const track = new Track(4, 1);
    for (let i = 1; i <= 11; i++) {
        assert.ok(track.push(i * 10, [i]));
        const run = track.times.subarray(track.first, track.first + track.length);
        assert.deepEqual([...run], Array.from({ length: Math.min(i, 4) }, (_, k) => (i - Math.min(i, 4) + 1 + k) * 10));
        assert.equal(track.lastTime, i * 10);
        assert.equal(track.value(track.length - 1, 0), i);
    }
    assert.ok(!track.push(110, [0]), 'not later');
    assert.deepEqual([79, 80, 95, 110, 999].map((t) => track.indexAt(t)), [-1, 0, 1, 3, 3]);
});

test('what comes in fits and starts is shown as the motion it was', () => {
    let local = 1_000_000;
    const playout = new Playout(new Track(1000, 1), () => local);
    // The writer's clock is an hour ahead; it moves by 1 a millisecond; messages come between 5 and 45 ms later.
    const ahead = 3_600_000;
    const late = [5, 45, 20, 5, 40, 10, 30];
    const arrivals = [];
    for (let i = 0; i < 200; i++) {
        arrivals.push({ taken: 1_000_000 + i * 50, at: 1_000_000 + i * 50 + late[i % late.length] });
    }
    arrivals.sort((a, b) => a.at - b.at);
    const shown = [];
    for (; local < 1_009_000; local += 16) {
        while (arrivals.length > 0 && arrivals[0].at <= local) {
            const { taken } = arrivals.shift();
            playout.push(taken + ahead, [taken]);
        }
        const value = playout.at(playout.now)?.[0];
        if (value !== undefined && local > 1_002_000) {
            shown.push(value);
        }
    }
    const steps = shown.slice(1).map((value, i) => value - shown[i]);
    assert.ok(Math.min(...steps) > 12 && Math.max(...steps) < 20, `steps of ${Math.min(...steps)} to ${Math.max(...steps)}`);
});

test('nothing is made up across a gap, nor after the last sample', () => {
    const playout = new Playout(new Track(10, 2), () => 0);
    playout.push(1000, [1, NaN]);
    playout.push(1100, [2, 5]);
    playout.push(9000, [7, 5]);
    assert.equal(playout.at(999), null);
    assert.equal(playout.at(1050)[0], 1.5);
    assert.ok(Number.isNaN(playout.at(1050)[1]));
    assert.equal(playout.at(5000)[0], 2);
    assert.equal(playout.at(99_999)[0], 7);
});

test('time left is told from the rate, and not before there is one', () => {
    const eta = new Eta();
    assert.equal(eta.estimate(100), null);
    for (let t = 0; t <= 2000; t += 100) {
        eta.push(t, t / 100, false);
    }
    assert.equal(eta.estimate(100), null);
    for (let t = 2000; t <= 60_000; t += 100) {
        eta.push(t, t / 100, false);
    }
    const { low, high } = eta.estimate(600);
    assert.ok(Math.abs(low - 60_000) < 1000 && Math.abs(high - 60_000) < 1000);
    assert.equal(eta.estimate(0), null);
});

test('a pause, told or not, is not taken for slowness', () => {
    for (const told of [true, false]) {
        const eta = new Eta();
        for (let t = 0; t <= 20_000; t += 100) {
            eta.push(t, t / 100, told && t === 20_000);
        }
        for (let t = 200_000; t <= 220_000; t += 100) {
            eta.push(t, (t - 180_000) / 100, false);
        }
        const { low, high } = eta.estimate(600);
        assert.ok(low > 55_000 && high < 65_000, `${low} to ${high}`);
    }
});

test('an arm that stands at zero is where its links put it, and keeps its lengths however it turns', () => {
    const points = new Float64Array(3 * POINTS);
    place([0, 0, 0, 0, 0, 0, 0], 0, points);
    const tip = [...points.slice(-3)].map((x) => Math.round(x * 1000) + 0);
    assert.deepEqual(tip, [254, 0, 163]);
    const lengths = () =>
        Array.from({ length: POINTS - 1 }, (_, i) =>
            Math.hypot(points[3 * i + 3] - points[3 * i], points[3 * i + 4] - points[3 * i + 1], points[3 * i + 5] - points[3 * i + 2]),
        );
    const before = lengths();
    place([0.44, 1.38, 1.19, -1.38, 0.3, 0.2, 0], 0, points);
    lengths().forEach((length, i) => assert.ok(Math.abs(length - before[i]) < 1e-9));
    // A turn of the base turns all of it about the foot, to the left.
    place([Math.PI / 2, 0, 0, 0, 0, 0, 0], 0, points);
    assert.deepEqual([...points.slice(-3)].map((x) => Math.round(x * 1000) + 0), [0, 254, 163]);
    // The upper arm lies backwards at zero and stands up when its shoulder turns by a quarter.
    place([0, Math.PI / 2, 0, 0, 0, 0, 0], 0, points);
    assert.deepEqual([...points.slice(9, 12)].map((x) => Math.round(x * 1000) + 0), [20, 0, 367]);
    assert.equal(JOINTS.length, 7);
});

test('a session is remembered point by point, and its history fills what was not seen', () => {
    const track = new SessionTrack('s');
    track.add(10_000, { stroke_idx: 2, pose_idx: 1 });
    track.add(10_000, { stroke_idx: 2, pose_idx: 2 });
    track.add(10_500, { stroke_idx: 2, pose_idx: 1 });
    track.add(11_000, { stroke_idx: 2, pose_idx: 9, is_paused: true });
    assert.equal(track.points.length, 2);
    track.load([
        { id: '9000-0', stroke_idx: '1', pose_idx: '5', description_l: 'x' },
        { id: '10000-0', time: '1970-01-01T00:00:10Z', stroke_idx: 2, pose_idx: 0 },
    ]);
    assert.deepEqual(track.points.map((p) => p.time), [9000, 10_000, 11_000]);
    assert.equal(track.at(8999), null);
    assert.equal(track.at(9500).left, 'x');
    assert.equal(track.at(99_999).paused, true);
});

test('a session of days does not grow without bound, and keeps its turns', () => {
    const track = new SessionTrack('s');
    for (let i = 0; i < 100_000; i++) {
        track.add(i * 200, { stroke_idx: Math.floor(i / 500), pose_idx: i % 500 });
    }
    assert.ok(track.points.length <= 20_000);
    for (let stroke = 150; stroke < 200; stroke++) {
        assert.ok(track.points.some((p) => p.stroke === stroke && p.pose === 0), `beginning of stroke ${stroke}`);
    }
});

test('when the writer\'s clock is set back, tracks begin anew', () => {
    const track = new Track(4, 1);
    [10_000, 10_100].forEach((t) => track.push(t, [t]));
    assert.ok(!track.push(8100, [0]), 'only late');
    assert.ok(!track.push(NaN, [0]));
    assert.equal(track.length, 2);
    assert.ok(track.push(8099, [1]));
    assert.deepEqual([track.length, track.lastTime, track.value(0, 0)], [1, 8099, 1]);

    let local = 50_000;
    const playout = new Playout(new Track(10, 1), () => local);
    playout.push(50_000, [1]);
    local += 100;
    assert.ok(playout.push(47_990, [2]));
    assert.equal(playout.offset, 2110);
    assert.equal(playout.step, 50);
    local += 1000;
    assert.equal(playout.at(playout.now)[0], 2);

    const session = new SessionTrack('s');
    session.add(10_000, { stroke_idx: 2, pose_idx: 1 });
    session.add(9000, { stroke_idx: 2, pose_idx: 2 });
    assert.deepEqual(session.points.map((p) => p.time), [10_000]);
    session.add(7000, { stroke_idx: 2, pose_idx: 1 });
    session.add(7500, { stroke_idx: 2, pose_idx: 3 });
    assert.deepEqual(session.points.map((p) => p.time), [7000, 7500]);
});
