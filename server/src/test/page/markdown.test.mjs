import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMarkdown } from '../../main/resources/org/ternlm/server/page/markdown.js';
import { isSafeAddress, parseInline } from '../../main/resources/org/ternlm/server/page/markdown-inline.js';

/** Blocks in a short form: names of elements around texts. */
function shape(text, open = false) {
  return parseMarkdown(text, open).map(short).join('');
}

function short(block) {
  switch (block.type) {
    case 'heading': return `<h${block.level}>${words(block.inline)}</h${block.level}>`;
    case 'paragraph': return `<p>${words(block.inline)}</p>`;
    case 'code': return `<pre ${block.language}>${block.text}</pre>`;
    case 'quote': return `<q>${block.blocks.map(short).join('')}</q>`;
    case 'rule': return '<hr>';
    case 'table': return `<table>${[block.head, ...block.rows].map((row) => row.map(words).join('|')).join('/')}</table>`;
    default: return `<${block.start === null ? 'ul' : `ol ${block.start}`}${block.loose ? ' loose' : ''}>${block.items.map((item) => `<li${
      item.checked === null ? '' : ` ${item.checked}`}>${item.blocks.map(short).join('')}</li>`).join('')}</${block.start === null ? 'ul' : 'ol'}>`;
  }
}

function words(inline) {
  const names = { strong: 'b', emphasis: 'i', deleted: 's', code: 'c' };
  return inline.map((part) => {
    if (typeof part === 'string') {
      return part;
    }
    return part.type === 'break' ? '<br>' : part.type === 'code' ? `<c>${part.text}</c>`
      : part.type === 'link' ? `<a ${part.address}>${words(part.inline)}</a>` : `<${names[part.type]}>${words(part.inline)}</${names[part.type]}>`;
  }).join('');
}

const inline = (text, open = false) => words(parseInline(text, open));

describe('blocks', () => {
  const cases = {
    'headings': ['# One\n### Three ###\n#no', '<h1>One</h1><h3>Three</h3><p>#no</p>'],
    'a paragraph keeps its line ends': ['a\nb\n\nc', '<p>a<br>b</p><p>c</p>'],
    'a heading ends a paragraph': ['a\n## b\nc', '<p>a</p><h2>b</h2><p>c</p>'],
    'rules': ['---\n* * *\n_____', '<hr><hr><hr>'],
    'code keeps everything': ['```js\nconst a = "<b>*x*</b>";\n\n  // y\n```\nz', '<pre js>const a = "<b>*x*</b>";\n\n  // y</pre><p>z</p>'],
    'a longer fence holds a shorter one': ['````md\n```\na\n```\n````', '<pre md>```\na\n```</pre>'],
    'tildes are fences too': ['~~~\n```\n~~~', '<pre >```</pre>'],
    'code in a list item loses its indent': ['- a\n  ```py\n  if x:\n      y\n  ```', '<ul><li><p>a</p><pre py>if x:\n    y</pre></li></ul>'],
    'quotes nest, and a paragraph may go on without a mark': ['> a\nb\n> > c', '<q><p>a<br>b</p><q><p>c</p></q></q>'],
    'lists nest by their indent': ['- a\n  - b\n    - c\n- d', '<ul><li><p>a</p><ul><li><p>b</p><ul><li><p>c</p></li></ul></li></ul></li><li><p>d</p></li></ul>'],
    'an ordered list begins where it says': ['3. a\n4. b', '<ol 3><li><p>a</p></li><li><p>b</p></li></ol>'],
    'bullets in an ordered list': ['1. a\n   - b\n2. c', '<ol 1><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ol>'],
    'blank lines make a list loose': ['- a\n\n- b', '<ul loose><li><p>a</p></li><li><p>b</p></li></ul>'],
    'another mark is another list': ['- a\n* b', '<ul><li><p>a</p></li></ul><ul><li><p>b</p></li></ul>'],
    'tasks': ['- [x] a\n- [ ] b', '<ul><li true><p>a</p></li><li false><p>b</p></li></ul>'],
    'a year does not begin a list': ['It was\n1984. A year.', '<p>It was<br>1984. A year.</p>'],
    'tables': ['| a | b |\n|---|:-:|\n| 1 | **2** |\n| 3 |\n\nx', '<table>a|b/1|<b>2</b>/3|</table><p>x</p>'],
    'a bar in code or behind a backslash parts no cells': ['a | b\n- | -\n`x|y` | \\|', '<table>a|b/<c>x|y</c>||</table>'],
    'bars alone are no table': ['a | b\nc | d', '<p>a | b<br>c | d</p>'],
    'HTML is text': ['<script>alert(1)</script>\n\n<b>x</b>', '<p><script>alert(1)</script></p><p><b>x</b></p>'],
    'line ends of Windows': ['a\r\n\r\n- b\r\n', '<p>a</p><ul><li><p>b</p></li></ul>'],
    'nothing': ['', ''],
  };
  for (const [name, [text, expected]] of Object.entries(cases)) {
    test(name, () => assert.equal(shape(text), expected));
  }

  test('alignment', () => {
    assert.deepEqual(parseMarkdown('|a|b|c|\n|:-|:-:|-:|')[0].aligns, [null, 'center', 'right']);
  });
});

