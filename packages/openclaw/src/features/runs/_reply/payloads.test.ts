import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../../../base/ids.ts";
import { assemble, reasoningText, type Assembly } from "./payloads.ts";

const said = (over: Partial<Assembly>): Assembly => ({
  answers: [],
  parts: [],
  told: [],
  failures: [],
  error: undefined,
  footer: undefined,
  reasoning: false,
  verbose: "off",
  streamed: false,
  ...over,
});
const answer = (text: string, ...thoughts: string[]) => ({ text, thoughts });
const upTo = (text: string, n = 0) => {
  const solid = text.replace(/\s+/g, "");
  return { answer: n, to: solid.length, digest: sha256(solid).slice(0, 16) };
};
const failure = { name: "write", reason: "EACCES: permission denied", matters: true };
const harmless = { name: "read", reason: "no such file", matters: false };

const cases: readonly [title: string, assembly: Partial<Assembly>, texts: string[]][] = [
  ["the texts of the answers, in order", { answers: [answer("One."), answer(""), answer("Two.")] }, ["One.", "Two."]],
  ["the same text twice in a row is said once", { answers: [answer("Done."), answer("Done.")] }, ["Done."]],
  [
    "and again when something came between",
    { answers: [answer("Done."), answer("Wait."), answer("Done.")] },
    ["Done.", "Wait.", "Done."],
  ],
  [
    "reasoning comes first, when it is asked for",
    { answers: [answer("Yes.", "Is it so?")], reasoning: true },
    ["Reasoning:\n_Is it so?_", "Yes."],
  ],
  ["and not when it is not", { answers: [answer("Yes.", "Is it so?")] }, ["Yes."]],
  [
    "nor twice, where it went out with the blocks",
    { answers: [answer("Yes.", "Hm?")], reasoning: true, streamed: true },
    ["Yes."],
  ],
  ["nor alone", { answers: [answer("", "Better say nothing.")], reasoning: true }, []],
  [
    "what blocks said is not said again",
    { answers: [answer("First part.\n\nSecond part.")], parts: [upTo("First part.")] },
    ["Second part."],
  ],
  ["also when they said it all", { answers: [answer("All of it.")], parts: [upTo("All of it.")] }, []],
  [
    "blocks of another answer do not count",
    { answers: [answer("Same."), answer("Then.")], parts: [upTo("Then.", 0)] },
    ["Same.", "Then."],
  ],
  [
    "what a tool told the same people is not repeated",
    { answers: [answer("Hello  there.")], told: [{ text: "Hello there." }] },
    [],
  ],
  ["anything else is", { answers: [answer("Sent.")], told: [{ text: "Hello there." }] }, ["Sent."]],
  ["a failed tool is told when nothing else would be", { failures: [harmless] }, ["⚠️ 📖 read failed."]],
  [
    "with its reason where people want details",
    { failures: [harmless], verbose: "on" },
    ["⚠️ 📖 read failed: `no such file`"],
  ],
  ["not beside an answer", { answers: [answer("It is not there.")], failures: [harmless] }, ["It is not there."]],
  ["nor after a tool spoke", { told: [{ text: "Hi." }], failures: [harmless] }, []],
  [
    "but what was to change and did not is told",
    { answers: [answer("Saved!")], failures: [harmless, failure] },
    ["Saved!", "⚠️ ✍️ write failed."],
  ],
  ["unless its bubble said so", { answers: [answer("Saved!")], failures: [failure], verbose: "on" }, ["Saved!"]],
  [
    "an error stands at the end",
    { answers: [answer("Half an ans")], error: "The model broke off." },
    ["Half an ans", "⚠️ The model broke off."],
  ],
  [
    "usage stands below the last text",
    { answers: [answer("One."), answer("Two.")], footer: "Usage: 1" },
    ["One.", "Two.\n\nUsage: 1"],
  ],
  [
    "or alone, when all was said",
    { answers: [answer("One.")], parts: [upTo("One.")], footer: "Usage: 1" },
    ["Usage: 1"],
  ],
  ["silence has no footer", { footer: "Usage: 1" }, []],
];
for (const [title, assembly, texts] of cases)
  test(title, () =>
    assert.deepEqual(
      assemble(said(assembly)).map(({ text }) => text),
      texts,
    ),
  );

test("files that went with a block, or by a tool, are not sent again", () => {
  const text = "Look.\nMEDIA:a.png\nMEDIA:b.png\nMEDIA:c.png";
  const parts = [{ ...upTo("Look."), media: ["a.png"] }];
  const [payload, ...more] = assemble(said({ answers: [answer(text)], parts, told: [{ media: ["b.png"] }] }));
  assert.deepEqual([payload?.text, payload?.directions?.media, more], ["", ["c.png"], []]);
});

test("files go out with a silent answer", () => {
  const [payload] = assemble(said({ answers: [answer("MEDIA:a.png")] }));
  assert.deepEqual(payload?.directions?.media, ["a.png"]);
});

test("thoughts are set off line by line", () => {
  assert.equal(reasoningText(["a_b\n\nc", "d"]), "Reasoning:\n_a\\_b_\n\n_c_\n\n_d_");
  assert.equal(reasoningText([" "]), undefined);
});
