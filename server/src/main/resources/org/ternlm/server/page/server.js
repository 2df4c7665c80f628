/** What the page asks of the server that it came from. */

import { events } from './events.js';

/**
 * Why there is no answer. `kind` is `gone` (nobody answers), `key` (an API key is wanted), `busy` (later, after
 * `retryAfter` seconds), `refused` (the request is wrong) or `broken` (the server's fault, or an unfinished answer).
 */
export class ServerError extends Error {
  constructor(kind, message, retryAfter = null) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }
}

const KEY = 'tern.key';
const DEFAULT_WAIT = 5;
const LONGEST_WAIT = 600;

export class Server {
  #base;
  #keys;

  /** @param base the page's address; @param keys where the key is kept, as long as the tab is open */
  constructor(base = document.baseURI, keys = sessionStorage) {
    this.#base = base;
    this.#keys = keys;
  }

  setKey(key) {
    this.#keys.setItem(KEY, key);
  }

  /** Models with `id`, `contextLength` (null if unknown) and `chats` (false for one that only continues texts). */
  async models() {
    const response = await this.#fetch('v1/models');
    const list = await json(response);
    if (!Array.isArray(list?.data) || list.data.length === 0) {
      throw new ServerError('broken', 'The server names no model.');
    }
    return list.data.map((model) => ({
      id: String(model.id),
      contextLength: positive(model.context_length ?? model.max_model_len),
      chats: model.has_chat_template !== false,
    }));
  }

  /** Whether the server is there and well. */
  async isHealthy() {
    try {
      return (await this.#fetch('health')).ok;
    } catch {
      return false;
    }
  }

  /**
   * Streams an answer: objects with `text`, and with `finish` or `usage` where the server says so. Throws ServerError,
   * and what fetch throws when the signal stops it.
   */
  async* stream(path, request, signal) {
    const response = await this.#fetch(path, {
      method: 'POST', signal, body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
      headers: { 'Content-Type': 'application/json' },
    });
    let finished = false;
    try {
      for await (const data of events(response.body)) {
        if (data === '[DONE]') {
          return;
        }
        const part = readPart(data);
        finished ||= part.finish !== null;
        yield part;
      }
    } catch (failure) {
      if (failure instanceof ServerError || signal?.aborted) {
        throw failure;
      }
      throw new ServerError('gone', 'The connection broke before the answer was complete.');
    }
    if (!finished) {
      throw new ServerError('gone', 'The connection ended before the answer was complete.');
    }
  }

  async #fetch(path, options = {}) {
    const key = this.#keys.getItem(KEY);
    const headers = { ...options.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
    let response;
    try {
      response = await fetch(new URL(path, this.#base), { ...options, headers, cache: 'no-store', credentials: 'omit' });
    } catch (failure) {
      if (options.signal?.aborted) {
        throw failure;
      }
      throw new ServerError('gone', 'The server does not answer.');
    }
    if (!response.ok) {
      throw await refusal(response);
    }
    return response;
  }
}

async function json(response) {
  try {
    return await response.json();
  } catch {
    throw new ServerError('broken', 'The server answered with something that is not JSON.');
  }
}

function positive(value) {
  return Number.isInteger(value) && value > 0 ? value : null;
}

async function refusal(response) {
  let said = null;
  try {
    const message = (await response.json())?.error?.message;
    said = typeof message === 'string' && message !== '' ? message : null;
  } catch {
    // An error without a body in JSON still has its status.
  }
  switch (response.status) {
    case 401:
      return new ServerError('key', said ?? 'The server wants an API key.');
    case 429:
    case 503:
      return new ServerError('busy', said ?? 'The server is busy.', wait(response.headers.get('Retry-After')));
    default:
      return new ServerError(response.status < 500 ? 'refused' : 'broken',
        said ?? `The server answered with status ${response.status}.`);
  }
}

/** Seconds from a Retry-After header, which holds seconds or a date. */
function wait(header) {
  const seconds = /^\d+$/.test(header ?? '') ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? DEFAULT_WAIT : Math.min(Math.max(1, Math.ceil(seconds)), LONGEST_WAIT);
}

function readPart(data) {
  let part;
  try {
    part = JSON.parse(data);
  } catch {
    throw new ServerError('broken', 'The server sent an event that is not JSON.');
  }
  if (part?.error) {
    throw new ServerError('broken', String(part.error.message ?? 'The server could not go on.'));
  }
  const choice = part?.choices?.[0];
  return {
    text: choice?.delta?.content ?? choice?.text ?? '',
    finish: choice?.finish_reason ?? null,
    usage: part?.usage ?? null,
  };
}
