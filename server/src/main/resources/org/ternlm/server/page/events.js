/** Server-sent events, read as the specification of HTML defines them, from bytes that may be cut anywhere. */

/** Takes text piece by piece and gives the data of each event that has become complete. */
export class EventParser {
  #rest = '';
  #data = [];
  #started = false;

  push(text) {
    if (!this.#started && text !== '') {
      this.#started = true;
      text = text.startsWith('\uFEFF') ? text.slice(1) : text;
    }
    this.#rest += text;
    const events = [];
    let begin = 0;
    for (;;) {
      const end = lineEnd(this.#rest, begin);
      if (end === null) {
        break;
      }
      const event = this.#line(this.#rest.slice(begin, end.at));
      if (event !== null) {
        events.push(event);
      }
      begin = end.next;
    }
    this.#rest = this.#rest.slice(begin);
    return events;
  }

  #line(line) {
    if (line === '') {
      const event = this.#data.length > 0 ? this.#data.join('\n') : null;
      this.#data = [];
      return event;
    }
    if (line.startsWith('data:')) {
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    } else if (line === 'data') {
      this.#data.push('');
    }
    return null;
  }
}

/** Where a line ends: at LF, CR, or both; null while that is not known, as after a CR that an LF may follow. */
function lineEnd(text, begin) {
  for (let at = begin; at < text.length; at++) {
    if (text[at] === '\n') {
      return { at, next: at + 1 };
    }
    if (text[at] === '\r') {
      if (at + 1 === text.length) {
        return null;
      }
      return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
    }
  }
  return null;
}

/** The data of each event of a body, in order; cancels the body where the reader stops early. */
export async function* events(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      yield* parser.push(done ? `${decoder.decode()}\n\n` : decoder.decode(value, { stream: true }));
      if (done) {
        return;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
