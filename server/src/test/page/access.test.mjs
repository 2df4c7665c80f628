/** Whether everybody can use the page: rules of axe-core, keyboard, narrow screens, print. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Browser } from './browser.mjs';
import { Mock } from './mock.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TEXT = '## Title\n\nText with `code` and [a link](https://example.org).\n\n- [x] done\n\n> quoted\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```java\n'
  + `${'int a = 1; '.repeat(30)}\n\`\`\`\n\n${'averylongword'.repeat(30)}`;
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 320, height: 600 };

let browser;
let mock;

before(async () => {
  browser = await new Browser().start();
  mock = await new Mock().start();
});
after(async () => {
  await browser.stop();
  await mock.stop();
});

async function ask(page, answer = { text: TEXT }) {
  mock.answers.push(answer);
  await page.fill('#message', 'A question');
  await page.press('#message', 'Enter');
  await page.waitForSelector('.message.last.assistant .state[data-kind=ended]');
}

const STATES = {
  'welcome': async () => {},
  'conversation': (page) => ask(page),
  'cut answer': (page) => ask(page, { text: 'It', finish: 'length' }),
  'problem': (page) => ask(page, { status: 400, error: 'It is wrong.' }),
  'editing': async (page) => {
    await ask(page);
    await page.keyboard.press('ArrowUp');
  },
  'settings': (page) => page.click('#settings'),
  'settings with a mistake': async (page) => {
    await page.click('#settings');
    await page.fill('#setting-temperature', '9');
  },
  'conversations': async (page) => {
    if (await page.getAttribute('#toggle-conversations', 'aria-expanded') === 'false') {
      await page.click('#toggle-conversations');
    }
  },
  'notice': async (page) => {
    await ask(page);
    await page.click('.message.last [aria-label=Delete]');
  },
};

for (const size of [DESKTOP, PHONE]) {
  test(`axe-core finds nothing, light and dark, ${size.width} pixels wide, and nothing scrolls sideways`, async () => {
    const page = await browser.page(mock.address, { size });
    page.setDefaultTimeout(15_000);
    for (const [name, reach] of Object.entries(STATES)) {
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.goto(mock.address);
      await page.waitForSelector('.suggestion');
      await reach(page);
      await page.evaluate(AXE);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
        assert.deepEqual(violations.map((each) => [name, colorScheme, each.id, each.nodes.map((node) => `${node.html} ${node.any[0]?.message}`)]), []);
      }
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth
        && document.querySelector('#scroller').scrollWidth <= innerWidth), name);
    }
    await page.close();
  });
}

test('everything is reached by keyboard, with a focus that is seen', async () => {
  const page = await browser.page(mock.address);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await page.waitForSelector('.suggestion');
  await page.evaluate(() => document.activeElement.blur());
  const reached = new Set();
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const [name, width] = await page.evaluate(() => {
      const at = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(at.id === 'message' ? at.form : at);
      return [at.id || at.className, outlineStyle === 'none' ? '0' : outlineWidth];
    });
    if (name !== '') {
      assert.notEqual(width, '0px', `${name} shows no focus`);
      assert.notEqual(width, '0', `${name} shows no focus`);
      reached.add(name);
    }
  }
  for (const name of ['skip', 'new', 'search', 'export', 'import', 'toggle-conversations', 'shortcuts', 'theme', 'settings', 'message', 'send']) {
    assert.ok(reached.has(name), `${name} is not reached`);
  }
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open] kbd');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'message');
  await page.click('#settings');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'settings', 'a dialog gives the focus back');
  await page.close();
});

test('Shift and Enter make a new line, and an answer is announced once', async () => {
  const page = await browser.page(mock.address);
  await page.waitForSelector('.suggestion');
  await page.evaluate(() => {
    globalThis.said = [];
    new MutationObserver(() => {
      const words = document.getElementById('announcements').textContent;
      if (words !== '') {
        globalThis.said.push(words);
      }
    }).observe(document.getElementById('announcements'), { childList: true });
  });
  await page.fill('#message', 'One');
  await page.press('#message', 'Shift+Enter');
  await page.keyboard.type('Two');
  mock.answers.push({ text: 'An answer of some words.', pace: 30 });
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => globalThis.said.length === 2);
  await page.waitForTimeout(150);
  assert.deepEqual(await page.evaluate(() => globalThis.said), ['Answering.', 'Answer: An answer of some words.']);
  assert.equal(mock.requests.at(-1).messages.at(-1).content, 'One\nTwo');
  await page.close();
});

test('on paper there is the whole conversation and nothing else', async () => {
  const page = await browser.page(mock.address);
  await page.waitForSelector('.suggestion');
  await ask(page, { text: 'A line.\n\n'.repeat(60) });
  await page.emulateMedia({ media: 'print' });
  const seen = await page.evaluate(() => ['#conversations', '#composer', 'header', '.tools'].filter((name) => document.querySelector(name).offsetParent !== null));
  assert.deepEqual(seen, []);
  assert.ok(await page.evaluate(() => document.querySelector('#scroller').clientHeight >= document.querySelector('#messages').scrollHeight));
  await page.close();
});
