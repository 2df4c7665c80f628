/**
 * What stands inside a paragraph: a list of strings and of {type: 'strong' | 'emphasis' | 'deleted', inline} ·
 * {type: 'code', text} · {type: 'link', address, inline} · {type: 'break'}. Pictures become links: the page loads
 * nothing from elsewhere.
 */

const SAFE_ADDRESS = /^(https?:\/\/|mailto:)/i;
const BARE_ADDRESS = /^https?:\/\/[^\s<>"'`|]*[^\s<>"'`|.,:;!?*_~]/i;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const ENTITY = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/;
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'', nbsp: '\u00a0' };
const TARGET = /^\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*))(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/;
const FARTHEST_PARTNER = 100;

/** Whether a link may lead there: the web and mail, never a script. */
export function isSafeAddress(address) {
  return SAFE_ADDRESS.test(address);
}

/** Parses a text; `open` where its end has not come yet. */
export function parseInline(text, open = false) {
  return new InlineParser(text, open).parse();
}

class InlineParser {
  #text;
  #open;
  #at = 0;
  #parts = [];
  #brackets = [];
  #withoutPartner = new Set();

  constructor(text, open) {
    this.#text = text;
    this.#open = open;
  }

  parse() {
    while (this.#at < this.#text.length) {
      this.#step(this.#text[this.#at]);
    }
    if (this.#open) {
      this.#hideBegunLink();
    }
    return paired(this.#parts, this.#open);
  }

  #step(char) {
    const rest = () => this.#text.slice(this.#at, this.#at + 2000);
    switch (char) {
      case '\\': return this.#escape();
      case '`': return this.#code();
      case '\n': return this.#take(1, { type: 'break' });
      case '*': case '_': case '~': return this.#delimiters(char);
      case '[': return this.#bracket(1);
      case '!': return this.#text[this.#at + 1] === '[' ? this.#bracket(2) : this.#take(1, '!');
      case ']': return this.#link();
      case '<': return this.#angle(rest());
      case '&': return this.#entity(rest());
      case 'h': case 'H': return this.#bareAddress(rest());
      default: return this.#take(1, char);
    }
  }

  #take(length, part) {
    this.#at += length;
    if (typeof part === 'string' && typeof this.#parts.at(-1) === 'string') {
      this.#parts[this.#parts.length - 1] += part;
    } else {
      this.#parts.push(part);
    }
  }

  #escape() {
    const next = this.#text[this.#at + 1];
    if (next === '\n') {
      this.#take(2, { type: 'break' });
    } else if (next !== undefined && /[!-/:-@[-`{-~]/.test(next)) {
      this.#take(2, next);
    } else {
      this.#take(1, '\\');
    }
  }

  #code() {
    const mark = /^`+/.exec(this.#text.slice(this.#at))[0];
    const begin = this.#at + mark.length;
    const end = this.#withoutPartner.has(mark.length) ? -1 : this.#partner(mark, begin);
    if (end >= 0) {
      this.#take(end + mark.length - this.#at, { type: 'code', text: trimmedCode(this.#text.slice(begin, end)) });
    } else if (this.#open && begin < this.#text.length && mark.length < 3) {
      this.#take(this.#text.length - this.#at, { type: 'code', text: this.#text.slice(begin).replace(/`+$/, '') });
    } else {
      this.#withoutPartner.add(mark.length);
      this.#take(mark.length, this.#open && begin === this.#text.length ? '' : mark);
    }
  }

  #partner(mark, begin) {
    const runs = /`+/g;
    runs.lastIndex = begin;
    for (let run = runs.exec(this.#text); run !== null; run = runs.exec(this.#text)) {
      if (run[0].length === mark.length) {
        return run.index;
      }
    }
    return -1;
  }

  #delimiters(char) {
    let end = this.#at;
    while (this.#text[end] === char) {
      end++;
    }
    const length = end - this.#at;
    const before = this.#text[this.#at - 1] ?? ' ';
    const after = this.#text[end] ?? ' ';
    const left = !/\s/.test(after) && (!PUNCTUATION.test(after) || /\s/.test(before) || PUNCTUATION.test(before));
    const right = !/\s/.test(before) && (!PUNCTUATION.test(before) || /\s/.test(after) || PUNCTUATION.test(after));
    const word = char === '_';
    const fresh = /\s/.test(before) || PUNCTUATION.test(before);
    this.#parts.push({ type: 'mark', char, length, fresh, opens: left && (!word || !right || PUNCTUATION.test(before)),
      closes: right && (!word || !left || PUNCTUATION.test(after)), last: end === this.#text.length });
    this.#at = end;
  }

  #bracket(length) {
    this.#brackets.push(this.#parts.length);
    this.#parts.push({ type: 'bracket', text: length === 1 ? '[' : '![' });
    this.#at += length;
  }

  #link() {
    const begin = this.#brackets.pop();
    const target = begin === undefined ? null : TARGET.exec(this.#text.slice(this.#at + 1, this.#at + 2001));
    if (target === null) {
      this.#take(1, ']');
      return;
    }
    const address = (target[1] ?? target[2]).replace(/\\([!-/:-@[-`{-~])/g, '$1');
    const inline = paired(this.#parts.splice(begin + 1), false);
    this.#parts.pop();
    this.#at += 1 + target[0].length;
    const isEmpty = inline.length === 0;
    if (isSafeAddress(address)) {
      this.#parts.push({ type: 'link', address, inline: isEmpty ? [address] : withoutLinks(inline) });
    } else {
      this.#parts.push(...inline);
    }
    if (this.#brackets.length > 0 && !isEmpty) {
      this.#brackets.length = 0;
    }
  }

  /** A link of which only a part has come shows its words, not its address. */
  #hideBegunLink() {
    const begun = /\]\((?:[^()\s]|\([^()\s]*\))*(?:\([^()\s]*)?$/.exec(this.#text.slice(-500));
    const from = begun === null ? -1 : this.#parts.findLastIndex((part) => part.type === 'bracket');
    if (from < 0) {
      return;
    }
    const words = this.#parts.splice(from + 1);
    const cut = words.findIndex((part) => typeof part === 'string' && part.includes(']('));
    this.#parts.pop();
    if (cut >= 0) {
      words.splice(cut, words.length, words[cut].slice(0, words[cut].indexOf('](')));
    }
    this.#parts.push(...words);
  }

  #angle(rest) {
    const lineBreak = /^<br ?\/?>/i.exec(rest);
    const address = /^<([^\s<>]+)>/.exec(rest);
    if (lineBreak !== null) {
      this.#take(lineBreak[0].length, { type: 'break' });
    } else if (address !== null && isSafeAddress(address[1])) {
      this.#take(address[0].length, { type: 'link', address: address[1], inline: [address[1]] });
    } else {
      this.#take(1, '<');
    }
  }

  #entity(rest) {
    const found = ENTITY.exec(rest);
    const point = found === null ? null : found[1] ? Number(found[1]) : found[2] ? Number.parseInt(found[2], 16) : null;
    if (found === null || point === 0 || point > 0x10ffff) {
      this.#take(1, '&');
    } else {
      this.#take(found[0].length, found[3] ? NAMED[found[3]] : String.fromCodePoint(point));
    }
  }

  #bareAddress(rest) {
    const before = this.#text[this.#at - 1] ?? ' ';
    const found = /[\p{L}\p{N}]/u.test(before) ? null : BARE_ADDRESS.exec(rest);
    if (found === null) {
      this.#take(1, this.#text[this.#at]);
      return;
    }
    let address = found[0];
    while (address.endsWith(')') && address.split(')').length > address.split('(').length) {
      address = address.slice(0, -1);
    }
    this.#take(address.length, { type: 'link', address, inline: [address] });
  }
}

