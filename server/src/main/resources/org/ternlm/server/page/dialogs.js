/** Questions in a dialog of the browser's own, which keeps the focus inside and gives it back afterwards. */

import { button, element } from './element.js';

/** A dialog with a title and a button that closes it; `closed` runs once it is gone. */
export function openDialog(title, content, { kind = '', closed = () => {} } = {}) {
  const heading = element('h2', { id: 'dialog-title' }, title);
  const dialog = element('dialog', { class: `dialog ${kind}`, 'aria-labelledby': 'dialog-title' },
    element('header', {}, heading, button('Close', { picture: 'close', onclick: () => dialog.close() })),
    content);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks for one line; resolves with it, or with null where the person changed their mind. */
export function ask(title, { label, value = '', type = 'text', hint = null, action = 'OK' }) {
  return new Promise((resolve) => {
    let answer = null;
    const field = element('input', { type, id: 'asked', value, autocomplete: 'off', required: true,
      'aria-describedby': hint === null ? null : 'asked-hint' });
    const form = element('form', { class: 'asking', onsubmit: (event) => {
      event.preventDefault();
      answer = field.value;
      dialog.close();
    } },
    element('label', { for: 'asked' }, label), field,
    hint === null ? null : element('p', { id: 'asked-hint', class: 'hint' }, hint),
    element('div', { class: 'actions' },
      button('Cancel', { label: true, onclick: () => dialog.close() }),
      element('button', { type: 'submit', class: 'button primary' }, action)));
    const dialog = openDialog(title, form, { closed: () => resolve(answer) });
    field.focus();
    field.select();
  });
}

const SHORTCUTS = [
  ['Enter', 'Send the message'],
  ['Shift Enter', 'New line'],
  ['Esc', 'Stop the answer'],
  ['↑', 'Edit your last message, while the field is empty'],
  ['Ctrl K', 'New conversation'],
  ['Ctrl B', 'Show or hide the conversations'],
  ['Ctrl ,', 'Settings'],
  ['/', 'Go to the message field'],
  ['?', 'This list'],
];

/** Lists what the keyboard can do. */
export function openShortcuts() {
  const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);
  const keys = (text) => text.split(' ').map((key) => element('kbd', {}, isMac && key === 'Ctrl' ? '⌘' : key));
  openDialog('Keyboard', element('dl', { class: 'shortcuts' },
    ...SHORTCUTS.map(([key, what]) => element('div', {}, element('dt', {}, ...keys(key)), element('dd', {}, what)))));
}
