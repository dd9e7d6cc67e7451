import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { telegramText } from "../../../../../test/fakes/_telegram-html.ts";
import { parseMarkdown } from "../markdown.ts";
import { plain } from "./plain.ts";
import { telegramHtml } from "./telegram-html.ts";

const rows: [title: string, markdown: string, html: string, text?: string][] = [
  ["styles nest", "**b _i_ ~~s~~** ||sp||", "<b>b <i>i</i> <s>s</s></b> <tg-spoiler>sp</tg-spoiler>", "b i s sp"],
  ["a heading is a bold line", "# T **b**\nx", "<b>T b</b>\n\nx", "T b\n\nx"],
  ["code keeps its characters", "`a<b&c`", "<code>a&lt;b&amp;c</code>", "a<b&c"],
  [
    "a code block has its language",
    "```ts title\nx < y\n```",
    '<pre><code class="language-ts">x &lt; y</code></pre>',
    "x < y",
  ],
  ["a language that is none is left out", '```"><b>\nx\n```', "<pre>x</pre>", "x"],
  [
    "a link has its address",
    '[a](https://e.example/?a=1&b="2")',
    '<a href="https://e.example/?a=1&amp;b=&quot;2&quot;">a</a>',
    'a (https://e.example/?a=1&b="2")',
  ],
  [
    "a bare address stands for itself",
    "see https://e.example",
    'see <a href="https://e.example">https://e.example</a>',
    "see https://e.example",
  ],
  ["a script is no link", "[a](javascript:alert)", "a (javascript:alert)", "a (javascript:alert)"],
  [
    "HTML is shown as it was written",
    "<b onclick=x>hi</b> <script>",
    "&lt;b onclick=x&gt;hi&lt;/b&gt; &lt;script&gt;",
    "<b onclick=x>hi</b> <script>",
  ],
  [
    "a fold becomes a bold line and its content",
    "<details><summary>More</summary>\ninside\n</details>",
    "<b>More</b>\ninside",
    "More\ninside",
  ],
  [
    "lists keep their order and depth",
    "- a\n  - b\n- c\n\n2. x\n3. y",
    "• a\n  • b\n• c\n\n2. x\n3. y",
    "• a\n  • b\n• c\n\n2. x\n3. y",
  ],
  ["tasks show whether they are done", "- [x] a\n- [ ] b", "• ☑ a\n• ☐ b", "• ☑ a\n• ☐ b"],
  ["quotes do not nest", "> a\n> > b", "<blockquote>a\n\nb</blockquote>", "a\n\nb"],
  [
    "a table is aligned",
    "| a | bb |\n|-|-|\n| **1** | 2 |",
    "<pre>| a   | bb  |\n| --- | --- |\n| 1   | 2   |</pre>",
    "| a   | bb  |\n| --- | --- |\n| 1   | 2   |",
  ],
  ["rules are left out", "a\n\n---\n\nb", "a\n\nb", "a\n\nb"],
  [
    "an image is a link",
    "![pic](https://e.example/p.png)",
    '<a href="https://e.example/p.png">pic</a>',
    "pic (https://e.example/p.png)",
  ],
  ["line ends stay", "a\nb", "a\nb", "a\nb"],
  [
    "character references are read",
    "AT&amp;T &lt;x&gt; &#65;&#x42; &nope;",
    "AT&amp;T &lt;x&gt; AB &amp;nope;",
    "AT&T <x> AB &nope;",
  ],
];
for (const [title, markdown, html, text] of rows) {
  test(title, () => {
    const styled = parseMarkdown(markdown);
    assert.equal(telegramHtml(styled), html);
    if (text !== undefined) assert.equal(plain(styled), text);
  });
}

test("a table with one very wide cell becomes lists", () => {
  const styled = parseMarkdown(`| a | b |\n|-|-|\n| ${"x".repeat(300)} | 1 |\n| y | 2 |\n| z | 3 |`);
  assert.deepEqual(styled.spans, []);
  assert.match(styled.text, /^• a: x+\n• b: 1\n\n• a: y/);
});

const piece = fc.constantFrom(
  "*",
  "**",
  "_",
  "~~",
  "`",
  "```",
  "\n",
  "\n\n",
  " ",
  "> ",
  "- ",
  "1. ",
  "#",
  "[",
  "](",
  ")",
  "![",
  "<b>",
  "</b>",
  "<",
  ">",
  "&",
  "&amp;",
  "|",
  "||",
  "|-|-|\n",
  "a",
  "word",
  "https://e.example",
  "\\",
  '"',
  "<!--",
  "<details>",
  "<summary>s</summary>",
  "😀",
  "\t",
  "    ",
);
const markdown = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((parts) => parts.join("")),
  fc.string({ maxLength: 200 }),
);

test("any Markdown becomes HTML that Telegram reads as the same text", () => {
  fc.assert(
    fc.property(markdown, (source) => {
      const styled = parseMarkdown(source);
      assert.equal(telegramText(telegramHtml(styled)), styled.text);
    }),
    { numRuns: 2000 },
  );
});

test("spans never cross and never leave the text", () => {
  fc.assert(
    fc.property(markdown, (source) => {
      const { text, spans } = parseMarkdown(source);
      for (const [i, a] of spans.entries()) {
        assert.ok(a.start >= 0 && a.start < a.end && a.end <= text.length);
        for (const b of spans.slice(i + 1))
          assert.ok(b.start >= a.end || (b.start >= a.start && b.end <= a.end), JSON.stringify([a, b]));
      }
    }),
    { numRuns: 1000 },
  );
});

test("nesting without end comes to an end", () => {
  for (const open of [">", "*", "[", "![", "- ", "<a ", "||a", "**a "])
    assert.ok(parseMarkdown(open.repeat(4000)).spans.length <= 4000, open);
});
