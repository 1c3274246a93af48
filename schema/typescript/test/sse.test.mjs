import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './client.mjs';

const { SseParser } = await load('sse.js');

function parse(...pieces) {
    const heard = [];
    const parser = new SseParser(
        (type, data, id) => heard.push({ type, data, id }),
        (text) => heard.push({ comment: text }),
        (ms) => heard.push({ retry: ms }),
    );
    pieces.forEach((piece) => parser.push(piece));
    return heard;
}

const STREAM = ': beat\n\nretry: 500\nevent: change\nid: 7\ndata: {"a":1}\n\ndata: one\ndata:two\n\n';
const EXPECTED = [
    { comment: 'beat' },
    { retry: 500 },
    { type: 'change', data: '{"a":1}', id: '7' },
    { type: 'message', data: 'one\ntwo', id: '7' },
];

test('events, comments and retry are told in order', () => {
    assert.deepEqual(parse(STREAM), EXPECTED);
});

test('pieces may end anywhere', () => {
    for (let cut = 0; cut <= STREAM.length; cut++) {
        assert.deepEqual(parse(STREAM.slice(0, cut), STREAM.slice(cut)), EXPECTED);
    }
    assert.deepEqual(parse(...STREAM), EXPECTED);
});

test('lines may end in any way', () => {
    for (const end of ['\r\n', '\r']) {
        const stream = STREAM.replaceAll('\n', end);
        assert.deepEqual(parse(stream), EXPECTED);
        assert.deepEqual(parse(...stream), EXPECTED);
    }
});

test('a byte order mark is passed over, at the beginning only', () => {
    assert.deepEqual(parse('\uFEFFdata: x\n\n'), [{ type: 'message', data: 'x', id: '' }]);
});

test('an event without data, or without its end, is none', () => {
    assert.deepEqual(parse('event: x\n\n', 'data: y\n'), []);
});

test('an id with a zero in it, a retry that is no number and unknown fields are passed over', () => {
    assert.deepEqual(parse('id: a\0b\nretry: soon\nother: x\ndata\n\n'), [{ type: 'message', data: '', id: '' }]);
});

test('a line without end does not fill the memory', () => {
    const parser = new SseParser(() => {});
    assert.throws(() => {
        for (let i = 0; i < 20; i++) {
            parser.push('x'.repeat(1024 * 1024));
        }
    }, /longer than/);
});
