/** Shows Markdown as elements, and while it grows changes only those that changed. */

import { button, element } from './element.js';
import { parseMarkdown } from './markdown.js';
import { copyText } from './copy.js';

export class MarkdownView {
  #root;
  #shown = [];
  #end = null;

  /** @param root the element whose content this is */
  constructor(root) {
    this.#root = root;
  }

  /** Shows a text; `open` while more of it is to come. Selections in finished blocks stay. */
  show(text, open = false) {
    const blocks = parseMarkdown(text, open);
    rankHeadings(blocks);
    let same = 0;
    while (same < blocks.length - (open ? 1 : 0) && isSame(this.#shown[same], blocks[same])) {
      same++;
    }
    if (same === blocks.length - 1 && this.#shown.length === blocks.length && growCode(this.#shown[same], blocks[same])) {
      this.#shown[same].open = open;
      return;
    }
    for (const old of this.#shown.splice(same)) {
      old.node.remove();
    }
    this.#end?.classList.remove('end');
    for (const block of blocks.slice(same)) {
      const node = blockElement(block);
      this.#root.append(node);
      this.#shown.push({ block, node, open: open && block === blocks.at(-1) });
    }
    if (open) {
      this.#end = lastOf(this.#root);
      this.#end.classList.add('end');
    }
  }
}

/** Gives headings their depth: models begin with any level, but below the page's own no level may be left out. */
function rankHeadings(blocks) {
  const above = [];
  for (const block of blocks.filter(({ type }) => type === 'heading')) {
    while (above.at(-1) >= block.level) {
      above.pop();
    }
    block.rank = above.length;
    above.push(block.level);
  }
}

/** The innermost element at the end, where the next words will appear. */
function lastOf(root) {
  let last = root;
  while (last.lastChild?.nodeType === Node.ELEMENT_NODE && !last.lastChild.matches('code, a, strong, em, del, br')) {
    last = last.lastChild;
  }
  return last;
}

/** Whether a block is shown as it is to be; one that was the last of a growing text may have been read otherwise. */
function isSame(shown, block) {
  return shown !== undefined && !shown.open && shown.block.source === block.source && shown.block.type === block.type;
}

/** Lengthens code in place, so that what a person has selected in it stays. */
function growCode(shown, block) {
  if (block.type !== 'code' || shown.block.type !== 'code' || block.language !== shown.block.language) {
    return false;
  }
  shown.node.querySelector('code').firstChild.data = block.text;
  shown.block = block;
  return true;
}

function blockElement(block) {
  switch (block.type) {
    case 'heading': return element(block.rank === undefined ? 'p' : `h${Math.min(6, 3 + block.rank)}`,
      { class: `heading level-${block.level}` }, ...inlines(block.inline));
    case 'code': return codeElement(block);
    case 'quote': return element('blockquote', {}, ...block.blocks.map(blockElement));
    case 'list': return listElement(block);
    case 'table': return tableElement(block);
    case 'rule': return element('hr');
    default: return element('p', {}, ...inlines(block.inline));
  }
}

function codeElement(block) {
  const code = element('code', {}, document.createTextNode(block.text));
  const copy = button('Copy', { kind: 'quiet', label: true, picture: 'copy', onclick: () => copyText(code.textContent, copy) });
  copy.setAttribute('aria-label', 'Copy code');
  return element('figure', { class: 'code' },
    element('figcaption', {}, element('span', {}, block.language || 'text'), copy),
    element('pre', { tabindex: '0', role: 'region', 'aria-label': `Code, ${block.language || 'text'}` }, code));
}

function listElement(list) {
  const items = list.items.map((item) => {
    const box = item.checked === null ? null
      : element('input', { type: 'checkbox', disabled: true, checked: item.checked, 'aria-label': item.checked ? 'done' : 'to do' });
    const content = item.blocks.flatMap((block) => (block.type === 'paragraph' && !list.loose ? inlines(block.inline) : [blockElement(block)]));
    return element('li', { class: box === null ? null : 'task' }, box, ...content);
  });
  return list.start === null ? element('ul', {}, ...items)
    : element('ol', { start: list.start === 1 ? null : list.start }, ...items);
}

function tableElement(table) {
  const cell = (name) => (inline, column) => element(name,
    { class: table.aligns[column] ? `align-${table.aligns[column]}` : null, scope: name === 'th' ? 'col' : null }, ...inlines(inline));
  return element('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Table' },
    element('table', {},
      element('thead', {}, element('tr', {}, ...table.head.map(cell('th')))),
      element('tbody', {}, ...table.rows.map((row) => element('tr', {}, ...row.map(cell('td')))))));
}

function inlines(inline) {
  return inline.map((part) => (typeof part === 'string' ? document.createTextNode(part) : inlineElement(part)));
}

function inlineElement(part) {
  switch (part.type) {
    case 'strong': return element('strong', {}, ...inlines(part.inline));
    case 'emphasis': return element('em', {}, ...inlines(part.inline));
    case 'deleted': return element('del', {}, ...inlines(part.inline));
    case 'code': return element('code', {}, part.text);
    case 'link': return element('a', { href: part.address, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...inlines(part.inline));
    default: return element('br');
  }
}
