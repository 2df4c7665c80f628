/** The conversations at the side: found, opened, renamed, deleted, exported and imported. */

import { ask } from './dialogs.js';
import { button, element } from './element.js';
import { announce, notice } from './notice.js';
import { exported, imported } from './store.js';

const NARROW = matchMedia('(max-width: 899px)');
const DAY = 86_400_000;

export class Sidebar {
  #chat;
  #root = document.getElementById('conversations');
  #list = document.getElementById('conversation-list');
  #search = document.getElementById('search');
  #toggle = document.getElementById('toggle-conversations');
  #cover = document.getElementById('cover');

  constructor(chat) {
    this.#chat = chat;
    this.#toggle.addEventListener('click', () => this.toggle());
    this.#cover.addEventListener('click', () => this.toggle(false));
    this.#root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && NARROW.matches) {
        event.stopPropagation();
        this.toggle(false);
      }
    });
    this.#search.addEventListener('input', () => this.#found());
    document.getElementById('new').addEventListener('click', () => this.begin());
    document.getElementById('export').addEventListener('click', () => this.#export());
    document.getElementById('import').addEventListener('click', () => document.getElementById('import-file').click());
    document.getElementById('import-file').addEventListener('change', (event) => this.#import(event.target));
    NARROW.addEventListener('change', () => this.toggle(!NARROW.matches));
    chat.listen('list', () => this.#show());
    this.toggle(!NARROW.matches);
    this.#show();
  }

  begin() {
    this.#chat.begin();
    this.#leave();
    document.getElementById('message').focus();
  }

  /** Shows or hides it; on a narrow screen it lies over the page, which then waits. */
  toggle(shown = document.body.classList.contains('without-conversations')) {
    document.body.classList.toggle('without-conversations', !shown);
    this.#toggle.setAttribute('aria-expanded', String(shown));
    this.#root.inert = !shown;
    const over = shown && NARROW.matches;
    this.#cover.hidden = !over;
    document.getElementById('page').inert = over;
    if (over) {
      document.getElementById('new').focus();
    } else if (NARROW.matches && document.activeElement === document.body) {
      this.#toggle.focus();
    }
  }

  #leave() {
    if (NARROW.matches) {
      this.toggle(false);
    }
  }

  #found() {
    this.#show();
    const count = this.#list.querySelectorAll('li').length;
    announce(count === 1 ? '1 conversation' : `${count} conversations`);
  }

  #show() {
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const conversations = this.#chat.store.list(this.#search.value);
    const groups = grouped(conversations);
    this.#list.replaceChildren();
    for (const [name, members] of groups) {
      this.#list.append(element('h2', {}, name), element('ul', {}, ...members.map((each) => this.#entry(each))));
    }
    if (conversations.length === 0) {
      this.#list.append(element('p', { class: 'hint' }, this.#search.value.trim() === ''
        ? 'Your conversations will be listed here. They are kept in this browser only.' : 'Nothing found.'));
    }
    if (focused) {
      this.#list.querySelector(`[data-id="${focused}"]`)?.focus();
    }
  }

  #entry(conversation) {
    const { label } = conversation;
    const isShown = conversation.id === this.#chat.conversation.id;
    return element('li', { class: isShown ? 'shown' : null },
      element('button', { type: 'button', class: 'open', title: label, 'data-id': conversation.id, 'aria-current': isShown ? 'true' : null,
        onclick: () => this.#open(conversation.id) },
      this.#chat.isRunning(conversation.id) ? element('span', { class: 'running' }, element('span', { class: 'unseen' }, 'Answering: ')) : null, label),
      button(`Rename “${label}”`, { picture: 'edit', onclick: () => this.#rename(conversation) }),
      button(`Delete “${label}”`, { picture: 'remove', onclick: () => this.#delete(conversation) }));
  }

  #open(id) {
    this.#chat.open(id);
    this.#leave();
    if (!NARROW.matches) {
      document.getElementById('message').focus();
    }
  }

  #delete(conversation) {
    this.#chat.forget(conversation);
    (this.#list.querySelector('button') ?? document.getElementById('new')).focus();
  }

  async #rename(conversation) {
    const title = await ask('Rename conversation', { label: 'Name', value: conversation.label, action: 'Rename' });
    if (title !== null) {
      this.#chat.rename(conversation, title);
    }
    this.#list.querySelector(`[data-id="${conversation.id}"]`)?.focus();
  }

  #export() {
    const conversations = this.#chat.store.list();
    const address = URL.createObjectURL(new Blob([exported(conversations)], { type: 'application/json' }));
    element('a', { href: address, download: `tern-conversations-${new Date().toISOString().slice(0, 10)}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(address), DAY / 1000);
    notice(conversations.length === 1 ? '1 conversation exported.' : `${conversations.length} conversations exported.`);
  }

  async #import(field) {
    const [file] = field.files;
    try {
      const added = this.#chat.store.add(imported(await file.text()));
      notice(added === 1 ? '1 conversation imported.' : `${added} conversations imported.`);
    } catch (failure) {
      notice(`“${file.name}” was not imported: ${failure.message}.`);
    }
    field.value = '';
    this.#show();
  }
}

function age(conversation) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const { changed } = conversation;
  return changed >= midnight ? 'Today' : changed >= midnight - DAY ? 'Yesterday' : changed >= midnight - 7 * DAY ? 'Last week' : 'Earlier';
}

function grouped(conversations) {
  const groups = new Map();
  for (const each of conversations) {
    const name = age(each);
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return groups;
}
