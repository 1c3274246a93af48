import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './client.mjs';

const { channelKinds, channels, keyKinds, keys, models, parseChannel, parseKey } = await load('catalogue.js');

test('names are made and taken apart again', () => {
    assert.equal(keys.robotState('hog'), 'robot:state:hog');
    assert.equal(keys.eventsLog, 'events:log');
    assert.deepEqual(parseKey('stream:stroke_history:stroke_hog_1'), { kind: 'stroke_history', parameters: { session_id: 'stroke_hog_1' } });
    assert.equal(channels.errorEvents('camera'), 'error:events:camera');
    assert.deepEqual(parseChannel('stroke:events:session'), { kind: 'stroke_session', parameters: {} });
});

test('an id that would widen a name is refused', () => {
    for (const id of ['', 'a:b', '*', 'hog\n', 'a b', '.hog', 'h'.repeat(65), undefined]) {
        if (id !== undefined) {
            assert.throws(() => keys.robotState(id), RangeError, JSON.stringify(id));
        }
        assert.equal(parseKey(`robot:state:${id ?? ''}`), null);
    }
    assert.equal(parseKey('robot:state'), null);
    assert.equal(parseKey('xrobot:state:hog'), null);
    assert.equal(parseChannel('robot:events:hog'), null);
});

test('what one kind names, another has', () => {
    for (const { index, channel, document } of Object.values(keyKinds)) {
        assert.ok(index === undefined || index in keyKinds);
        assert.ok(channel === undefined || channel in channelKinds);
        assert.equal(document === undefined, channel === undefined);
    }
    assert.deepEqual(
        Object.keys(models),
        Object.values(keyKinds).filter(({ document }) => document).map(({ name }) => name),
    );
});

test('a field says what people want to know', () => {
    const field = models.node_health.fields.cpu_percent;
    assert.deepEqual([field.title, field.unit, field.minimum, field.maximum, field.default], ['Processor', '%', 0, 100, 0]);
    assert.equal(models.robot_state.fields.timestamp.type, 'time');
});
