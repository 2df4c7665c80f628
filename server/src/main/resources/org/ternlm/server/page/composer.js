/** The field at the bottom, with the button that sends and stops, and how full the model's context is. */

import { icon } from './element.js';

const TALLEST_SHARE = 0.4;
const NEARLY_FULL = 0.9;

export class Composer {
  #chat;
  #form = document.getElementById('composer');
  #field = document.getElementById('message');
  #button = document.getElementById('send');
  #context = document.getElementById('context');
  #drafts = new Map();
  #shown = null;

  /** @param editLast edits the last message */
  constructor(chat, editLast) {
    this.#chat = chat;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener('input', () => this.#fit());
    this.#field.addEventListener('keydown', (event) => this.#key(event, editLast));
    chat.listen('shown', () => this.#show());
    chat.listen('server', () => this.#show());
    chat.listen('answer', () => this.#showContext());
    this.#show();
  }

  focus() {
    this.#field.focus();
  }

  #key(event, editLast) {
    const touch = matchMedia('(pointer: coarse)').matches;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !touch) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'ArrowUp' && this.#field.value === '' && !event.isComposing) {
      event.preventDefault();
      editLast();
    }
  }

  #submit() {
    if (this.#chat.answer === null) {
      this.#send();
    } else {
      this.#chat.stop();
    }
  }

  #send() {
    const text = this.#field.value.trim() === '' ? '' : this.#field.value;
    if (text !== '' && this.#chat.isFree) {
      this.#field.value = '';
      this.#chat.send(this.#chat.model.chats ? text.trim() : text);
      this.#fit();
      this.focus();
    }
  }

  #show() {
    const { conversation, answer, model } = this.#chat;
    if (this.#shown !== conversation.id) {
      this.#drafts.set(this.#shown, this.#field.value);
      this.#field.value = this.#drafts.get(conversation.id) ?? '';
      this.#shown = conversation.id;
    }
    this.#field.placeholder = model?.chats !== false ? 'Write a message' : conversation.isEmpty ? 'Once upon a time' : 'Write what comes next';
    this.#fit();
    this.#showButton(answer !== null);
    this.#showContext();
  }

  #showButton(stops) {
    if (this.#button.dataset.stops !== String(stops)) {
      this.#button.dataset.stops = String(stops);
      this.#button.replaceChildren(icon(stops ? 'stop' : 'send'));
      this.#button.setAttribute('aria-label', stops ? 'Stop' : 'Send');
      this.#button.title = stops ? 'Stop (Esc)' : 'Send (Enter)';
    }
    this.#enable();
  }

  #enable() {
    const can = this.#chat.answer !== null || (this.#chat.isFree && this.#field.value.trim() !== '');
    this.#button.setAttribute('aria-disabled', String(!can));
  }

  /** As high as its text, up to a share of the window. */
  #fit() {
    this.#field.style.height = 'auto';
    this.#field.style.height = `${Math.min(this.#field.scrollHeight, window.innerHeight * TALLEST_SHARE)}px`;
    this.#enable();
  }

  #showContext() {
    const { conversation, model } = this.#chat;
    const stats = conversation.path().findLast((node) => node.stats?.prompt !== undefined)?.stats;
    const used = stats === undefined ? 0 : stats.prompt + stats.tokens;
    const most = model?.contextLength ?? null;
    this.#context.hidden = used === 0;
    const meter = this.#context.querySelector('.meter');
    const number = (count) => count.toLocaleString('en');
    meter.hidden = most === null;
    meter.style.setProperty('--used', most === null ? '0' : String(Math.min(1, used / most)));
    this.#context.classList.toggle('nearly-full', most !== null && used / most >= NEARLY_FULL);
    this.#context.querySelector('.count').textContent = most === null ? `${number(used)} tokens of context`
      : `${number(used)} of ${number(most)} tokens of context`;
  }
}
