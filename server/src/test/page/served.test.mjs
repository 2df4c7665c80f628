/**
 * The page from real servers, whose addresses come in the environment: TERN_STORIES of a small model, TERN_CHATS of
 * the same with a chat template and a key, which is TERN_KEY.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser } from './browser.mjs';

const { TERN_STORIES: STORIES, TERN_CHATS: CHATS, TERN_KEY: KEY } = process.env;

describe('a real server', { skip: STORIES === undefined ? 'TERN_STORIES names none' : false }, () => {
  let browser;

  before(async () => { browser = await new Browser().start(); });
  after(() => browser.stop());

  async function open(address) {
    const page = await browser.page(address);
    page.setDefaultTimeout(20_000);
    return page;
  }

  const last = (page) => page.innerText('.message.last .words');
  const ended = (page) => page.waitForSelector('.message.last.assistant .state[data-kind=ended]');

  async function set(page, settings) {
    await page.click('#settings');
    for (const [key, value] of Object.entries(settings)) {
      await page.fill(`#setting-${key}`, String(value));
    }
    await page.keyboard.press('Escape');
  }

  async function say(page, text) {
    await page.fill('#message', text);
    await page.press('#message', 'Enter');
    await ended(page);
  }

  test('lets its model tell a story, which is cut and continued', async () => {
    const page = await open(STORIES);
    await page.waitForSelector('text=it continues what you write');
    await set(page, { temperature: 0, max_tokens: 20 });
    await say(page, 'Once upon a time');
    const begun = await last(page);
    assert.match(begun, /^Once upon a time, there was a little girl/);
    assert.match(await page.innerText('.measures'), /^20 tokens · [\d.]+ tokens\/s · first after [\d.]+ s$/);
    assert.match(await page.innerText('#context'), /^\d+ of \d+ tokens of context$/);
    await page.click('.cut button');
    await page.waitForFunction((text) => document.querySelector('.message.last .words').innerText.length > text.length + 20, begun);
    await ended(page);
    assert.ok((await last(page)).startsWith(begun));
    assert.deepEqual(page.complaints, [], 'the policy of the server suits the page');
    await page.close();
  });

  test('gives the same answer for the same seed, and stops where it is told', async () => {
    const page = await open(STORIES);
    await page.waitForSelector('.suggestion');
    await set(page, { temperature: 1, seed: 7, max_tokens: 30, top_k: 40, top_p: 0.95, min_p: 0.01, repetition_penalty: 1.05,
      presence_penalty: 0.1, frequency_penalty: 0.1 });
    await say(page, 'Tom had a boat.');
    const first = await last(page);
    await page.click('.message.last [aria-label="Answer again"]');
    await page.waitForSelector('.message.last .versions');
    await ended(page);
    assert.equal(await last(page), first);
    await page.keyboard.press('Control+k');
    const word = /\p{L}+/u.exec(first.slice('Tom had a boat.'.length + 10))[0];
    await set(page, { stop: word });
    await say(page, 'Tom had a boat.');
    assert.equal((await last(page)).slice('Tom had a boat.'.length).includes(word), false);
    await page.close();
  });

  test('is stopped by the button', async () => {
    const page = await open(STORIES);
    await page.waitForSelector('.suggestion');
    await page.click('#settings');
    await page.click('text=Reset all of these');
    await page.keyboard.press('Escape');
    await page.fill('#message', 'Once');
    await page.evaluate(() => {
      // In one go: so small a model is soon done.
      document.getElementById('send').click();
      document.getElementById('send').click();
    });
    await ended(page);
    assert.match(await page.innerText('.cut'), /You stopped/);
    await page.click('.cut button');
    await page.waitForSelector('.message.writing, .message.last .measures');
    await ended(page);
    assert.ok((await last(page)).length > 'Once'.length);
    await page.close();
  });

  test('says why it refuses', async () => {
    const page = await open(STORIES);
    await page.waitForSelector('.suggestion');
    await say(page, 'A very long story. '.repeat(400));
    assert.match(await page.innerText('.problem'), /context/);
    await page.close();
  });

  test('asks for its key, and chats', async () => {
    const page = await open(CHATS);
    await page.waitForSelector('dialog[open]');
    await page.fill('#asked', KEY);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.suggestion:has-text("Explain")');
    await set(page, { temperature: 0, max_tokens: 24 });
    await page.click('#settings');
    await page.fill('#system', 'Tell a story.');
    await page.keyboard.press('Escape');
    await say(page, 'Once upon a time');
    assert.equal(await page.locator('.message').count(), 2);
    assert.ok((await last(page)).length > 10);
    assert.match(await page.innerText('.measures'), /^\d+ tokens · /);
    await say(page, 'And then');
    assert.equal(await page.locator('.message').count(), 4);
    await page.close();
  });
});