function trimmedCode(text) {
  const flat = text.replace(/\n/g, ' ');
  return flat.length > 2 && flat.startsWith(' ') && flat.endsWith(' ') && flat.trim() !== '' ? flat.slice(1, -1) : flat;
}

function withoutLinks(inline) {
  return inline.flatMap((part) => (part.type === 'link' ? withoutLinks(part.inline)
    : part.inline ? [{ ...part, inline: withoutLinks(part.inline) }] : [part]));
}

/** Pairs marks of emphasis, as CommonMark does: a closing one takes the nearest that can open it. */
function paired(parts, open) {
  const made = [];
  const marks = [];
  for (const part of parts) {
    if (part.type !== 'mark') {
      made.push(part);
      continue;
    }
    if (open && part.last && isHalf(made, marks, part)) {
      continue;
    }
    while (part.closes && part.length > 0 && close(made, marks, part)) {
      // A mark of three closes two.
    }
    if (part.length > 0) {
      marks.push(made.length);
      made.push(part);
    }
  }
  if (open) {
    closeAtTheEnd(made, marks);
  }
  return plain(made);
}

/** Whether a mark at the very end is the first half of one that closes what is open. */
function isHalf(made, marks, { char, length }) {
  const opener = made[marks.findLast((at) => made[at].char === char && made[at].opens) ?? -1];
  return length === 1 && opener?.length === 2;
}

function close(made, marks, closer) {
  const farthest = Math.max(0, marks.length - FARTHEST_PARTNER);
  for (let i = marks.length - 1; i >= farthest; i--) {
    const opener = made[marks[i]];
    const fits = opener.char === closer.char && opener.opens && isPair(opener, closer);
    if (fits && marks[i] < made.length - 1) {
      const width = closer.char === '~' ? closer.length : Math.min(2, opener.length, closer.length);
      wrap(made, marks, i, width);
      closer.length -= width;
      return true;
    }
  }
  return false;
}

function isPair(opener, closer) {
  if (closer.char === '~') {
    return opener.length === closer.length && closer.length <= 2;
  }
  const both = (opener.opens && opener.closes) || (closer.opens && closer.closes);
  return !both || (opener.length + closer.length) % 3 !== 0 || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

/** Puts what stands behind an opening mark into it. */
function wrap(made, marks, i, width) {
  const at = marks[i];
  const opener = made[at];
  const inline = plain(made.splice(at + 1));
  marks.length = i;
  opener.length -= width;
  if (opener.length === 0) {
    made.pop();
  } else {
    marks.push(at);
  }
  made.push({ type: opener.char === '~' ? 'deleted' : width === 2 ? 'strong' : 'emphasis', inline });
}

/** Marks whose partner has not come yet count as closed; one at the very end does not show. */
function closeAtTheEnd(made, marks) {
  for (let i = marks.length - 1; i >= 0; i--) {
    const mark = made[marks[i]];
    if (mark?.type !== 'mark') {
      continue;
    }
    if (mark.last) {
      mark.length = 0;
    } else if (mark.opens && mark.fresh && mark.length <= 3 && (mark.char !== '~' || mark.length === 2)) {
      while (mark.length > 0 && made[marks[i]] === mark) {
        wrap(made, marks, i, Math.min(2, mark.length));
      }
    }
  }
}

/** Marks that found no partner are text again; neighbouring strings become one. */
function plain(parts) {
  const found = [];
  for (const part of parts) {
    const each = part.type === 'mark' ? part.char.repeat(part.length) : part.type === 'bracket' ? part.text : part;
    if (typeof each === 'string' && typeof found.at(-1) === 'string') {
      found[found.length - 1] += each;
    } else if (each !== '') {
      found.push(each);
    }
  }
  return found;
}
