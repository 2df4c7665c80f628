/** How answers are drawn: what can be set, what it means, and what is kept. */

const KEY = 'tern.settings';

/**
 * Each setting: `key` is the API's name, `least` and `most` its range, `usual` what servers of this API take by
 * themselves. A setting that nobody touched is not sent, so that the server's own holds.
 */
export const SETTINGS = [
  { key: 'temperature', name: 'Temperature', least: 0, most: 2, step: 0.05, usual: 1,
    hint: 'How daring the answer is. 0 always takes the most likely word; around 0.7 is lively; above 1 it gets wild.' },
  { key: 'max_tokens', name: 'Longest answer', least: 1, most: 1000000, step: 1, unit: 'tokens',
    hint: 'The answer ends here at the latest. A token is a word or a part of one.' },
  { key: 'top_p', name: 'Top-p', least: 0.01, most: 1, step: 0.01, usual: 1,
    hint: 'Only the most likely words whose probabilities add up to this. 1 leaves all of them.' },
  { key: 'top_k', name: 'Top-k', least: 0, most: 1000000, step: 1, usual: 0,
    hint: 'Only so many of the most likely words. 0 leaves all of them.' },
  { key: 'min_p', name: 'Min-p', least: 0, most: 1, step: 0.01, usual: 0,
    hint: 'Only words at least this share as likely as the most likely one. 0 leaves all of them.' },
  { key: 'repetition_penalty', name: 'Repetition penalty', least: 0.1, most: 10, step: 0.05, usual: 1,
    hint: 'Above 1, words that occurred already become less likely. 1 changes nothing.' },
  { key: 'presence_penalty', name: 'Presence penalty', least: -2, most: 2, step: 0.1, usual: 0,
    hint: 'Above 0, words that the answer has used become less likely, once. 0 changes nothing.' },
  { key: 'frequency_penalty', name: 'Frequency penalty', least: -2, most: 2, step: 0.1, usual: 0,
    hint: 'The same, growing with each use. 0 changes nothing.' },
  { key: 'seed', name: 'Seed', least: 0, most: Number.MAX_SAFE_INTEGER, step: 1,
    hint: 'The same seed, conversation and settings give the same answer. Without one, each answer is new.' },
];

/** What is wrong with the text of a field, or null; an empty one is the server's choice. */
export function complaint(setting, text) {
  if (text.trim() === '') {
    return null;
  }
  const value = Number(text);
  if (Number.isNaN(value) || value < setting.least || value > setting.most) {
    return setting.most >= 1000000 ? `A number from ${setting.least} on.` : `A number from ${setting.least} to ${setting.most}.`;
  }
  return setting.step === 1 && !Number.isInteger(value) ? 'A whole number.' : null;
}

export class Settings {
  #storage;
  /** Values by key; `stop` is a list of texts, `system` the instructions of new conversations. */
  values;

  constructor(storage) {
    this.#storage = storage;
    this.values = read(storage);
  }

  /** Sets one, or with null gives it back to the server. */
  set(key, value) {
    if (value === null) {
      delete this.values[key];
    } else {
      this.values[key] = value;
    }
    this.#keep();
  }

  /** Gives all of them back to the server; instructions stay. */
  reset() {
    this.values = this.values.system === undefined ? {} : { system: this.values.system };
    this.#keep();
  }

  #keep() {
    try {
      this.#storage.setItem(KEY, JSON.stringify(this.values));
    } catch {
      // Without room they last as long as the page.
    }
  }

  /** The fields of a request. */
  request() {
    const { system, stop, ...numbers } = this.values;
    return stop?.length > 0 ? { ...numbers, stop } : numbers;
  }
}

/** What was kept, without anything that is not a setting any more or out of its range. */
function read(storage) {
  let kept;
  try {
    kept = JSON.parse(storage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
  const values = {};
  for (const setting of SETTINGS) {
    if (typeof kept[setting.key] === 'number' && complaint(setting, String(kept[setting.key])) === null) {
      values[setting.key] = kept[setting.key];
    }
  }
  if (Array.isArray(kept.stop)) {
    values.stop = kept.stop.filter((text) => typeof text === 'string' && text !== '');
  }
  if (typeof kept.system === 'string') {
    values.system = kept.system;
  }
  return values;
}
