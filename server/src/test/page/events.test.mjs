import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventParser, events } from '../../main/resources/org/ternlm/server/page/events.js';

const STREAM = '\uFEFF: a comment\r\ndata: {"a":1}\r\n\r\nevent: x\ndata: one\ndata:two\n\nid: 7\n\ndata\n\ndata: grün 🐦\r\rdata: [DONE]\n\n';
const EXPECTED = ['{"a":1}', 'one\ntwo', '', 'grün 🐦', '[DONE]'];

function body(bytes, size, { failsAfter = Infinity, cancelled = () => {} } = {}) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= failsAfter) {
        controller.error(new TypeError('network error'));
      } else if (at >= bytes.length) {
        controller.close();
      } else {
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      }
    },
    cancel: cancelled,
  });
}

async function all(stream) {
  const found = [];
  for await (const event of events(stream)) {
    found.push(event);
  }
  return found;
}

test('a stream gives the same events wherever its bytes are cut', async () => {
  const bytes = new TextEncoder().encode(STREAM);
  for (let size = 1; size <= bytes.length; size++) {
    assert.deepEqual(await all(body(bytes, size)), EXPECTED, `pieces of ${size} bytes`);
  }
});

test('an event counts once its blank line is there, and not before', () => {
  const parser = new EventParser();
  assert.deepEqual(parser.push('data: 1\n'), []);
  assert.deepEqual(parser.push('\ndata: 2'), ['1']);
  assert.deepEqual(parser.push('3\n\n'), ['23']);
});

test('a failing connection fails the reader after what came before', async () => {
  const bytes = new TextEncoder().encode('data: 1\n\ndata: 2\n\n');
  const found = [];
  await assert.rejects(async () => {
    for await (const event of events(body(bytes, 9, { failsAfter: 9 }))) {
      found.push(event);
    }
  }, /network error/);
  assert.deepEqual(found, ['1']);
});

test('a reader that stops early cancels the body', async () => {
  let wasCancelled = false;
  const bytes = new TextEncoder().encode('data: 1\n\n'.repeat(5));
  for await (const event of events(body(bytes, 9, { cancelled: () => { wasCancelled = true; } }))) {
    assert.equal(event, '1');
    break;
  }
  assert.ok(wasCancelled);
});
