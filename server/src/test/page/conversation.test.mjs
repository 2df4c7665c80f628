import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { story, turns } from '../../main/resources/org/ternlm/server/page/answer.js';
import { Conversation } from '../../main/resources/org/ternlm/server/page/conversation.js';
import { complaint, Settings, SETTINGS } from '../../main/resources/org/ternlm/server/page/settings.js';
import { exported, imported, Store } from '../../main/resources/org/ternlm/server/page/store.js';

/** A browser's storage with room for so many characters. */
function storage(room = Infinity) {
  const kept = {};
  Object.defineProperties(kept, {
    getItem: { value: (key) => kept[key] ?? null },
    setItem: { value: (key, value) => {
      const others = Object.entries(kept).filter(([name]) => name !== key);
      if (others.reduce((sum, [, text]) => sum + text.length, 0) + value.length > room) {
        throw new DOMException('full', 'QuotaExceededError');
      }
      kept[key] = value;
    } },
    removeItem: { value: (key) => { delete kept[key]; } },
  });
  return kept;
}

function talk(...texts) {
  const conversation = Conversation.fresh();
  let last = null;
  texts.forEach((text, i) => { last = conversation.add(last, i % 2 === 0 ? 'user' : 'assistant', text); });
  return conversation;
}

const said = (conversation) => conversation.path().map((node) => node.text);

describe('a conversation', () => {
  test('keeps all versions and shows one', () => {
    const conversation = talk('a', 'b', 'c', 'd');
    const [a, b] = conversation.path();
    const other = conversation.add(a, 'assistant', 'B');
    assert.deepEqual(said(conversation), ['a', 'B']);
    assert.deepEqual(conversation.version(other), { number: 2, count: 2 });
    assert.equal(conversation.choose(other, -1), b);
    assert.deepEqual(said(conversation), ['a', 'b', 'c', 'd']);
    assert.equal(conversation.choose(b, -1), b, 'there is none before the first');
    conversation.add(null, 'user', 'A');
    assert.deepEqual(said(conversation), ['A']);
  });

  test('removes a message with what follows, and brings it back', () => {
    const conversation = talk('a', 'b', 'c', 'd');
    const before = JSON.stringify(conversation.nodes);
    const [a, b] = conversation.path();
    conversation.add(a, 'assistant', 'B');
    const bringBack = conversation.remove(b);
    assert.deepEqual(said(conversation), ['a', 'B']);
    bringBack();
    assert.deepEqual(said(conversation), ['a', 'B']);
    conversation.remove(conversation.path()[1]);
    assert.equal(JSON.stringify(conversation.nodes), before);
    conversation.remove(a);
    assert.ok(conversation.isEmpty);
    assert.deepEqual(said(conversation), []);
  });

  test('is called after its beginning, or as somebody named it', () => {
    const conversation = talk(`one ${'two '.repeat(30)}`);
    assert.match(conversation.label, /^one two .*two…$/);
    assert.ok(conversation.label.length <= 61);
    conversation.title = 'Numbers';
    assert.equal(conversation.label, 'Numbers');
  });

  test('survives being written and read', () => {
    const conversation = talk('a', 'b');
    Object.assign(conversation.path()[1], { ending: 'length', stats: { tokens: 3, rate: 1.5, first: 0.2, prompt: 9 } });
    const read = Conversation.read(JSON.parse(JSON.stringify(conversation)));
    assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(conversation)));
  });

  test('that is damaged is refused', () => {
    const damage = (change) => {
      const value = JSON.parse(JSON.stringify(talk('a', 'b')));
      change(value, Object.values(value.nodes));
      return () => Conversation.read(value);
    };
    assert.throws(damage((value) => { value.id = '../x'; }), /id/);
    assert.throws(damage((value) => { delete value.nodes.root; }), /missing/);
    assert.throws(damage((value, [, a]) => { a.role = 'system'; }), /role/);
    assert.throws(damage((value, [, a]) => { a.text = 7; }), /text/);
    assert.throws(damage((value, [, a, b]) => { b.children.push(a.id); b.chosen = a.id; }), /tree/);
    assert.throws(damage((value, [, a]) => { a.chosen = null; }), /version/);
    assert.throws(damage((value) => { value.nodes.x = { id: 'x', parent: 'x', role: 'user', text: '', children: ['x'], chosen: 'x' }; }), /tree/);
    assert.throws(() => Conversation.read(null), /id/);
    assert.equal(Object.prototype.text, undefined);
  });
});

