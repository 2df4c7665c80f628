/** The page in a browser, against a server whose answers, pace and errors the tests choose. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Mock } from './mock.mjs';

let browser;
let mock;
let page;

before(async () => { browser = await new Browser().start(); });
after(() => browser.stop());
afterEach(async () => {
  await page?.close();
  await mock?.stop();
  page = null;
  mock = null;
});

/** A fresh server, hence an origin of its own with nothing kept, and a page from it. */
async function open(settings = {}, options = {}) {
  mock = await new Mock().start();
  Object.assign(mock, settings);
  page = await browser.page(mock.address, options);
  page.setDefaultTimeout(15_000);
  return page;
}

async function say(text) {
  await page.fill('#message', text);
  await page.press('#message', 'Enter');
}

const ended = () => page.waitForSelector('.message.last.assistant .state[data-kind=ended]');
const texts = () => page.$$eval('.message .words', (all) => all.map((each) => each.innerText.trim()));
const kept = () => page.evaluate(() => Object.values({ ...localStorage }).filter((value) => value.includes('"nodes"')).map((value) => JSON.parse(value)));
const tool = (name, message = '.message.last') => page.click(`${message} .tools [aria-label="${name}"]`);

async function exchange(question, answer) {
  mock.answers.push(answer);
  await say(question);
  await ended();
}

describe('an answer', () => {
  test('streams, is measured, and is kept', async () => {
    await open();
    mock.answers.push({ text: 'The **tern** flies far.', pace: 5, holdAt: 3 });
    await say('What is a tern?');
    await page.waitForSelector('.message.writing');
    assert.equal(await page.getAttribute('#send', 'aria-label'), 'Stop');
    mock.release();
    await ended();
    assert.deepEqual(await texts(), ['What is a tern?', 'The tern flies far.']);
    assert.equal(await page.innerText('.message.last strong'), 'tern');
    assert.match(await page.innerText('.measures'), /^\d+ tokens · [\d.]+ tokens\/s · first after [\d.]+ s$/);
    assert.match(await page.innerText('#context'), /\d+ of 4,096 tokens of context/);
    const [request] = mock.requests;
    assert.equal(request.path, '/v1/chat/completions');
    assert.deepEqual([request.model, request.stream, request.stream_options], ['bitnet-2b-4t', true, { include_usage: true }]);
    assert.deepEqual(request.messages, [{ role: 'user', content: 'What is a tern?' }]);
    assert.equal('temperature' in request, false);
    await page.reload();
    await page.click('#conversation-list .open');
    assert.deepEqual(await texts(), ['What is a tern?', 'The tern flies far.']);
    assert.deepEqual(page.complaints, []);
  });

  test('stops with Esc, keeps what has come, tells the server, and goes on', async () => {
    await open();
    mock.answers.push({ text: 'one two three', holdAt: 2 }, { text: ' and more' });
    await say('Count');
    await page.waitForFunction(() => document.querySelector('.message.last .words').innerText.includes('two'));
    await page.keyboard.press('Escape');
    await ended();
    const [, before] = await texts();
    assert.equal(before, 'one two');
    await page.click('text=Continue');
    await page.waitForFunction(() => document.querySelector('.message.last .words').innerText.endsWith('and more'));
    assert.equal((await texts())[1], `${before} and more`);
    assert.equal(mock.cancelled, 1);
    assert.deepEqual(mock.requests[1].messages.slice(0, 2), [{ role: 'user', content: 'Count' }, { role: 'assistant', content: before }]);
  });

  test('that was cut says so and is continued', async () => {
    await open();
    await exchange('Tell', { text: 'It begins', finish: 'length' });
    assert.match(await page.innerText('.cut'), /cut off/);
    mock.answers.push({ text: ' and ends.' });
    await page.click('.cut button');
    await page.waitForFunction(() => document.querySelector('.message.last .words').innerText === 'It begins and ends.');
    assert.equal(await page.locator('.cut').count(), 0);
  });

  test('is given again, and each version stays', async () => {
    await open();
    await exchange('Hello', { text: 'First.' });
    mock.answers.push({ text: 'Second.' });
    await tool('Answer again');
    await page.waitForFunction(() => document.querySelector('.message.last .words').innerText === 'Second.');
    await ended();
    assert.match(await page.innerText('.versions'), /2\/2/);
    await tool('Earlier version of this answer');
    assert.deepEqual(await texts(), ['Hello', 'First.']);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Later version of this answer');
    assert.deepEqual(mock.requests[1].messages, [{ role: 'user', content: 'Hello' }]);
  });

  test('in Markdown becomes elements, never markup of its own', async () => {
    await open();
    const text = '# Title\n\n<img src=x onerror=alert(1)>\n\n[bad](javascript:alert(1)) [good](https://example.org)\n\n```html\n<b>code</b>\n```\n\n|a|b|\n|-|-:|\n|1|2|';
    await exchange('Show', { text });
    assert.equal(await page.locator('.message.last img, .message.last b').count(), 0);
    assert.deepEqual(await page.$$eval('.message.last a', (all) => all.map((a) => [a.href, a.rel])), [['https://example.org/', 'noopener noreferrer nofollow']]);
    assert.equal(await page.innerText('.message.last pre'), '<b>code</b>');
    assert.equal(await page.locator('.message.last td').count(), 2);
    await page.click('.message.last [aria-label="Copy code"]');
    await page.waitForSelector('.message.last .code .icon-done');
  });

  test('that grows leaves finished blocks, and what is selected in them, alone', async () => {
    await open();
    mock.answers.push({ text: 'A first paragraph.\n\nA second one that goes on.', holdAt: 6 });
    await say('Go');
    await page.waitForFunction(() => document.querySelectorAll('.message.last p:not(.measures)').length > 1);
    await page.evaluate(() => getSelection().selectAllChildren(document.querySelector('.message.last p')));
    mock.release();
    await ended();
    assert.equal(await page.evaluate(() => String(getSelection())), 'A first paragraph.');
  });
});

