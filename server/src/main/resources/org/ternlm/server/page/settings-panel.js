/** The dialog in which instructions and sampling are set. What is typed holds at once. */

import { openDialog } from './dialogs.js';
import { button, element } from './element.js';
import { complaint, SETTINGS } from './settings.js';

/** Opens it for the conversation shown. */
export function openSettings(chat) {
  const { settings } = chat;
  const fields = element('div', { class: 'fields' });
  const draw = () => fields.replaceChildren(...SETTINGS.map((setting) => numberField(settings, setting)), stopField(settings));
  draw();
  openDialog('Settings', element('div', { class: 'settings' },
    chat.model?.chats === false ? null : instructions(chat),
    element('section', {},
      element('h3', {}, 'How answers are drawn'),
      element('p', { class: 'hint' }, 'For all conversations, from the next answer on. An empty field leaves the choice to the server.'),
      fields,
      element('div', { class: 'actions' }, button('Reset all of these', { label: true, onclick: () => {
        settings.reset();
        draw();
      } })))), { kind: 'side' });
}

function instructions(chat) {
  const field = element('textarea', { id: 'system', rows: '4', 'aria-describedby': 'system-hint',
    placeholder: 'You are a helpful assistant who answers briefly.' });
  field.value = chat.conversation.system;
  field.addEventListener('input', () => {
    chat.setSystem(field.value);
    if (always.checked) {
      chat.settings.set('system', field.value);
    }
  });
  const always = element('input', { type: 'checkbox', id: 'system-always',
    checked: chat.settings.values.system !== undefined && chat.settings.values.system === field.value });
  always.addEventListener('change', () => chat.settings.set('system', always.checked ? field.value : null));
  return element('section', {},
    element('h3', {}, element('label', { for: 'system' }, 'Instructions')),
    element('p', { class: 'hint', id: 'system-hint' }, 'The system prompt: what the model keeps in mind throughout this conversation.'),
    field,
    element('label', { class: 'check', for: 'system-always' }, always, 'Begin new conversations with these, too'));
}

function numberField(settings, setting) {
  const id = `setting-${setting.key}`;
  const value = settings.values[setting.key];
  const problem = element('p', { class: 'complaint', id: `${id}-problem`, 'aria-live': 'polite' });
  const field = element('input', { id, type: 'text', inputmode: setting.step === 1 ? 'numeric' : 'decimal', autocomplete: 'off',
    placeholder: setting.usual ?? 'any', value: value ?? '', 'aria-describedby': `${id}-hint ${id}-problem` });
  const take = (text) => {
    const wrong = complaint(setting, text);
    problem.textContent = wrong ?? '';
    field.setAttribute('aria-invalid', String(wrong !== null));
    if (wrong === null) {
      settings.set(setting.key, text.trim() === '' ? null : Number(text));
    }
    show();
  };
  const slider = setting.most > 2 ? null : element('input', { type: 'range', min: setting.least, max: setting.most, step: setting.step,
    'aria-label': `${setting.name}, slider`, oninput: () => {
      field.value = slider.value;
      take(field.value);
    } });
  const reset = button(`Reset ${setting.name.toLowerCase()}`, { picture: 'close', onclick: () => {
    field.value = '';
    take('');
    field.focus();
  } });
  const show = () => {
    reset.classList.toggle('away', field.value === '');
    if (slider !== null) {
      slider.classList.toggle('unset', field.value === '');
      slider.value = field.value === '' ? setting.usual : field.value;
    }
  };
  field.addEventListener('input', () => take(field.value));
  show();
  return element('div', { class: 'field' },
    element('label', { for: id }, setting.name, setting.unit ? element('small', {}, ` in ${setting.unit}`) : null),
    element('div', { class: 'entry' }, slider, field, reset),
    element('p', { class: 'hint', id: `${id}-hint` }, setting.hint), problem);
}

function stopField(settings) {
  const field = element('textarea', { id: 'setting-stop', rows: '2', 'aria-describedby': 'setting-stop-hint', spellcheck: 'false' });
  field.value = (settings.values.stop ?? []).join('\n');
  field.addEventListener('input', () => {
    const texts = field.value.split('\n').filter((text) => text !== '');
    settings.set('stop', texts.length === 0 ? null : texts);
  });
  return element('div', { class: 'field' },
    element('label', { for: 'setting-stop' }, 'Stop at'), field,
    element('p', { class: 'hint', id: 'setting-stop-hint' }, 'One text a line. The answer ends before the first of them.'));
}
