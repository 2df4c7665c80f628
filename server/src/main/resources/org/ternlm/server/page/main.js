/** Puts the page together. */

import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { ask, openShortcuts } from './dialogs.js';
import { element, icon } from './element.js';
import { Follow } from './follow.js';
import { announce } from './notice.js';
import { openSettings } from './settings-panel.js';
import { Server } from './server.js';
import { Settings } from './settings.js';
import { Sidebar } from './sidebar.js';
import { Store } from './store.js';
import { Transcript } from './transcript.js';

const byId = (id) => document.getElementById(id);

/** The browser's storage, or one that lasts as long as the page where the browser keeps nothing. */
function storage(name) {
  try {
    return window[name];
  } catch {
    const kept = new Map();
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  }
}

function start() {
  const local = storage('localStorage');
  const askKey = (message) => ask('API key', { label: 'Key', type: 'password', action: 'Connect',
    hint: `${message} The key is kept until this tab is closed.` });
  const chat = new Chat(new Server(document.baseURI, storage('sessionStorage')), new Store(local), new Settings(local), askKey);
  document.querySelectorAll('[data-picture]').forEach((each) => each.prepend(icon(each.dataset.picture)));
  const settings = () => openSettings(chat);
  const transcript = new Transcript(chat, new Follow(byId('scroller'), byId('to-end')), settings);
  const composer = new Composer(chat, () => transcript.editLast());
  const sidebar = new Sidebar(chat);
  byId('settings').addEventListener('click', settings);
  byId('shortcuts').addEventListener('click', openShortcuts);
  byId('reconnect').addEventListener('click', () => chat.connect());
  chat.listen('server', () => showServer(chat));
  byId('model').addEventListener('change', (event) => chat.choose(event.target.value));
  addEventListener('storage', (event) => {
    if (event.key === null || event.key.startsWith('tern.conversation.')) {
      chat.refresh();
    }
  });
  startTheme(local);
  startKeys({ chat, composer, sidebar, settings });
  fitKeyboard();
  chat.connect();
  if (!matchMedia('(pointer: coarse)').matches) {
    composer.focus();
  }
}

function showServer({ models, model, trouble }) {
  const select = byId('model');
  const name = byId('model-name');
  name.textContent = model?.id ?? '';
  name.hidden = models.length > 1;
  select.hidden = models.length < 2;
  select.replaceChildren(...models.map((each) => element('option', { value: each.id, selected: each === model }, each.id)));
  const banner = byId('trouble');
  if (banner.hidden && trouble !== null) {
    announce(trouble.message);
  }
  banner.hidden = trouble === null;
  byId('reconnect').hidden = trouble?.kind !== 'key';
  banner.querySelector('span').textContent = trouble === null ? ''
    : trouble.kind === 'key' ? trouble.message : `${trouble.message} The page keeps trying; nothing that you wrote is lost.`;
}

const THEMES = { auto: 'as the system has it', light: 'light', dark: 'dark' };

/** The switch goes round: as the system has it, light, dark. */
function startTheme(local) {
  const toggle = byId('theme');
  const show = () => {
    const theme = document.documentElement.dataset.theme ?? 'auto';
    toggle.replaceChildren(icon(theme));
    toggle.title = `Theme: ${THEMES[theme]}`;
    toggle.setAttribute('aria-label', toggle.title);
  };
  toggle.addEventListener('click', () => {
    const names = Object.keys(THEMES);
    const next = names[(names.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % names.length];
    if (next === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = next;
    }
    try {
      local.setItem('tern.theme', next);
    } catch {
      // Without room it lasts as long as the page.
    }
    show();
    announce(toggle.title);
  });
  show();
}

function startKeys({ chat, composer, sidebar, settings }) {
  const withControl = { k: () => sidebar.begin(), b: () => sidebar.toggle(), ',': settings };
  const alone = { '/': () => composer.focus(), '?': openShortcuts };
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]') !== null) {
      return;
    }
    const typing = event.target.matches('input, textarea, select');
    const act = event.key === 'Escape' ? () => chat.stop()
      : (event.ctrlKey || event.metaKey) && !event.altKey ? withControl[event.key.toLowerCase()]
        : typing || event.altKey ? undefined : alone[event.key];
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  });
}

/** Where a keyboard lies over the page, as on iOS, the page ends above it. */
function fitKeyboard() {
  const seen = window.visualViewport;
  seen?.addEventListener('resize', () => {
    const covered = seen.scale === 1 && window.innerHeight - seen.height > 80;
    document.body.style.height = covered ? `${seen.height}px` : '';
  });
}

start();
