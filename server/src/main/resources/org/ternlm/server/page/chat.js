/** What the page knows and does: models, the conversation shown, and answers on their way. Views listen to it. */

import { Answer } from './answer.js';
import { Conversation } from './conversation.js';
import { announce, notice } from './notice.js';

const SAVE_MILLISECONDS = 1000;
const RETRY_MILLISECONDS = 3000;
const LONGEST_READ_OUT = 400;

/**
 * Tells its listeners of `shown` (another conversation or path), `answer` (one of its messages changed), `list`
 * (conversations changed), `edit` (a message is to be edited) and `server` (models, or whether the server is there).
 */
export class Chat extends EventTarget {
  models = [];
  model = null;
  /** Why there are no models, or null. */
  trouble = null;
  /** Why a message failed, by the message's id, until the page is left. */
  failures = new Map();
  #running = new Map();
  #savedAt = 0;
  #nextTry = null;

  /** @param askKey resolves to an API key, or to null */
  constructor(server, store, settings, askKey) {
    super();
    Object.assign(this, { server, store, settings, askKey });
    this.conversation = this.#fresh();
  }

  #fresh() {
    return Conversation.fresh(this.settings.values.system ?? '');
  }

  #tell(what, detail = null) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }

  listen(what, listener) {
    this.addEventListener(what, (event) => listener(event.detail));
  }

  /** Asks the server for its models, until it answers. */
  async connect() {
    try {
      this.models = await this.server.models();
      this.model = this.models.find((each) => each.id === this.model?.id) ?? this.models[0];
      this.trouble = null;
    } catch (failure) {
      this.trouble = failure;
      if (failure.kind === 'key' && await this.#takeKey(failure)) {
        return this.connect();
      }
      if (failure.kind !== 'key') {
        this.#connectSoon();
      }
    }
    this.#tell('server');
    return this.trouble === null;
  }

  #connectSoon() {
    clearTimeout(this.#nextTry);
    this.#nextTry = setTimeout(() => this.connect(), RETRY_MILLISECONDS);
  }

  async #takeKey(failure) {
    const key = await this.askKey(failure.message);
    if (key !== null) {
      this.server.setKey(key);
    }
    return key !== null;
  }

  choose(id) {
    this.model = this.models.find((each) => each.id === id) ?? this.model;
    this.#tell('server');
  }

  /** The answer on its way in this conversation, or null. */
  get answer() {
    return this.#running.get(this.conversation.id) ?? null;
  }

  isRunning(id) {
    return this.#running.has(id);
  }

  begin() {
    this.conversation = this.#fresh();
    this.#tell('shown', { begun: true });
    this.#tell('list');
  }

  open(id) {
    const conversation = this.#running.get(id)?.conversation ?? this.store.get(id);
    if (conversation !== null) {
      this.conversation = conversation;
      this.#tell('shown', { opened: true });
      this.#tell('list');
    }
  }

  /** Looks at what another tab has kept. */
  refresh() {
    this.store.refresh();
    this.#running.forEach((answer) => this.store.save(answer.conversation));
    const kept = this.store.get(this.conversation.id);
    if (kept !== null && kept !== this.conversation) {
      this.conversation = kept;
      this.#tell('shown');
    }
    this.#tell('list');
  }

  /** Whether the model only continues texts, so that what both sides wrote is one story. */
  get tells() {
    return this.model?.chats === false;
  }

  /** Whether the model could answer here and now. */
  get isFree() {
    return this.model !== null && this.answer === null;
  }

  /** Says something, behind the last message, and lets the model answer. */
  send(text) {
    const last = this.conversation.path().at(-1) ?? null;
    this.#reply(this.conversation.add(last, 'user', text), { sent: true });
  }

  /** Another version of an answer. */
  again(node) {
    this.#reply(this.conversation.parent(node));
  }

  /** Continues an answer that was cut, or begins it once more where nothing had come. */
  goOn(node) {
    this.#run(node);
  }

  /** Another version of a message; after one of the person's own the model answers again. */
  edit(node, text) {
    const parent = this.conversation.parent(node);
    const edited = this.conversation.add(parent, node.role, text);
    if (node.role === 'user') {
      this.#reply(edited);
    } else {
      edited.ending = 'edited';
      this.changed();
    }
  }

  /** Asks whoever shows a message for a field to edit it in. */
  askEdit(node) {
    this.#tell('edit', node);
  }

  #reply(node, detail = null) {
    this.#run(this.conversation.add(node, 'assistant', ''), detail);
  }

  async #run(node, detail = null) {
    const { conversation } = this;
    const answer = new Answer(this.server, this.model, conversation, node, this.settings.request(), () => this.#progress(answer));
    this.failures.delete(node.id);
    this.#running.set(conversation.id, answer);
    this.changed(detail);
    announce('Answering.');
    await answer.run();
    this.#running.delete(conversation.id);
    conversation.touch();
    this.#ended(answer);
  }

  #progress(answer) {
    if (answer.state === 'writing' && performance.now() - this.#savedAt > SAVE_MILLISECONDS) {
      this.#savedAt = performance.now();
      this.save(answer.conversation);
    }
    if (answer.conversation === this.conversation) {
      this.#tell('answer', answer.node);
    }
  }

  async #ended(answer) {
    const { node, failure } = answer;
    if (failure !== null && node.ending === 'failed') {
      this.failures.set(node.id, failure);
    }
    if (this.store.get(answer.conversation.id) === null) {
      return; // It was deleted meanwhile.
    }
    this.save(answer.conversation);
    if (answer.conversation === this.conversation) {
      this.#tell('answer', node);
      this.#tell('shown');
    }
    this.#tell('list');
    announce(failure !== null ? failure.message : readOut(node));
    if (failure?.kind === 'key' && await this.#takeKey(failure) && answer.conversation === this.conversation) {
      this.goOn(node);
    } else if (failure?.kind === 'gone' && !await this.server.isHealthy()) {
      this.trouble = failure;
      this.#tell('server');
      this.#connectSoon();
    }
  }

  stop() {
    this.answer?.stop();
  }

  /** Shows another version of a message. */
  turn(node, step) {
    const shown = this.conversation.choose(node, step);
    this.changed({ focus: shown.id });
  }

  remove(node) {
    const { conversation } = this;
    const bringBack = conversation.remove(node);
    this.changed();
    notice('Message deleted.', { name: 'Undo', run: () => {
      bringBack();
      this.save(conversation);
      this.#tell('shown');
      this.#tell('list');
    } });
  }

  rename(conversation, title) {
    conversation.title = title.trim();
    this.save(conversation);
    this.#tell('shown');
    this.#tell('list');
  }

  setSystem(text) {
    this.conversation.system = text;
    this.changed();
  }

  /** Deletes a conversation, which can be undone for a while. */
  forget(conversation) {
    this.#running.get(conversation.id)?.stop();
    this.store.delete(conversation.id);
    if (conversation.id === this.conversation.id) {
      this.begin();
    }
    this.#tell('list');
    notice('Conversation deleted.', { name: 'Undo', run: () => {
      this.save(conversation);
      this.open(conversation.id);
    } });
  }

  /** Keeps the conversation and shows it anew. */
  changed(detail = null) {
    this.save(this.conversation);
    this.#tell('shown', detail);
    this.#tell('list');
  }

  save(conversation) {
    if (conversation.isEmpty) {
      return;
    }
    const wasFull = this.store.isFull;
    if (!this.store.save(conversation) && !wasFull) {
      notice('The browser has no room left for conversations: this one lasts until the page is closed. Export it, or delete others.');
    }
  }
}

function readOut(node) {
  if (node.ending === 'stopped') {
    return 'Stopped.';
  }
  const text = node.text.trim();
  return text.length <= LONGEST_READ_OUT ? `Answer: ${text}` : `Answer: ${text.slice(0, LONGEST_READ_OUT)} … and more.`;
}
