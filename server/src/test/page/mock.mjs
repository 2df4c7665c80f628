/** A server that plays the API for the page: answers that are known beforehand, at a pace that tests choose, and errors. */

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const PAGE = new URL('../../main/resources/org/ternlm/server/page/', import.meta.url);
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml' };
const POLICY = 'default-src \'none\'; script-src \'self\'; style-src \'self\'; connect-src \'self\'; img-src \'self\' data:; '
  + 'base-uri \'none\'; form-action \'none\'; frame-ancestors \'none\'; require-trusted-types-for \'script\'; trusted-types \'none\'';

export class Mock {
  /**
   * What the next answers are: {text} in pieces of a few letters, with {finish}, {pace} in milliseconds a piece,
   * {delay} before the first, {holdAt} a piece until `release()`, where it {breaks}; or {status, error, headers}.
   */
  answers = [];
  /** Bodies of the requests for answers, in order. */
  requests = [];
  /** Requests whose client went away. */
  cancelled = 0;
  #release = () => {};
  models = [{ id: 'bitnet-2b-4t', object: 'model', context_length: 4096, has_chat_template: true }];
  key = null;
  isWell = true;
  #server = createServer((request, response) => this.#handle(request, response).catch((failure) => response.destroy(failure)));

  async start(port = 0) {
    await new Promise((resolve) => { this.#server.listen(port, '127.0.0.1', resolve); });
    return this;
  }

  get address() {
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }

  async #handle(request, response) {
    const { pathname } = new URL(request.url, this.address);
    if (!pathname.startsWith('/v1/')) {
      return pathname === '/health' ? this.#send(response, this.isWell ? 200 : 503, {}) : this.#file(response, pathname);
    }
    if (!this.isWell) {
      return request.socket.destroy();
    }
    if (this.key !== null && request.headers.authorization !== `Bearer ${this.key}`) {
      return this.#send(response, 401, { error: { message: 'the API key is wrong' } });
    }
    if (pathname === '/v1/models') {
      return this.#send(response, 200, { object: 'list', data: this.models });
    }
    let body = '';
    for await (const piece of request) {
      body += piece;
    }
    this.requests.push({ path: pathname, ...JSON.parse(body) });
    return this.#answer(response, this.answers.shift() ?? { text: 'An answer.' });
  }

  #send(response, status, body, headers = {}) {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }

  async #file(response, pathname) {
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    if (!/^[a-z-]+\.(html|js|css|svg)$/.test(name)) {
      return this.#send(response, 404, { error: { message: 'nothing is here' } });
    }
    const content = await readFile(new URL(name, PAGE));
    response.writeHead(200, { 'Content-Type': TYPES[name.split('.').at(-1)], 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' });
    response.end(content);
  }

  /** Lets the answer go on that was held. */
  release() {
    this.#release();
  }

  async #answer(response, { text, finish = 'stop', pace = 0, status = 200, error, headers, holdAt = -1, breaks = false, delay = 0 }) {
    if (status !== 200) {
      return this.#send(response, status, { error: { message: error } }, headers);
    }
    let isOpen = true;
    let goOn = () => {};
    response.on('close', () => {
      isOpen = false;
      this.cancelled += response.writableFinished ? 0 : 1;
      goOn();
    });
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const parts = text.match(/\s*\S{1,6}|\s+$/g) ?? [];
    const told = this.requests.at(-1).path.endsWith('/chat/completions') ? (content) => ({ delta: { content } }) : (content) => ({ text: content });
    const event = (data) => response.write(`data: ${JSON.stringify(data)}\n\n`);
    await pause(delay);
    for (let i = 0; i < parts.length && isOpen; i++) {
      if (i === holdAt) {
        await new Promise((resolve) => {
          goOn = resolve;
          this.#release = resolve;
        });
        if (breaks) {
          return response.destroy();
        }
      }
      event({ choices: [{ index: 0, ...told(parts[i]), finish_reason: null }] });
      await pause(pace);
    }
    if (isOpen) {
      event({ choices: [{ index: 0, ...told(''), finish_reason: finish }] });
      event({ choices: [], usage: { prompt_tokens: 20, completion_tokens: parts.length, total_tokens: 20 + parts.length } });
      response.end('data: [DONE]\n\n');
    }
  }
}