describe('errors', () => {
  test('a busy server is asked again after the time that it names', async () => {
    await open();
    mock.answers.push({ status: 503, error: 'Too many wait.', headers: { 'Retry-After': '1' } }, { text: 'At last.' });
    await say('Hello');
    await page.waitForSelector('.problem .left');
    assert.match(await page.innerText('.problem'), /Too many wait\. Trying again in 1 s\./);
    await ended();
    assert.deepEqual(await texts(), ['Hello', 'At last.']);
  });

  test('or at once, or not at all', async () => {
    await open();
    const busy = { status: 429, error: 'Too many wait.', headers: { 'Retry-After': '60' } };
    mock.answers.push(busy, busy);
    await say('Hello');
    await page.click('text=Try now');
    await page.waitForFunction(() => document.querySelector('.problem .left')?.textContent === '60');
    await page.click('#send');
    await ended();
    assert.equal(mock.requests.length, 2);
    assert.match(await page.innerText('.cut'), /You stopped/);
  });

  test('a refused request shows why, and can be tried again', async () => {
    await open();
    mock.answers.push({ status: 400, error: 'messages: 5000 tokens, the context holds 4096' }, { text: 'Fine.' });
    await say('Hello');
    await page.waitForSelector('.problem');
    assert.match(await page.innerText('.problem'), /the context holds 4096/);
    await page.click('text=Try again');
    await ended();
    assert.deepEqual(await texts(), ['Hello', 'Fine.']);
  });

  test('a connection that breaks keeps what has come', async () => {
    await open();
    mock.answers.push({ text: 'one two three four', holdAt: 2, breaks: true });
    await say('Count');
    await page.waitForFunction(() => document.querySelector('.message.last .words').innerText.includes('two'));
    mock.release();
    await page.waitForSelector('.problem');
    assert.deepEqual(await texts(), ['Count', 'one two']);
    assert.match(await page.innerText('.problem'), /before the answer was complete/);
  });

  test('a server that is gone is said to be, until it is back', async () => {
    await open();
    await page.waitForSelector('.suggestion');
    mock.isWell = false;
    await say('Hello');
    await page.waitForSelector('.problem');
    await page.waitForSelector('#trouble:not([hidden])');
    mock.isWell = true;
    await page.waitForSelector('#trouble', { state: 'hidden' });
    await page.click('text=Try again');
    await ended();
    assert.deepEqual(await texts(), ['Hello', 'An answer.']);
  });

  test('a key is asked for, kept for the tab, and sent', async () => {
    await open({ key: 'secret' });
    await page.waitForSelector('dialog[open]');
    await page.fill('#asked', 'wrong');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#asked')?.value === '');
    await page.fill('#asked', 'secret');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.suggestion');
    assert.deepEqual(await page.evaluate(() => [Object.values({ ...sessionStorage }), Object.values({ ...localStorage })]), [['secret'], []]);
    await exchange('Hello', { text: 'Hi.' });
    assert.deepEqual(await texts(), ['Hello', 'Hi.']);
  });
});

