/** Copies text, and shows on the button that it has. */

import { icon } from './element.js';
import { announce } from './notice.js';

const SHOWN_MILLISECONDS = 1500;

export async function copyText(text, button) {
  const copied = await copy(text);
  announce(copied ? 'Copied.' : 'The browser did not let the page copy.');
  if (!copied || button.querySelector('.icon-done') !== null) {
    return;
  }
  const picture = button.querySelector('svg');
  const done = icon('done');
  picture?.replaceWith(done);
  setTimeout(() => done.replaceWith(picture), SHOWN_MILLISECONDS);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** The old way, for pages that came over plain HTTP from another machine and have no clipboard. */
function copyBySelection(text) {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  before?.focus();
  return copied;
}
