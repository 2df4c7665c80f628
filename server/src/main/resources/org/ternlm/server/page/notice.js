/** Short words to the person: seen at the bottom of the page, and read out by screen readers. */

import { button, element } from './element.js';

const STAYS_MILLISECONDS = 7000;

/** Says something to screen readers only. */
export function announce(words) {
  const region = document.getElementById('announcements');
  region.textContent = '';
  // The same words twice are read twice only where the region was empty between.
  setTimeout(() => { region.textContent = words; }, 50);
}

/** Shows a line for some seconds, with something to do about it where `action` has a name and a function. */
export function notice(words, action = null) {
  const place = document.getElementById('notices');
  place.replaceChildren();
  const line = element('div', { class: 'notice' }, element('span', {}, words));
  let timer = null;
  const close = () => {
    clearTimeout(timer);
    line.remove();
  };
  if (action !== null) {
    line.append(button(action.name, { kind: 'quiet', label: true, onclick: () => {
      close();
      action.run();
    } }));
  }
  line.append(button('Dismiss', { picture: 'close', onclick: close }));
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(close, STAYS_MILLISECONDS);
  };
  line.addEventListener('pointerenter', () => clearTimeout(timer));
  line.addEventListener('focusin', () => clearTimeout(timer));
  line.addEventListener('pointerleave', wait);
  line.addEventListener('focusout', wait);
  place.append(line);
  announce(words);
  wait();
}