describe('messages', () => {
  test('an earlier one is edited, and both branches stay', async () => {
    await open();
    await exchange('One', { text: 'First.' });
    await exchange('Two', { text: 'Second.' });
    await page.hover('.message.user >> nth=0');
    await tool('Edit', '.message.user >> nth=0 >>');
    await page.fill('.editing textarea', 'Uno');
    mock.answers.push({ text: 'Primo.' });
    await page.click('.editing button[type=submit]');
    await ended();
    assert.deepEqual(await texts(), ['Uno', 'Primo.']);
    assert.deepEqual(mock.requests[2].messages, [{ role: 'user', content: 'Uno' }]);
    await tool('Earlier version of this message', '.message.user');
    assert.deepEqual(await texts(), ['One', 'First.', 'Two', 'Second.']);
  });

  test('one is deleted, and brought back', async () => {
    await open();
    await exchange('One', { text: 'First.' });
    await tool('Delete');
    assert.deepEqual(await texts(), ['One']);
    await page.click('text=Undo');
    assert.deepEqual(await texts(), ['One', 'First.']);
    assert.equal(Object.keys((await kept())[0].nodes).length, 3);
  });

  test('the reader may read while the answer grows', async () => {
    await open({}, { size: { width: 800, height: 500 } });
    mock.answers.push({ text: 'A line.\n\n'.repeat(60), holdAt: 90 });
    await say('Go');
    const left = () => page.$eval('#scroller', (s) => s.scrollHeight - s.scrollTop - s.clientHeight);
    await page.waitForFunction(() => document.querySelector('#scroller').scrollTop > 150);
    assert.ok(await left() < 60, 'it follows the end');
    await page.hover('#scroller');
    await page.mouse.wheel(0, -120);
    await page.waitForSelector('#to-end:not([hidden])');
    await page.waitForTimeout(100);
    const [place, height] = await page.$eval('#scroller', (s) => [s.scrollTop, s.scrollHeight]);
    mock.release();
    await page.waitForFunction((before) => document.querySelector('#scroller').scrollHeight > before + 300, height);
    assert.equal(await page.$eval('#scroller', (s) => s.scrollTop), place, 'the reader\'s place stays');
    await page.click('#to-end');
    await ended();
    assert.ok(await left() < 60, 'it follows again');
  });
});