describe('what the model reads', () => {
  test('both sides take turns', () => {
    const node = (role, text) => ({ role, text });
    assert.deepEqual(turns([node('user', 'a'), node('assistant', ''), node('user', 'b'), node('assistant', 'c')]),
      [{ role: 'user', content: 'a\n\nb' }, { role: 'assistant', content: 'c' }]);
  });

  test('a story is one text', () => {
    const node = (role, text) => ({ role, text });
    assert.equal(story([node('user', 'Once'), node('assistant', ' there was a cat.'), node('user', 'But then'), node('assistant', ', it')]),
      'Once there was a cat. But then, it');
    assert.equal(story([node('user', 'A'), node('assistant', 'b '), node('user', 'c')]), 'Ab c');
    assert.equal(story([node('user', 'A'), node('assistant', 'b'), node('user', ', c')]), 'Ab, c');
  });
});

describe('the store', () => {
  test('lists, finds and deletes', () => {
    const kept = storage();
    const store = new Store(kept);
    const [one, two] = [talk('About birds', 'They fly.'), talk('About fish', 'They SWIM.')];
    one.changed = 1;
    two.changed = 2;
    [one, two].forEach((each) => store.save(each));
    const again = new Store(kept);
    assert.deepEqual(again.list().map((each) => each.id), [two.id, one.id]);
    assert.deepEqual(again.list(' swim').map((each) => each.id), [two.id]);
    again.delete(two.id);
    assert.deepEqual(new Store(kept).list().map((each) => each.id), [one.id]);
  });

  test('says when there is no room, goes on, and recovers', () => {
    const store = new Store(storage(1500));
    const [one, two] = [talk('a'), talk('x'.repeat(2000))];
    assert.ok(store.save(one));
    assert.equal(store.save(two), false);
    assert.ok(store.isFull);
    assert.equal(store.get(two.id), two);
    assert.ok(store.save(one));
    assert.equal(store.isFull, false);
  });

  test('sees what another tab did, and keeps what is its own', () => {
    const kept = storage(3000);
    const store = new Store(kept);
    const [same, changed, gone, large] = [talk('a'), talk('b'), talk('c'), talk('x'.repeat(4000))];
    [same, changed, gone, large].forEach((each) => store.save(each));
    const other = new Store(kept);
    other.get(changed.id).title = 'B';
    other.save(other.get(changed.id));
    other.delete(gone.id);
    store.refresh();
    assert.equal(store.get(same.id), same);
    assert.equal(store.get(changed.id).title, 'B');
    assert.equal(store.get(gone.id), null);
    assert.equal(store.get(large.id), large, 'what found no room is not lost');
  });

  test('leaves alone what it cannot read', () => {
    const kept = storage();
    kept.setItem('tern.conversation.x', '{');
    kept.setItem('tern.conversation.y', '{"id":"y"}');
    assert.deepEqual(new Store(kept).list(), []);
    assert.equal(kept.getItem('tern.conversation.x'), '{');
  });

  test('exports and imports', () => {
    const store = new Store(storage());
    const [one, two] = [talk('a', 'b'), talk('c')];
    const text = exported([one, two]);
    assert.equal(store.add(imported(text)), 2);
    assert.equal(store.add(imported(text)), 0, 'the same ones are there already');
    store.get(one.id).title = 'changed';
    assert.equal(store.add(imported(text)), 1);
    assert.equal(store.list().length, 3);
    assert.throws(() => imported('x'), /JSON/);
    assert.throws(() => imported('{"conversations":[]}'), /exported/);
    assert.throws(() => imported('{"format":"tern-conversations","version":1,"conversations":[{}]}'), /id/);
  });
});

describe('settings', () => {
  test('are checked', () => {
    const named = (key) => SETTINGS.find((setting) => setting.key === key);
    assert.equal(complaint(named('temperature'), ''), null);
    assert.equal(complaint(named('temperature'), '0'), null);
    assert.match(complaint(named('temperature'), '2.1'), /0 to 2/);
    assert.match(complaint(named('temperature'), 'warm'), /number/);
    assert.match(complaint(named('top_k'), '1.5'), /whole/);
    assert.match(complaint(named('max_tokens'), '0'), /from 1/);
  });

  test('last, and only those that were set are sent', () => {
    const kept = storage();
    const settings = new Settings(kept);
    settings.set('temperature', 0);
    settings.set('seed', 7);
    settings.set('stop', ['\\n', 'END']);
    settings.set('system', 'Be brief.');
    settings.set('seed', null);
    assert.deepEqual(new Settings(kept).request(), { temperature: 0, stop: ['\\n', 'END'] });
    settings.reset();
    assert.deepEqual(new Settings(kept).request(), {});
    assert.equal(new Settings(kept).values.system, 'Be brief.');
  });

  test('that are damaged or out of range are left out', () => {
    const kept = storage();
    kept.setItem('tern.settings', '{"temperature":99,"top_k":"x","seed":3,"other":1,"stop":[1,"a"]}');
    assert.deepEqual(new Settings(kept).request(), { seed: 3, stop: ['a'] });
    kept.setItem('tern.settings', 'x');
    assert.deepEqual(new Settings(kept).request(), {});
  });
});
