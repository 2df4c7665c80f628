/**
 * A conversation as a tree: what is edited or asked again becomes a sibling, so no version is lost. One path through
 * the tree, from the root along each node's chosen child, is what the page shows and what the model reads.
 */

const ROLES = ['user', 'assistant'];
const ROOT = 'root';
const TITLE_LENGTH = 60;

/** An identifier; crypto.randomUUID is missing where a page comes over plain HTTP from another machine. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Conversation {
  /** A new one, with the words that tell the model how to behave. */
  static fresh(system = '') {
    const now = Date.now();
    return new Conversation({ id: newId(), title: '', system, created: now, changed: now,
      nodes: { [ROOT]: { id: ROOT, children: [], chosen: null } } });
  }

  /** One that was written as JSON; throws an Error that says what is wrong with it. */
  static read(value) {
    if (typeof value?.id !== 'string' || !/^[\w-]{1,64}$/.test(value.id)) {
      throw new Error('a conversation has no id of letters and digits');
    }
    const nodes = Object.create(null);
    for (const node of Object.values(value.nodes ?? {})) {
      nodes[node?.id] = readNode(node);
    }
    checkTree(nodes);
    const number = (from) => (Number.isFinite(from) ? from : Date.now());
    return new Conversation({ id: value.id, title: String(value.title ?? ''), system: String(value.system ?? ''),
      created: number(value.created), changed: number(value.changed), nodes });
  }

  constructor({ id, title, system, created, changed, nodes }) {
    Object.assign(this, { id, title, system, created, changed, nodes });
  }

  /** Another with equal content, under a new id. */
  copy() {
    return Conversation.read({ ...JSON.parse(JSON.stringify(this)), id: newId() });
  }

  get isEmpty() {
    return this.nodes[ROOT].children.length === 0;
  }

  /** Its name, or the beginning of its first message. */
  get label() {
    if (this.title !== '') {
      return this.title;
    }
    const text = (this.path()[0]?.text ?? '').replace(/\s+/g, ' ').trim();
    if (text === '') {
      return 'New conversation';
    }
    return text.length <= TITLE_LENGTH ? text : `${text.slice(0, TITLE_LENGTH).replace(/\s+\S*$/, '')}…`;
  }

  /** The nodes shown, from the first message on; those before `end` where one is given. */
  path(end = null) {
    const found = [];
    for (let at = this.#child(ROOT); at !== null && at !== end?.id; at = this.#child(at)) {
      found.push(this.nodes[at]);
    }
    return found;
  }

  #child(id) {
    return this.nodes[id].chosen;
  }

  /** Adds a message behind another, or at the beginning, and shows it. */
  add(parent, role, text) {
    const node = { id: newId(), parent: parent?.id ?? ROOT, role, text, children: [], chosen: null };
    this.nodes[node.id] = node;
    this.nodes[node.parent].children.push(node.id);
    this.nodes[node.parent].chosen = node.id;
    this.touch();
    return node;
  }

  /** The message before this one, null for the first. */
  parent(node) {
    return node.parent === ROOT ? null : this.nodes[node.parent];
  }

  /** Which of how many versions a message is, from 1. */
  version(node) {
    const siblings = this.nodes[node.parent].children;
    return { number: siblings.indexOf(node.id) + 1, count: siblings.length };
  }

  /** Shows the version that is `step` further. */
  choose(node, step) {
    const parent = this.nodes[node.parent];
    const next = parent.children[parent.children.indexOf(node.id) + step];
    if (next !== undefined) {
      parent.chosen = next;
    }
    return this.nodes[parent.chosen];
  }

  /** Removes a message and all that follows it; gives a function that brings them back. */
  remove(node) {
    const parent = this.nodes[node.parent];
    const at = parent.children.indexOf(node.id);
    const before = parent.chosen;
    const gone = this.#below(node);
    parent.children.splice(at, 1);
    parent.chosen = parent.children[Math.min(at, parent.children.length - 1)] ?? null;
    gone.forEach((each) => delete this.nodes[each.id]);
    this.touch();
    return () => {
      gone.forEach((each) => { this.nodes[each.id] = each; });
      parent.children.splice(at, 0, node.id);
      parent.chosen = before;
      this.touch();
    };
  }

  #below(node) {
    const found = [node];
    for (let i = 0; i < found.length; i++) {
      found.push(...found[i].children.map((id) => this.nodes[id]));
    }
    return found;
  }

  touch() {
    this.changed = Date.now();
  }

  /** Whether its name or any message, shown or not, has this text; lower case. */
  contains(words) {
    return this.label.toLowerCase().includes(words)
      || Object.values(this.nodes).some((node) => node.text?.toLowerCase().includes(words));
  }
}

function readNode(node) {
  if (typeof node?.id !== 'string' || !Array.isArray(node.children)) {
    throw new Error('a message has no id or no children');
  }
  const chosen = node.chosen ?? null;
  if (node.id === ROOT) {
    return { id: ROOT, children: [...node.children], chosen };
  }
  if (!ROLES.includes(node.role) || typeof node.text !== 'string' || typeof node.parent !== 'string') {
    throw new Error('a message has no role, text or parent');
  }
  return { id: node.id, parent: node.parent, role: node.role, text: node.text, children: [...node.children], chosen,
    ...(node.ending ? { ending: String(node.ending) } : {}), ...(readStats(node.stats)) };
}

function readStats(stats) {
  const names = ['tokens', 'prompt', 'first', 'rate'];
  if (!stats || typeof stats !== 'object') {
    return {};
  }
  return { stats: Object.fromEntries(names.filter((name) => Number.isFinite(stats[name])).map((name) => [name, stats[name]])) };
}

/** Checks that all nodes hang together as one tree: a damaged file must not send the page round in circles. */
function checkTree(nodes) {
  const seen = new Set([ROOT]);
  const waiting = [ROOT];
  while (waiting.length > 0) {
    const node = nodes[waiting.pop()];
    if (node === undefined) {
      throw new Error('a message is missing');
    }
    if (node.chosen === null ? node.children.length > 0 : !node.children.includes(node.chosen)) {
      throw new Error('a message shows a version that it does not have');
    }
    for (const id of node.children) {
      if (seen.has(id) || nodes[id]?.parent !== node.id) {
        throw new Error('messages do not form a tree');
      }
      seen.add(id);
      waiting.push(id);
    }
  }
  if (seen.size !== Object.keys(nodes).length) {
    throw new Error('messages do not form a tree');
  }
}
