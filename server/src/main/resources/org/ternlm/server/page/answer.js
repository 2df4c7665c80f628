/** One answer on its way: asks the server, waits where it is busy, and measures. */

import { ServerError } from './server.js';

const MOST_WAITS = 3;
const SHORTEST_MEASURED = 0.25;
const LONGEST_PROMPT = 0.5;
const GO_ON = 'Continue exactly where you stopped. Do not repeat anything.';

export class Answer {
  #server;
  #stopper = new AbortController();
  /** 'reading' until the first text comes, then 'writing'; 'waiting' while the server is busy; 'ended'. */
  state = 'reading';
  /** Seconds until the next attempt, while waiting. */
  left = 0;
  /** The ServerError that ended it, if one did. */
  failure = null;

  /**
   * @param node the message that it fills, which may hold a beginning already
   * @param changed called after each change
   */
  constructor(server, model, conversation, node, settings, changed) {
    this.#server = server;
    Object.assign(this, { model, conversation, node, settings, changed });
  }

  /** Ends it; what has come stays. */
  stop() {
    this.#stopper.abort();
    this.wake?.();
  }

  /** Tries again now, while waiting. */
  hurry() {
    this.wake?.();
  }

  /** Resolves when the answer has ended, in whatever way. */
  async run() {
    delete this.node.ending;
    for (let waits = 0; ; waits++) {
      try {
        await this.#attempt();
        break;
      } catch (failure) {
        if (this.#stopper.signal.aborted) {
          this.node.ending = 'stopped';
          break;
        }
        if (failure.kind !== 'busy' || waits === MOST_WAITS || !(await this.#wait(failure))) {
          this.#fail(failure);
          break;
        }
      }
    }
    this.#change('ended');
  }

  #fail(failure) {
    this.node.ending = this.#stopper.signal.aborted ? 'stopped' : 'failed';
    this.failure = failure instanceof ServerError ? failure : new ServerError('broken', String(failure?.message ?? failure));
  }

  /** Whether there is to be another attempt. */
  async #wait(failure) {
    this.failure = failure;
    for (this.left = failure.retryAfter; this.left > 0 && !this.#stopper.signal.aborted; this.left--) {
      this.#change('waiting');
      const hurried = await new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), 1000);
        this.wake = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
      if (hurried) {
        break;
      }
    }
    this.wake = null;
    if (this.#stopper.signal.aborted) {
      return false;
    }
    this.failure = null;
    this.#change('reading');
    return true;
  }

  async #attempt() {
    const clock = new Clock();
    const [path, request] = this.model.chats ? this.#chat() : this.#continuation();
    const before = this.node.text;
    for await (const part of this.#server.stream(path, { model: this.model.id, ...this.settings, ...request }, this.#stopper.signal)) {
      if (part.text !== '') {
        clock.tick();
        this.node.text += part.text;
      }
      if (part.finish !== null) {
        this.node.ending = part.finish;
      }
      this.node.stats = clock.stats(part.usage);
      this.#change(this.node.text === before ? 'reading' : 'writing');
    }
  }

  #chat() {
    const messages = turns(this.conversation.path(this.node));
    if (this.node.text !== '') {
      messages.push({ role: 'assistant', content: this.node.text }, { role: 'user', content: GO_ON });
    }
    const system = this.conversation.system.trim();
    return ['v1/chat/completions', { messages: system === '' ? messages : [{ role: 'system', content: system }, ...messages] }];
  }

  #continuation() {
    const prompt = story([...this.conversation.path(this.node), this.node]);
    return ['v1/completions', { prompt }];
  }

  #change(state) {
    this.state = state;
    this.changed(this);
  }
}

/** Messages of both sides in turn: what has no text is left out, and two of one side become one. */
export function turns(nodes) {
  const found = [];
  for (const { role, text } of nodes) {
    if (text.trim() === '') {
      continue;
    }
    if (found.at(-1)?.role === role) {
      found.at(-1).content += `\n\n${text}`;
    } else {
      found.push({ role, content: text });
    }
  }
  return found;
}

/** The text that a model without a chat template continues: all that was written, one behind the other. */
export function story(nodes) {
  let text = '';
  for (const node of nodes) {
    const begins = node.role === 'user' && text !== '' && !/\s$/.test(text) && /^[\p{L}\p{N}"'“‘(]/u.test(node.text);
    text += (begins ? ' ' : '') + node.text;
  }
  return text;
}

/** Times of one answer: the first text, and from then on tokens a second. */
class Clock {
  #begin = performance.now();
  #first = null;
  #last = null;
  #pieces = 0;

  tick() {
    this.#last = performance.now();
    this.#first ??= this.#last;
    this.#pieces++;
  }

  /** A piece counts as a token until the server says how many there were. */
  stats(usage) {
    const tokens = usage?.completion_tokens ?? this.#pieces;
    const first = (this.#first - this.#begin) / 1000;
    const rate = this.#rate(tokens, first);
    return {
      tokens,
      ...(usage ? { prompt: usage.prompt_tokens } : {}),
      ...(this.#first === null ? {} : { first }),
      ...(rate === null ? {} : { rate }),
    };
  }

  /**
   * Tokens a second from the first one on. A short answer may wait in the browser and come at once, which would look
   * like any speed: that of the whole request is taken then, or none where the prompt took most of it.
   */
  #rate(tokens, first) {
    const seconds = (this.#last - this.#first) / 1000;
    if (this.#first === null || tokens < 2) {
      return null;
    }
    if (seconds >= SHORTEST_MEASURED) {
      return (tokens - 1) / seconds;
    }
    return first < LONGEST_PROMPT ? tokens / (first + seconds) : null;
  }
}