describe('inline', () => {
  const cases = {
    'emphasis': ['*a* _b_ **c** __d__ ***e*** ~~f~~', '<i>a</i> <i>b</i> <b>c</b> <b>d</b> <i><b>e</b></i> <s>f</s>'],
    'nested': ['**a *b* c**', '<b>a <i>b</i> c</b>'],
    'stars that are not marks': ['2 * 3 * 4, a*, **', '2 * 3 * 4, a*, **'],
    'names with underscores': ['snake_case_name and __init__', 'snake_case_name and <b>init</b>'],
    'code wins': ['`*a*` ``b`c``', '<c>*a*</c> <c>b`c</c>'],
    'backslashes': ['\\*a\\* \\n \\', '*a* \\n \\'],
    'entities': ['&lt;b&gt; &amp;amp; &#x1F426; &nope; &#0;', '<b> &amp; 🐦 &nope; &#0;'],
    'links': ['[a *b*](https://e.org "t") [c](<http://e.org/x y>)', '<a https://e.org>a <i>b</i></a> <a http://e.org/x y>c</a>'],
    'brackets in addresses': ['[a](https://e.org/b_(c))', '<a https://e.org/b_(c)>a</a>'],
    'bare addresses': ['see https://e.org/a_b_c?x=1&y=2. (http://e.org/x)', 'see <a https://e.org/a_b_c?x=1&y=2>https://e.org/a_b_c?x=1&y=2</a>. (<a http://e.org/x>http://e.org/x</a>)'],
    'addresses in angle brackets': ['<https://e.org> <mailto:a@e.org>', '<a https://e.org>https://e.org</a> <a mailto:a@e.org>mailto:a@e.org</a>'],
    'a picture is a link': ['![bird](https://e.org/b.png)', '<a https://e.org/b.png>bird</a>'],
    'no link in a link': ['[a [b](https://e.org/b)](https://e.org/a)', '[a <a https://e.org/b>b</a>](<a https://e.org/a>https://e.org/a</a>)'],
    'brackets alone': ['a[0] = [b]', 'a[0] = [b]'],
    'line breaks of tables': ['a<br>b<br/>c', 'a<br>b<br>c'],
  };
  for (const [name, [text, expected]] of Object.entries(cases)) {
    test(name, () => assert.equal(inline(text), expected));
  }

  test('links lead to the web and to mail only', () => {
    for (const address of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:x', '\u0001javascript:x', 'data:text/html,x',
      'vbscript:x', 'file:///etc/passwd', '//e.org', '/v1/models', 'java\nscript:x', '&#106;avascript:x']) {
      assert.equal(isSafeAddress(address), false, address);
      assert.doesNotMatch(inline(`[a](${address}) [b](<${address}>) <${address}>`), /<a /, address);
    }
  });
});

describe('an answer that is still coming', () => {
  const cases = {
    'strong without its end': ['a **b c', '<p>a <b>b c</b></p>'],
    'half of its end': ['a **b*', '<p>a <b>b</b></p>'],
    'its beginning alone': ['a **', '<p>a </p>'],
    'emphasis': ['an *old', '<p>an <i>old</i></p>'],
    'nested': ['**a *b', '<p><b>a <i>b</i></b></p>'],
    'a product is no emphasis': ['2*3 and 4 * 5', '<p>2*3 and 4 * 5</p>'],
    'code': ['run `mvn ver', '<p>run <c>mvn ver</c></p>'],
    'a backtick alone': ['run `', '<p>run </p>'],
    'a link shows its words, not its address': ['see [the paper](https://arxiv.or', '<p>see the paper</p>'],
    'a fence': ['```java\nint a', '<pre java>int a</pre>'],
    'half a fence': ['a\n\n``', '<p>a</p>'],
    'the mark of a heading': ['a\n\n##', '<p>a</p>'],
    'the mark of a list': ['a\n\n- b\n-', '<p>a</p><ul><li><p>b</p></li></ul>'],
    'a number': ['1. a\n2', '<ol 1><li><p>a</p></li></ol>'],
    'the first row of a table': ['| a | b |', '<table>a|b</table>'],
    'and half of its second': ['| a | b |\n|--', '<table>a|b</table>'],
    'half a row': ['| a | b |\n|---|---|\n| 1', '<table>a|b/1|</table>'],
  };
  for (const [name, [text, expected]] of Object.entries(cases)) {
    test(name, () => assert.equal(shape(text, true), expected));
  }

  test('only its last block is read as unfinished', () => {
    assert.equal(shape('a **b\n\nc **d', true), '<p>a **b</p><p>c <b>d</b></p>');
  });
});

test('hostile texts take no long time', () => {
  const many = 5000;
  for (const text of ['[', '![', '*a ', '**a', '_a_', '`a``b```', '>', '- ', '> - ', '|', '[a](', '<', '&', 'http://', '~~', '# ', ' #', '(', '\\', '1. ',
    '- a\n', '  - a\n', 'a|b\n', '```\n', '***a', ' ', '-', '*', '|-']) {
    for (const [before, after] of [['', ''], ['', 'x'], ['# ', 'x'], ['a|b\n', 'x'], ['- ', '\n\nx'], ['[a](<', ' ">'], ['```', '`x']]) {
      const begin = performance.now();
      parseMarkdown(before + text.repeat(many) + after, true);
      const took = performance.now() - begin;
      assert.ok(took < 1000, `${JSON.stringify(before)} ${JSON.stringify(text)} took ${took} ms`);
    }
  }
});

test('no text makes it fail, wherever it is cut', () => {
  const marks = ['*', '**', '_', '`', '```', '\n', '\n\n', '- ', '1. ', '> ', '# ', '|', '|-|-|', '[a]', '(b)', '](', '~~', '\\', ' ', 'word', '<br>', '&amp;', 'https://e.org', '    ', '[x] '];
  let seed = 42;
  const next = (below) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor(seed / 65536) % below;
  };
  for (let i = 0; i < 3000; i++) {
    const text = Array.from({ length: 1 + next(25) }, () => marks[next(marks.length)]).join('');
    assert.equal(typeof shape(text), 'string', text);
    assert.equal(typeof shape(text, true), 'string', text);
  }
});
