/**
 * The blocks of a Markdown text: plain objects, made in one pass, from which markdown-view.js makes elements. What
 * models write is the measure, not every corner of CommonMark: no HTML, no indented code, no underlined headings, and
 * a single line end is a line end.
 *
 * Blocks: {type: 'heading', level, inline} · {type: 'paragraph', inline} · {type: 'code', language, text, closed} ·
 * {type: 'quote', blocks} · {type: 'list', start, items: [{blocks, checked}], loose} (start is null for bullets) ·
 * {type: 'table', aligns, head, rows} (cells are inlines) · {type: 'rule'}.
 */

import { parseInline } from './markdown-inline.js';

const DEEPEST = 12;
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`\s]*)(?:\s[^`]*)?$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const RULE = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)([-*+•]|\d{1,9}[.)])( +(?=\S)|$)/;
const DELIMITERS = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const BEGUN_MARK = /^ {0,3}(#{1,6}|[-*+•]|\d{1,9}[.)]?|[-*_]{2}|`{1,2}|~{1,2}|>)$/;

/**
 * Parses a text. While an answer is still coming (`open`), its end is read as what it is about to become: marks that
 * wait for their partner count as paired, and a line that is nothing but a mark does not show yet.
 */
export function parseMarkdown(text, open = false) {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n');
  if (open && BEGUN_MARK.test(lines.at(-1))) {
    lines.pop();
  }
  return blocks(lines, open, 0);
}

function blocks(lines, open, depth) {
  const found = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === '') {
      at++;
      continue;
    }
    const [block, next] = blockAt(lines, at, open, depth);
    block.source = lines.slice(at, next).join('\n');
    found.push(block);
    at = next;
  }
  return found;
}

function blockAt(lines, at, open, depth) {
  const fence = FENCE.exec(lines[at]);
  if (fence !== null) {
    return code(lines, at, fence);
  }
  const heading = HEADING.exec(lines[at]);
  if (heading !== null) {
    const inline = parseInline(heading[2] ?? '', open && at === lines.length - 1);
    return [{ type: 'heading', level: heading[1].length, inline }, at + 1];
  }
  if (RULE.test(lines[at])) {
    return [{ type: 'rule' }, at + 1];
  }
  if (depth < DEEPEST && QUOTE.test(lines[at])) {
    return quote(lines, at, open, depth);
  }
  if (depth < DEEPEST && ITEM.test(lines[at])) {
    return list(lines, at, open, depth);
  }
  return isTable(lines, at, open) ? table(lines, at, open) : paragraph(lines, at, open);
}

function code(lines, at, [opening, mark, language]) {
  const indent = opening.length - opening.trimStart().length;
  const closing = new RegExp(`^ {0,3}${mark[0]}{${mark.length},}[ \t]*$`);
  let end = at + 1;
  while (end < lines.length && !closing.test(lines[end])) {
    end++;
  }
  const text = lines.slice(at + 1, end).map((line) => withoutIndent(line, indent)).join('\n');
  const closed = end < lines.length;
  return [{ type: 'code', language, text, closed }, closed ? end + 1 : end];
}

function withoutIndent(line, width) {
  const spaces = line.length - line.trimStart().length;
  return line.slice(Math.min(width, spaces));
}

/** Whether a paragraph ends before this line, since something else begins. */
function interrupts(lines, at) {
  const line = lines[at];
  const item = ITEM.exec(line);
  return line.trim() === '' || FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line)
    || (item !== null && item[3] !== '' && (/^\D/.test(item[2]) || /^1[.)]/.test(item[2])));
}

function quote(lines, at, open, depth) {
  const inner = [];
  let end = at;
  while (end < lines.length && (QUOTE.test(lines[end]) || (inner.at(-1).trim() !== '' && !interrupts(lines, end)))) {
    inner.push(lines[end].replace(QUOTE, ''));
    end++;
  }
  return [{ type: 'quote', blocks: blocks(inner, open && end === lines.length, depth + 1) }, end];
}

