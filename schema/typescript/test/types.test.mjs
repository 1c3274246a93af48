import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, utimesSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compile, install, pack } from './package.mjs';

const RIGHT = `
import { StateClient, StateError, StateMirror, channels, keys, models, parseKey, type Documents, type KnownEvent } from 'tatbot-state';

const client = new StateClient({ url: 'http://eek:8765', token: 'tat_x' });
const reading = await client.read(keys.robotState('hog'));
const joints: number[] | null | undefined = reading?.value?.joints_l;
const alias: unknown = (await client.read('stroke:progress'))?.value;
await client.write(keys.nodeHealth('hog'), { timestamp: '2026-11-26T00:00:00Z', node_id: 'hog', cpu_percent: 5 });
await client.publish(channels.errorEvents('camera'), { type: 'error', category: 'camera', message: 'no frame' });
await client.publish(channels.systemEvents, { type: 'lamp_on', data: { lux: 400 } });
const page = await client.list('stroke_progress', { limit: 10 });
const stroke: number | undefined = page.items[0]?.value?.stroke_idx;
const mirror = new StateMirror();
const stream = client.stream({
    filter: { kinds: ['robot_state'], channels: [channels.strokeSession] },
    onEvent(type, data) {
        mirror.apply(type, data);
        if (type === 'change' && data.kind === 'robot_state') {
            const pose: string | undefined = data.value?.current_pose;
            console.log(pose);
        }
        if (type === 'lost') {
            console.log(data.count);
        }
    },
});
stream.start();
mirror.on('doc', (doc) => console.log(doc.id, doc.kind));
const { live, staleMs } = mirror.freshness(stream);
const unit: string | undefined = models.robot_state.fields['joints_l']?.unit;
function told(event: KnownEvent): string {
    switch (event.type) {
        case 'session_end':
            return event.reason ?? 'not said';
        case 'error':
            return event.message;
        default:
            return event.type;
    }
}
function left(document: Documents['stroke_progress']) {
    return (document.total_strokes ?? 0) - (document.stroke_idx ?? 0);
}
try {
    await client.status({ signal: AbortSignal.timeout(100) });
} catch (e) {
    console.log(e instanceof StateError && e.code === 'timeout' && e.retryAfterMs);
}
console.log(joints, alias, stroke, live, staleMs, unit, told, left, parseKey('robot:state:hog')?.kind);
`;

test('a program that uses everything compiles, as strictly as can be', () => {
    assert.equal(compile({ 'right.ts': RIGHT }), '');
});

const HEAD = `import { StateClient, channels, keys, type RobotState, type KnownEvent, type StrokeProgress } from 'tatbot-state';
const client = new StateClient();
const base = { timestamp: '2026-11-26T00:00:00Z', node_id: 'hog' };
declare const state: RobotState;
declare const event: KnownEvent;
`;

const WRONG = {
    'a field that is none': ["console.log(state.joint_l);", /TS2551.*'joint_l' does not exist.*'joints_l'/],
    'a value that may be absent': ['const n: number = state.goal_time_slow;', /TS2322.*undefined/],
    'a value that may be null': ['const n: number[] = state.joints_l!.map(String);', /TS2322.*string\[\]/],
    'another type': ["await client.write(keys.robotState('hog'), { ...base, current_pose: 5 });", /TS2322.*'number'.*'string'/],
    'the document of another key': ["await client.write(keys.nodeHealth('hog'), { ...base, current_pose: 'ready' });", /TS2353.*current_pose/],
    'a key that holds no document': ["await client.write(keys.eventsLog, base);", /TS2345.*"events:log"/],
    'a field that is required': ["await client.write(keys.robotState('hog'), { node_id: 'hog' });", /TS2\d\d\d.*timestamp/],
    'a type that the channel does not have': ["await client.publish(channels.strokeSession, { type: 'error', category: 'c', message: 'm' });", /TS2\d\d\d/],
    'a field that the event needs': ["await client.publish(channels.errorEvents('c'), { type: 'error', category: 'c' });", /TS2345[^]*'message' is missing/],
    'a channel that is none': ["await client.publish('stroke:events:sessions', { type: 'x' });", /TS2345.*never/],
    'a reason that is none': ["if (event.type === 'session_end' && event.reason === 'finished') console.log();", /TS2367.*no overlap/],
    'a kind that is none': ["await client.list('robots');", /TS2345.*"robots"/],
    'a field of the document of another key': ["(await client.read(keys.robotState('hog')))?.value?.stroke_idx;", /TS2339.*'stroke_idx'.*'RobotState'/],
};

test('a program that is wrong does not', () => {
    const files = Object.entries(WRONG).map(([, [line]], i) => [`wrong${i}.ts`, `${HEAD}${line}\nexport { base, client, event, state, channels, keys, type StrokeProgress };\n`]);
    const said = compile(Object.fromEntries(files));
    Object.entries(WRONG).forEach(([what, [, expected]], i) => {
        const mine = said.split(/^(?=wrong)/m).filter((one) => one.startsWith(`wrong${i}.ts`)).join('');
        assert.match(mine, expected, `${what}: ${mine || 'compiles'}`);
    });
});

test('the package works where it is installed', () => {
    const folder = install(pack());
    try {
        const program = `import { channels, keys, models, version } from 'tatbot-state';
            import robot from 'tatbot-state/schema/models/robot-state.json' with { type: 'json' };
            console.log(keys.robotState('hog'), channels.nodeEvents('ook'), models.node_health.fields.cpu_percent.unit, robot.title, version);`;
        const said = execFileSync(process.execPath, ['--input-type=module', '--no-warnings', '-e', program], { cwd: folder, encoding: 'utf8' });
        assert.match(said, /^robot:state:hog node:events:ook % Robot state \d+[.]\d+[.]\d+/);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
});

test('it is the same each time, whenever it is packed', () => {
    const sum = () => createHash('sha256').update(readFileSync(pack())).digest('hex');
    const first = sum();
    const model = fileURLToPath(new URL('../target/classes/ai/tatbot/state/typescript/client/model.d.ts', import.meta.url));
    utimesSync(model, new Date(0), new Date(0));
    assert.equal(sum(), first);
});
