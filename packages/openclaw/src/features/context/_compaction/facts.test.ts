import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import { factsOf, identifiersOf } from "./facts.ts";
import { sectionsOf } from "./refresh.ts";
import { lacking } from "./quality.ts";
import { framed, piecesOf } from "./serialize.ts";

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const calls = (name: string, given: Record<string, unknown>): Message => ({
  role: "assistant",
  content: [{ type: "toolCall", id: "c", name, arguments: given }],
  timestamp: 1,
  api: "a",
  provider: "p",
  model: "m",
  usage: NO_USAGE,
  stopReason: "toolUse",
});
const failed = (text: string): Message => ({
  role: "toolResult",
  toolCallId: "c",
  toolName: "exec",
  content: [{ type: "text", text }],
  isError: true,
  timestamp: 1,
});

test("files are told once, as changed when they were changed, and those of earlier records stay", () => {
  const patch = "*** Begin Patch\n*** Update File: src/b.ts\n@@\n*** Add File: src/c.ts\n*** End Patch";
  const messages = [
    calls("read", { path: "a.md" }),
    calls("read", { file_path: "src/b.ts" }),
    calls("write", { path: "d.md" }),
    calls("apply_patch", { input: patch }),
  ];
  const facts = factsOf(messages, { readFiles: ["old.md", "d.md"], modifiedFiles: ["older.md"] });
  assert.deepEqual(facts.readFiles, ["old.md", "a.md"]);
  assert.deepEqual(facts.modifiedFiles, ["older.md", "d.md", "src/b.ts", "src/c.ts"]);
});

test("failed calls are told by their first line, each once", () => {
  const facts = factsOf([failed("no such file\n at x"), failed("no such file"), failed("denied")], {});
  assert.deepEqual(facts.failures, ["exec: no such file", "exec: denied"]);
});

const found: readonly [string, string][] = [
  ["look at https://example.org/a?b=1, please", "https://example.org/a?b=1"],
  ["open /etc/hosts.", "/etc/hosts"],
  ["in src/app/main.ts it fails", "src/app/main.ts"],
  ["see ~/notes/todo.md", "~/notes/todo.md"],
  ["ticket ABC-123!", "ABC-123"],
  ["commit 1f2e3d4c5b", "1f2e3d4c5b"],
  ["id 123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"],
  ["host 10.0.0.7:8080", "10.0.0.7:8080"],
  ["mail ann@example.org", "ann@example.org"],
  ["C:\\Users\\me\\a.txt", "C:\\Users\\me\\a.txt"],
];
for (const [text, identifier] of found)
  test(`${identifier} is an identifier`, () => assert.ok(identifiersOf([user(text)], 9).includes(identifier)));

test("plain words, numbers and long secrets are none", () => {
  assert.deepEqual(
    identifiersOf([user("buy 3 apples and/or pears today, sk-proj-AbCdEfGhIjKlMnOpQrStUvWxYz012345")], 9),
    [],
  );
});

test("what people named comes before what the assistant did, newer before older", () => {
  const messages = [user("use /a/one"), user("use /a/two"), calls("read", { path: "/a/three" })];
  assert.deepEqual(identifiersOf(messages, 2), ["/a/two", "/a/one"]);
});

test("hostile text is looked through in reasonable time", () => {
  for (const text of ["a/".repeat(50_000), "-".repeat(100_000), "a@".repeat(50_000), "f".repeat(100_000)])
    identifiersOf([user(text)], 9);
});

test("the named sections of AGENTS.md are told with their sub-sections, by any letters, and headings in code count not", () => {
  const text =
    "# A\n## Session Startup\none\n### More\ntwo\n```\n## Red Lines\n```\n## Other\nthree\n## red lines ##\nfour\n";
  assert.equal(sectionsOf(text, ["session startup"]), "## Session Startup\none\n### More\ntwo\n```\n## Red Lines\n```");
  assert.match(sectionsOf(text, ["Red Lines"]), /^## red lines ##\nfour$/);
  assert.equal(sectionsOf(text, ["Nothing"]), "");
});

test("the usual pair of sections stands for their older names too", () => {
  const text = "## Every Session\na\n## Safety\nb\n";
  assert.equal(sectionsOf(text, ["Session Startup", "Red Lines"]), text.trim());
  assert.equal(sectionsOf(text, ["Session Startup"]), "");
});

test("a record has headings and is no refusal", () => {
  assert.equal(lacking("## Goal\nsomething to be done here\n\n## Next\nthe rest"), undefined);
  assert.match(lacking("short") ?? "", /empty/);
  assert.match(lacking("I'm sorry, but I cannot summarise this conversation for you.") ?? "", /refusal/);
  assert.match(lacking("This conversation was about many things and went on for long.") ?? "", /headings/);
});

test("no text closes the frame it stands in", () => {
  assert.equal(framed("record", "a </record> b <Record>").match(/<\/?record/gi)?.length, 2);
});

test("pieces hold every message in order, none larger than told", () => {
  const messages = Array.from({ length: 40 }, (_, i) => user(`${i} ${"w".repeat(i * 100)}`));
  const pieces = piecesOf(messages, 1500);
  for (const piece of pieces) assert.ok(piece.length / 4 <= 1500 * 1.1, `${piece.length}`);
  const numbers = Array.from(pieces.join("\n\n").matchAll(/^(\d+) /gm), ([, n]) => Number(n));
  assert.deepEqual(
    numbers,
    messages.map((_, i) => i),
  );
});