function list(lines, at, open, depth) {
  const kind = markKind(ITEM.exec(lines[at])[2]);
  const items = [];
  let loose = false;
  let next = at;
  while (next < lines.length) {
    const mark = ITEM.exec(lines[next]);
    if (mark === null || markKind(mark[2]) !== kind || RULE.test(lines[next])) {
      break;
    }
    const end = itemEnd(lines, next, mark);
    const inner = [lines[next].slice(mark[0].length), ...lines.slice(next + 1, end).map((line) => withoutIndent(line, mark[0].length))];
    loose ||= inner.some((line, i) => line.trim() === '' && i > 0 && i < inner.length - 1);
    next = end;
    while (next < lines.length && lines[next].trim() === '') {
      next++;
    }
    const another = next > end && next < lines.length ? ITEM.exec(lines[next]) : null;
    loose ||= another !== null && markKind(another[2]) === kind;
    items.push(item(inner, open && next === lines.length, depth));
  }
  const number = Number.parseInt(ITEM.exec(lines[at])[2], 10);
  return [{ type: 'list', start: Number.isNaN(number) ? null : number, items, loose }, next];
}

function markKind(mark) {
  return /^\d/.test(mark) ? mark.at(-1) : mark;
}

/** Lines of an item: those indented further than its mark, and lines that just go on with its paragraph. */
function itemEnd(lines, at, mark) {
  let end = at + 1;
  while (end < lines.length) {
    if (lines[end].trim() === '') {
      const after = lines.slice(end, end + 3).find((line) => line.trim() !== '');
      if (after === undefined || indent(after) <= mark[1].length) {
        break;
      }
    } else if (indent(lines[end]) <= mark[1].length
        && (ITEM.test(lines[end]) || interrupts(lines, end) || lines[end - 1].trim() === '')) {
      break;
    }
    end++;
  }
  return end;
}

function indent(line) {
  return line.length - line.trimStart().length;
}

function item(lines, open, depth) {
  const task = /^\[([ xX])\] +/.exec(lines[0]);
  if (task !== null) {
    lines[0] = lines[0].slice(task[0].length);
  }
  if (open && lines.length > 1 && BEGUN_MARK.test(lines.at(-1).trim())) {
    lines.pop();
  }
  return { checked: task === null ? null : task[1] !== ' ', blocks: blocks(lines, open, depth + 1) };
}

/** A row and a line of dashes under it; while the answer comes, already the row. */
function isTable(lines, at, open) {
  if (!lines[at].includes('|')) {
    return false;
  }
  if (open && at >= lines.length - 2) {
    const under = lines[at + 1] ?? '';
    return /^ {0,3}\|/.test(lines[at]) && /^[ |:-]*$/.test(under);
  }
  return at + 1 < lines.length && DELIMITERS.test(lines[at + 1])
    && cells(lines[at]).length === cells(lines[at + 1]).length;
}

function table(lines, at, open) {
  const aligns = cells(lines[at + 1] ?? '').map((cell) => {
    const [left, right] = [cell.startsWith(':'), cell.endsWith(':') && cell.length > 1];
    return left && right ? 'center' : right ? 'right' : null;
  });
  const head = cells(lines[at]).map((cell) => parseInline(cell, open && at === lines.length - 1));
  const rows = [];
  let end = Math.min(at + 2, lines.length);
  while (end < lines.length && lines[end].trim() !== '' && (lines[end].includes('|') || !interrupts(lines, end))) {
    const last = open && end === lines.length - 1;
    const row = cells(lines[end]).slice(0, head.length).map((cell) => parseInline(cell, last));
    rows.push([...row, ...Array.from({ length: head.length - row.length }, () => [])]);
    end++;
  }
  return [{ type: 'table', aligns, head, rows }, end];
}

/** The cells of a row; a bar behind a backslash or in code does not part them. */
function cells(line) {
  const row = line.trim().replace(/^\|/, '');
  const found = [];
  let cell = '';
  let inCode = false;
  for (let i = 0; i < row.length; i++) {
    if (row[i] === '\\' && row[i + 1] === '|') {
      cell += '|';
      i++;
    } else if (row[i] === '|' && !inCode) {
      found.push(cell.trim());
      cell = '';
    } else {
      inCode = row[i] === '`' ? !inCode && row.indexOf('`', i + 1) > 0 : inCode;
      cell += row[i];
    }
  }
  return cell.trim() === '' ? found : [...found, cell.trim()];
}

function paragraph(lines, at, open) {
  let end = at + 1;
  while (end < lines.length && !interrupts(lines, end) && !isTable(lines, end, open)) {
    end++;
  }
  const text = lines.slice(at, end).map((line) => line.trimStart()).join('\n');
  return [{ type: 'paragraph', inline: parseInline(text.trimEnd(), open && end === lines.length) }, end];
}
