/** Conversations kept by the browser, each under a key of its own, so that two tabs do not overwrite each other's. */

import { Conversation } from './conversation.js';

const PREFIX = 'tern.conversation.';
const FORMAT = 'tern-conversations';

/** What a person exports and imports. */
export function exported(conversations) {
  return JSON.stringify({ format: FORMAT, version: 1, conversations }, null, 1);
}

/** The conversations of an exported file; throws an Error that says what is wrong. */
export function imported(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  if (file?.format !== FORMAT || file.version !== 1 || !Array.isArray(file.conversations)) {
    throw new Error('it was not exported from this page');
  }
  return file.conversations.map((conversation) => Conversation.read(conversation));
}

export class Store {
  #storage;
  #read = new Map();
  #unkept = new Set();
  /** Whether the last attempt to keep something failed: the browser's space is full, or it keeps nothing. */
  isFull = false;

  constructor(storage) {
    this.#storage = storage;
    this.refresh();
  }

  /**
   * Reads what is there now. What did not change stays the same object, as does what found no room; what is damaged
   * stays where it is and is not shown.
   */
  refresh() {
    const before = this.#read;
    this.#read = new Map([...before].filter(([id]) => this.#unkept.has(id)));
    for (const key of this.#keys()) {
      const id = key.slice(PREFIX.length);
      const text = this.#storage.getItem(key);
      if (this.#read.has(id)) {
        continue;
      }
      if (before.has(id) && JSON.stringify(before.get(id)) === text) {
        this.#read.set(id, before.get(id));
        continue;
      }
      try {
        this.#read.set(id, Conversation.read(JSON.parse(text)));
      } catch {
        // Written by a newer page, perhaps: not ours to delete.
      }
    }
  }

  #keys() {
    try {
      return Object.keys(this.#storage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  }

  /** All, the last changed first; those that contain the words where some are given. */
  list(words = '') {
    const wanted = words.trim().toLowerCase();
    return [...this.#read.values()].filter((each) => wanted === '' || each.contains(wanted))
      .sort((one, other) => other.changed - one.changed);
  }

  get(id) {
    return this.#read.get(id) ?? null;
  }

  /** Keeps a conversation; false where there is no room, and then it lasts only as long as the page. */
  save(conversation) {
    this.#read.set(conversation.id, conversation);
    try {
      this.#storage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
      this.isFull = false;
      this.#unkept.delete(conversation.id);
    } catch {
      this.isFull = true;
      this.#unkept.add(conversation.id);
    }
    return !this.isFull;
  }

  delete(id) {
    this.#read.delete(id);
    this.#unkept.delete(id);
    try {
      this.#storage.removeItem(PREFIX + id);
    } catch {
      // What cannot be reached is not kept either.
    }
  }

  /** Adds conversations from a file; one whose id is taken comes in as a copy, unless it is the same. */
  add(conversations) {
    let added = 0;
    for (const each of conversations) {
      const there = this.get(each.id);
      if (there !== null && JSON.stringify(there) === JSON.stringify(each)) {
        continue;
      }
      this.save(there === null ? each : each.copy());
      added++;
    }
    return added;
  }
}
