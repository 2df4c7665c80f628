/** Starts Debian's Chromium, or the one that CHROMIUM names, without anything that would speak to the network. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export class Browser {
  #folder;
  #context;

  async start(options = {}) {
    this.#folder = await mkdtemp(join(tmpdir(), 'tern-page-'));
    this.#context = await chromium.launchPersistentContext(this.#folder, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS, viewport: { width: 1280, height: 800 }, ...options,
    });
    return this;
  }

  /** A page of its own, with the errors that it met in `page.complaints`. */
  async page(address, { dark = false, size = null } = {}) {
    const page = await this.#context.newPage();
    page.complaints = [];
    page.on('pageerror', (failure) => page.complaints.push(String(failure)));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        page.complaints.push(message.text());
      }
    });
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    if (size !== null) {
      await page.setViewportSize(size);
    }
    await page.goto(address);
    return page;
  }

  async stop() {
    await this.#context.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
