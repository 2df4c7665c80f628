/** One message on the page: its text, what can be done with it, and how the answer went. */

import { button, element } from './element.js';
import { copyText } from './copy.js';
import { MarkdownView } from './markdown-view.js';

const ENDINGS = {
  edited: 'Edited by you.',
  failed: 'The answer did not come to its end.',
  none: 'Interrupted: the page was closed before the answer was complete.',
};

export class MessageView {
  #chat;
  #markdown = null;
  #frame = null;

  constructor(chat, node) {
    this.#chat = chat;
    this.node = node;
    this.before = null;
    this.isEdited = false;
    this.isLast = true;
    const mine = node.role === 'user';
    this.text = element('div', { class: mine ? 'words' : 'words prose' });
    this.state = element('div', { class: 'state' });
    this.tools = element('div', { class: 'tools', role: 'group', 'aria-label': mine ? 'Your message' : 'Answer' });
    this.root = element('li', { class: `message ${node.role}`, 'data-id': node.id },
      element('h2', { class: 'unseen' }, mine ? 'You' : 'Answer'), this.text, this.state, this.tools);
  }

  get #answer() {
    const answer = this.#chat.answer;
    return answer?.node === this.node ? answer : null;
  }

  /** Draws the growing text with the next frame; the state at once where it is not that of writing. */
  grow() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#drawText();
      this.#drawState();
    });
  }

  /**
   * Draws all of it. In a story, the person's part stands in front of what the model wrote, in one text.
   *
   * @param before the message before it in a story, else null; @param after the one behind it, if there is one
   */
  draw(isLast, before, after) {
    this.before = before?.role === 'user' && this.node.role === 'assistant' ? before : null;
    this.root.hidden = this.#chat.tells && this.node.role === 'user' && after !== undefined && !this.isEdited;
    this.isLast = isLast;
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#drawText();
    this.#drawState();
    this.#drawTools(isLast);
  }

  #drawText() {
    const { node } = this;
    const answer = this.#answer;
    if (this.#chat.tells) {
      this.#markdown = null;
      this.text.replaceChildren(
        ...this.before === null ? [] : [element('span', { class: 'mine' }, this.before.text)],
        element('span', { class: answer === null ? null : 'end' }, node.text));
    } else if (node.role === 'user') {
      this.text.textContent = node.text;
    } else {
      this.#markdown ??= this.#fresh();
      this.#markdown.show(node.text, answer !== null);
    }
    this.root.classList.toggle('writing', answer?.state === 'writing');
    this.root.setAttribute('aria-busy', answer !== null);
  }

  #fresh() {
    this.text.replaceChildren();
    return new MarkdownView(this.text);
  }

  #drawState() {
    if (this.node.role === 'user') {
      return;
    }
    const answer = this.#answer;
    if (answer?.state === 'reading' && this.node.text === '') {
      this.#show('reading', [element('span', { class: 'dots', 'aria-hidden': 'true' }), 'Reading…']);
    } else if (answer?.state === 'waiting') {
      this.#showWaiting(answer);
    } else {
      this.#show(answer === null ? 'ended' : 'going', [...this.#ending(answer), this.#measures()]);
    }
  }

  #show(kind, content) {
    this.state.dataset.kind = kind;
    this.state.replaceChildren(...content.filter((each) => each !== null));
  }

  /** The countdown changes only a number, so that the focus stays on its button. */
  #showWaiting(answer) {
    if (this.state.dataset.kind !== 'waiting') {
      this.#show('waiting', [element('div', { class: 'problem' },
        element('p', {}, answer.failure.message, ' Trying again in ', element('span', { class: 'left' }), ' s.'),
        button('Try now', { label: true, onclick: () => answer.hurry() }))]);
    }
    this.state.querySelector('.left').textContent = String(answer.left);
  }

  #ending(answer) {
    const { node } = this;
    const failure = this.#chat.failures.get(node.id);
    if (answer !== null || node.ending === 'stop') {
      return [];
    }
    const act = (words) => (this.isLast
      ? button(words, { label: true, disabled: !this.#chat.isFree, onclick: () => this.#chat.goOn(node) }) : null);
    if (failure !== undefined || node.ending === 'failed' || node.ending === undefined) {
      const words = failure?.message ?? ENDINGS[node.ending ?? 'none'];
      return [element('div', { class: 'problem', role: 'group', 'aria-label': 'Problem' }, element('p', {}, words),
        act(node.text === '' ? 'Try again' : 'Continue'))];
    }
    if (this.isLast && (node.ending === 'length' || node.ending === 'stopped')) {
      const words = node.ending === 'length' ? 'The answer was cut off here: it reached its greatest length.' : 'You stopped the answer here.';
      return [element('div', { class: 'cut' }, element('p', {}, words), act('Continue'))];
    }
    const words = ENDINGS[node.ending];
    return words === undefined ? [] : [element('p', { class: 'ending' }, words)];
  }

  #measures() {
    const { tokens, first, rate } = this.node.stats ?? {};
    if (!tokens) {
      return null;
    }
    const parts = [`${tokens} ${tokens === 1 ? 'token' : 'tokens'}`];
    if (rate !== undefined) {
      parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} tokens/s`);
    }
    if (first !== undefined) {
      parts.push(`first after ${first < 10 ? first.toFixed(2) : first.toFixed(0)} s`);
    }
    return element('p', { class: 'measures' }, parts.join(' · '));
  }

  #drawTools(isLast) {
    const { node } = this;
    const chat = this.#chat;
    const busy = chat.answer !== null;
    const mine = node.role === 'user';
    const copy = button('Copy', { picture: 'copy', onclick: () => copyText((this.before?.text ?? '') + node.text, copy) });
    const focused = this.tools.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    this.root.classList.toggle('last', isLast);
    this.tools.replaceChildren(...[
      ...this.before ? this.#versions(this.before, busy, 'beginning') : [],
      ...this.#versions(node, busy, mine ? 'message' : 'answer'),
      copy,
      mine ? null : button('Answer again', { picture: 'again', disabled: !chat.isFree, onclick: () => chat.again(node) }),
      this.before ? button('Edit what you wrote', { picture: 'edit', disabled: busy, onclick: () => chat.askEdit(this.before) })
        : button('Edit', { picture: 'edit', disabled: busy, onclick: () => this.edit() }),
      button('Delete', { picture: 'remove', disabled: busy, onclick: () => chat.remove(this.before ?? node) }),
    ].filter((each) => each !== null));
    if (focused !== null) {
      (this.tools.querySelector(`[aria-label="${focused}"]:enabled`) ?? this.tools.querySelector('button:enabled'))?.focus();
    }
  }

  #versions(node, busy, what) {
    const { number, count } = this.#chat.conversation.version(node);
    if (count === 1) {
      return [];
    }
    const step = (words, picture, by, possible) => button(`${words} version of this ${what}`,
      { picture, disabled: busy || !possible, onclick: () => this.#chat.turn(node, by) });
    return [element('span', { class: 'versions' },
      step('Earlier', 'before', -1, number > 1),
      element('span', {}, element('span', { class: 'unseen' }, 'Version '), `${number}/${count}`),
      step('Later', 'after', 1, number < count))];
  }

  /** Puts a field in place of the text. */
  edit() {
    if (this.isEdited) {
      return;
    }
    const { node } = this;
    const mine = node.role === 'user';
    const field = element('textarea', { 'aria-label': mine ? 'Edit your message' : 'Edit the answer', rows: '3' });
    field.value = node.text;
    const close = () => {
      form.replaceWith(this.text);
      this.tools.hidden = false;
      this.isEdited = false;
      this.root.hidden = wasHidden;
      this.tools.querySelector('[aria-label="Edit"]')?.focus();
    };
    const save = () => {
      close();
      if (field.value.trim() !== '' && field.value !== node.text) {
        this.#chat.edit(node, field.value);
      }
    };
    const form = element('form', { class: 'editing', onsubmit: (event) => {
      event.preventDefault();
      save();
    }, onkeydown: (event) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        close();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        save();
      }
    } }, field, element('p', { class: 'hint' }, mine ? 'The conversation goes on from here; what was said stays as another version.'
      : 'The answer as it was stays as another version.'),
    element('div', { class: 'actions' }, button('Cancel', { label: true, onclick: close }),
      element('button', { type: 'submit', class: 'button primary' }, mine ? 'Send' : 'Save')));
    const wasHidden = this.root.hidden;
    this.isEdited = true;
    this.root.hidden = false;
    this.text.replaceWith(form);
    this.tools.hidden = true;
    field.style.height = `${Math.min(field.scrollHeight + 4, innerHeight * 0.5)}px`;
    field.focus();
  }
}
