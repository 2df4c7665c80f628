/** The messages of the conversation shown, or a welcome where there are none yet. */

import { button, element } from './element.js';
import { MessageView } from './message-view.js';

const SUGGESTIONS = [
  ['Explain', 'Explain what a 1.58-bit language model is, for somebody who knows a little mathematics.'],
  ['Write', 'Write a short, friendly e-mail that moves a meeting from Tuesday to Thursday.'],
  ['Compare', 'Compare bubble sort and merge sort in a table: idea, time, memory, when to use it.'],
  ['Program', 'Write a Java method that counts how often each word occurs in a text, and explain it.'],
];
const OPENINGS = [
  ['A classic', 'Once upon a time'],
  ['At sea', 'One sunny day, a little bird flew to the sea'],
  ['A friend', 'Tom had a small red boat. His friend Lily said,'],
  ['A surprise', 'The little girl opened the box and saw'],
];

export class Transcript {
  #chat;
  #follow;
  #views = new Map();
  #list;
  #welcome;
  #system;
  #isEmpty = true;

  /** @param openSettings shows the instructions */
  constructor(chat, follow, openSettings) {
    this.#chat = chat;
    this.#follow = follow;
    this.#list = document.getElementById('messages');
    this.#welcome = document.getElementById('welcome');
    this.#system = document.getElementById('instructions');
    this.#system.addEventListener('click', openSettings);
    chat.listen('shown', (detail) => this.#show(detail));
    chat.listen('server', () => this.#show());
    chat.listen('answer', (node) => this.#views.get(node.id)?.grow());
    chat.listen('edit', (node) => this.#views.get(node.id)?.edit());
  }

  #show(detail = null) {
    const { conversation } = this.#chat;
    const path = conversation.path();
    const views = path.map((node) => this.#view(node));
    for (const [id, view] of this.#views) {
      if (!views.includes(view)) {
        view.root.remove();
        this.#views.delete(id);
      }
    }
    views.forEach((view, i) => {
      if (this.#list.children[i] !== view.root) {
        this.#list.insertBefore(view.root, this.#list.children[i] ?? null);
      }
      view.draw(i === views.length - 1, this.#chat.tells ? path[i - 1] : null, path[i + 1]);
    });
    if ((path.length === 0) !== this.#isEmpty) {
      this.#isEmpty = path.length === 0;
      this.#follow.rest(this.#isEmpty);
    }
    this.#showAround(path.length === 0);
    if (detail?.sent || detail?.opened || detail?.begun) {
      this.#follow.toEnd();
    }
    if (detail?.focus !== undefined) {
      const at = views.findIndex((view) => view.node.id === detail.focus);
      views.slice(at).find((view) => !view.root.hidden)?.tools.querySelector('.versions button:enabled')?.focus();
    }
  }

  #view(node) {
    let view = this.#views.get(node.id);
    if (view === undefined || view.node !== node) {
      view?.root.remove();
      view = new MessageView(this.#chat, node);
      this.#views.set(node.id, view);
    }
    return view;
  }

  #showAround(isEmpty) {
    const { conversation, model } = this.#chat;
    const system = conversation.system.trim();
    this.#system.hidden = system === '';
    this.#system.querySelector('span').textContent = system;
    this.#welcome.hidden = !isEmpty;
    document.body.classList.toggle('telling', this.#chat.tells);
    document.getElementById('title').textContent = conversation.label;
    document.title = isEmpty ? 'Tern' : `${conversation.label} – Tern`;
    if (isEmpty && this.#welcome.dataset.model !== model?.id) {
      this.#welcome.dataset.model = model?.id ?? '';
      this.#welcome.querySelector('.suggestions').replaceChildren(...this.#suggestions(model));
      this.#welcome.querySelector('h2').textContent = model?.chats === false ? 'How does the story begin?' : 'What is on your mind?';
      this.#welcome.querySelector('p').textContent = model?.chats === false
        ? 'This model was not trained for conversations: it continues what you write. Give it the beginning of a story.'
        : 'What you write stays between this browser and the server that runs the model.';
    }
  }

  #suggestions(model) {
    if (model === null) {
      return [];
    }
    return (model.chats ? SUGGESTIONS : OPENINGS).map(([name, text]) => {
      const suggestion = button('', { kind: 'suggestion', label: true, onclick: () => this.#chat.isFree && this.#chat.send(text) });
      suggestion.append(element('strong', {}, name), element('span', {}, text));
      return element('li', {}, suggestion);
    });
  }

  /** Edits the last message of the person. */
  editLast() {
    const last = this.#chat.conversation.path().findLast((node) => node.role === 'user');
    if (last !== undefined && this.#chat.answer === null) {
      this.#views.get(last.id).edit();
    }
  }
}
