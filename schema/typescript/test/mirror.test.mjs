import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './client.mjs';

const { StateMirror } = await load('mirror.js');
const { time } = await load('time.js');

const change = (key, value, cause = 'updated', revision = 1) => ({
    key,
    kind: 'robot_state',
    cause,
    revision,
    updated_at: '2026-11-25T12:00:00.5Z',
    value,
});

function filled(...keys) {
    const store = new StateMirror();
    store.apply('hello', { instance: 'a', resumed: false });
    keys.forEach((key) => store.apply('change', change(key, { x: 1 }, 'snapshot')));
    store.apply('ready', { keys: keys.length });
    return store;
}

test('a change sets the document', () => {
    const store = filled('robot:state:hog');
    store.apply('change', change('robot:state:hog', { x: 2 }, 'updated', 5));
    const doc = store.docs.get('robot:state:hog');
    assert.deepEqual([doc.id, doc.revision, doc.value.x], ['hog', 5, 2]);
    assert.equal(doc.updatedAt, Date.parse('2026-11-25T12:00:00.500Z'));
});

test('a document that expired is gone, one that cannot be read stays as it was', () => {
    const store = filled('robot:state:hog', 'robot:state:ook');
    const gone = [];
    store.on('gone', (doc) => gone.push(doc.id));
    store.apply('change', change('robot:state:hog', null, 'expired'));
    store.apply('change', change('robot:state:ook', null, 'unreadable'));
    assert.deepEqual(gone, ['hog']);
    assert.deepEqual([...store.docs.keys()], ['robot:state:ook']);
});

test('a new snapshot replaces the old one, but only once it is complete', () => {
    const store = filled('robot:state:hog', 'robot:state:ook');
    store.apply('node', { node_id: 'hog', condition: 'online' });
    store.apply('hello', { instance: 'b', resumed: false });
    store.apply('change', change('robot:state:ook', { x: 9 }, 'snapshot'));
    assert.equal(store.docs.size, 2);
    store.apply('ready', { keys: 1 });
    assert.deepEqual([...store.docs.keys()], ['robot:state:ook']);
    assert.equal(store.nodes.size, 0);
});

test('a node that is forgotten is gone', () => {
    const store = filled();
    const told = [];
    store.on('node', (node) => told.push(node.condition));
    store.apply('node', { node_id: 'hog', condition: 'offline', since: null });
    store.apply('node', { node_id: 'hog', condition: 'gone', since: null });
    assert.deepEqual([told, store.nodes.size], [['offline', 'gone'], 0]);
});

test('after a resume everything is kept', () => {
    const store = filled('robot:state:hog');
    const ready = [];
    store.on('ready', (value) => ready.push(value.resumed));
    store.apply('hello', { instance: 'a', resumed: true });
    assert.deepEqual(ready, [true]);
    assert.equal(store.docs.size, 1);
});

test('events of a newer server are passed over', () => {
    filled().apply('something', { x: 1 });
});

test('times are read with and without offset', () => {
    assert.equal(time('2026-11-25T12:00:00.123456Z'), time('2026-11-25T12:00:00.123456'));
    assert.equal(time('2026-11-25T13:00:00+01:00'), time('2026-11-25T12:00:00Z'));
    assert.equal(time('soon'), null);
    assert.equal(time(null), null);
});

test('a snapshot in the middle of a stream is as good as one of a new connection, even in the middle of another', () => {
    const store = filled('robot:state:hog', 'robot:state:ook');
    store.apply('change', change('robot:state:eek', { x: 1 }));
    const { generation } = store;
    store.apply('hello', { instance: 'a', resumed: false });
    assert.equal(store.generation, generation + 1);
    store.apply('change', change('robot:state:hog', { x: 2 }, 'snapshot'));
    store.apply('hello', { instance: 'a', resumed: false });
    store.apply('change', change('robot:state:ook', { x: 3 }, 'snapshot'));
    assert.equal(store.docs.size, 3);
    const ready = [];
    store.on('ready', (value) => ready.push(value.resumed));
    store.apply('ready', { keys: 1 });
    assert.deepEqual([[...store.docs.keys()], ready], [['robot:state:ook'], [false]]);
});