describe('conversations', () => {
  test('are listed, opened, renamed, found and deleted', async () => {
    await open();
    await exchange('About birds', { text: 'They fly.' });
    await page.keyboard.press('Control+k');
    assert.deepEqual(await texts(), []);
    await exchange('About fish', { text: 'They swim.' });
    const names = () => page.$$eval('#conversation-list .open', (all) => all.map((each) => each.textContent));
    assert.deepEqual(await names(), ['About fish', 'About birds']);
    await page.fill('#search', 'FLY');
    assert.deepEqual(await names(), ['About birds']);
    await page.click('#conversation-list .open');
    assert.deepEqual(await texts(), ['About birds', 'They fly.']);
    await page.fill('#search', '');
    await page.click('[aria-label="Rename “About birds”"]');
    await page.fill('#asked', 'Terns');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.title.startsWith('Terns'));
    await page.click('[aria-label="Delete “Terns”"]');
    assert.deepEqual(await names(), ['About fish']);
    await page.click('text=Undo');
    assert.deepEqual(new Set(await names()), new Set(['About fish', 'Terns']));
    assert.deepEqual(await texts(), ['About birds', 'They fly.']);
  });

  test('one goes on answering while another is open', async () => {
    await open();
    mock.answers.push({ text: 'A slow answer with many words in it.', holdAt: 3 }, { text: 'Quick.' });
    await say('Slow');
    await page.waitForSelector('.message.writing');
    await page.keyboard.press('Control+k');
    await say('Fast');
    await ended();
    assert.deepEqual(await texts(), ['Fast', 'Quick.']);
    assert.equal(await page.locator('#conversation-list .running').count(), 1);
    mock.release();
    await page.click('#conversation-list .open:has-text("Slow")');
    await ended();
    assert.deepEqual(await texts(), ['Slow', 'A slow answer with many words in it.']);
  });

  test('are exported and imported', async () => {
    await open();
    await exchange('About birds', { text: 'They fly.' });
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export')]);
    const file = await readFile(await download.path());
    await page.click('[aria-label^="Delete “"]');
    await page.setInputFiles('#import-file', { name: 'a.json', mimeType: 'application/json', buffer: file });
    await page.click('#conversation-list .open');
    assert.deepEqual(await texts(), ['About birds', 'They fly.']);
    await page.setInputFiles('#import-file', { name: 'b.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    await page.waitForSelector('text=“b.json” was not imported: it was not exported from this page.');
  });

  test('a full browser is said to be full, and nothing on the page is lost', async () => {
    await open();
    await page.evaluate(() => {
      for (let size = 1 << 20; size >= 16; size >>= 1) {
        try {
          for (;;) {
            localStorage.setItem(`filling ${Math.random()}`, 'x'.repeat(size));
          }
        } catch { /* A smaller piece may still fit. */ }
      }
    });
    await exchange('Hello', { text: 'Hi.' });
    await page.waitForSelector('text=The browser has no room left for conversations');
    assert.deepEqual(await texts(), ['Hello', 'Hi.']);
    await page.evaluate(() => localStorage.clear());
  });

  test('another tab sees what changed', async () => {
    await open();
    const other = await browser.page(mock.address);
    await exchange('Hello', { text: 'Hi.' });
    await other.waitForSelector('#conversation-list .open:has-text("Hello")');
    await other.close();
  });
});

describe('settings', () => {
  test('are sent, explained, checked and reset', async () => {
    await open();
    await page.keyboard.press('Control+,');
    await page.fill('#system', 'Answer in one word.');
    await page.fill('#setting-temperature', '0.5');
    await page.fill('#setting-top_k', '20');
    await page.fill('#setting-top_p', '7');
    assert.match(await page.innerText('#setting-top_p-problem'), /0\.01 to 1/);
    await page.fill('#setting-stop', 'END\n\n###');
    await page.keyboard.press('Escape');
    assert.match(await page.innerText('#instructions'), /Answer in one word\./);
    await exchange('Hello', { text: 'Hi.' });
    const [{ messages, temperature, top_k: topK, top_p: topP, stop }] = mock.requests;
    assert.deepEqual(messages[0], { role: 'system', content: 'Answer in one word.' });
    assert.deepEqual([temperature, topK, topP, stop], [0.5, 20, undefined, ['END', '###']]);
    await page.click('#settings');
    await page.click('[aria-label="Reset temperature"]');
    await page.keyboard.press('Escape');
    await exchange('Hello', { text: 'Hi.' });
    assert.equal('temperature' in mock.requests[1], false);
    assert.equal(mock.requests[1].top_k, 20);
    await page.click('#settings');
    await page.click('text=Reset all of these');
    assert.equal(await page.inputValue('#setting-top_k'), '');
  });

  test('the theme follows the system, or the switch', async () => {
    await open({}, { dark: true });
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.click('#theme');
    const light = await ground();
    assert.notEqual(light, dark);
    await page.reload();
    assert.equal(await ground(), light);
    await page.click('#theme');
    assert.equal(await ground(), dark);
    assert.equal(await page.getAttribute('#theme', 'aria-label'), 'Theme: dark');
  });
});

test('a model without a template is given beginnings, and continues them as one text', async () => {
  await open({ models: [{ id: 'stories', context_length: 512, has_chat_template: false }] });
  await page.waitForSelector('text=it continues what you write');
  mock.answers.push({ text: ', there was a tern.', finish: 'length' }, { text: ' It flew.' }, { text: ' to the sea.' });
  await page.click('.suggestion >> nth=0');
  await ended();
  await page.click('.cut button');
  await page.waitForFunction(() => document.querySelector('.message.last .words').innerText === 'Once upon a time, there was a tern. It flew.');
  await ended();
  await say('Then it went');
  await ended();
  assert.deepEqual(mock.requests.map((request) => [request.path, request.prompt]), [
    ['/v1/completions', 'Once upon a time'],
    ['/v1/completions', 'Once upon a time, there was a tern.'],
    ['/v1/completions', 'Once upon a time, there was a tern. It flew. Then it went'],
  ]);
});
