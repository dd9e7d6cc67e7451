import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { frontMatter } from "./_front-matter.ts";
import { skillFrom } from "./_skill.ts";
import type { Skill } from "./index.ts";

const FOUND = { source: "openclaw-workspace", baseDir: "/s/tea", filePath: "/s/tea/SKILL.md" } as const;

function text(...lines: readonly string[]): string {
  return ["---", "name: tea", "description: Makes tea", ...lines, "---", "# Tea", ""].join("\n");
}

async function read(source: string): Promise<Skill> {
  const skill = await skillFrom(source, FOUND);
  assert.ok(!("problem" in skill), "problem" in skill ? skill.problem : "");
  return skill;
}

test("a name and a description are enough, and the rest has its documented defaults", async () => {
  const { name, description, skillKey, userInvocable, promptHidden, always, dispatch, requires } = await read(text());
  assert.deepEqual([name, description, skillKey], ["tea", "Makes tea", "tea"]);
  assert.deepEqual([userInvocable, promptHidden, always, dispatch], [true, false, false, undefined]);
  assert.deepEqual(requires, { bins: [], anyBins: [], env: [], config: [], os: [] });
});

const BLOCK = `"openclaw":{"emoji":"🍵","os":["linux"],"requires":{"bins":["kettle"],"env":["TEA_KEY"]},"primaryEnv":"TEA_KEY","skillKey":"pot"}`;

for (const [style, lines] of [
  ["one line of JSON", [`metadata: {${BLOCK}}`]],
  ["the older name of the block", [`metadata: {${BLOCK.replace("openclaw", "clawdbot")}}`]],
  ["JSON over several lines", ["metadata:", "  {", `    ${BLOCK},`, "  }"]],
  ["JSON that opens on the line of the key and closes at its edge", ["metadata: {", `  ${BLOCK}`, "}"]],
] as const) {
  test(`requirements are read from ${style}`, async () => {
    const skill = await read(text(...lines));
    assert.deepEqual(skill.requires, { bins: ["kettle"], anyBins: [], env: ["TEA_KEY"], config: [], os: ["linux"] });
    assert.deepEqual([skill.emoji, skill.primaryEnv, skill.skillKey], ["🍵", "TEA_KEY", "pot"]);
  });
}

test("the product's block wins over the older one", async () => {
  const skill = await read(text(`metadata: {"clawdbot":{"emoji":"a"},"openclaw":{"emoji":"b"}}`));
  assert.equal(skill.emoji, "b");
});

for (const [what, line, description] of [
  ["in double quotes", String.raw`description: "Say \"hi\": it's \u00e9"`, `Say "hi": it's é`],
  ["in single quotes", "description: 'It''s here'", "It's here"],
  ["folded", "description: >-\n  Two\n  lines", "Two lines"],
  ["going on in the next line", "description: Two\n  lines", "Two lines"],
  ["with a colon and a hash", "description: Use when: #1 fails", "Use when: #1 fails"],
] as const) {
  test(`a description may be written ${what}`, async () => {
    assert.equal((await read(`---\nname: tea\n${line}\n---\n`)).description, description);
  });
}

test("keys of other programs are left alone, in whatever style", async () => {
  await read(
    text("license: MIT", "allowed-tools:", "- Bash", "- Read", "metadata:", "  author: somebody", "  version: '1.0'"),
  );
});

test("brackets and slashes inside of strings, and comments, do not count", async () => {
  const skill = await read(
    text(
      "metadata: {",
      String.raw`  "openclaw": { "emoji": "}\"]", // } not this`,
      `  "homepage": "https://x.org/{" }`,
      "}",
    ),
  );
  assert.deepEqual([skill.emoji, skill.homepage], ['}"]', "https://x.org/{"]);
});

test("line ends of Windows and a byte order mark do no harm", async () => {
  assert.equal((await read(`\uFEFF${text().replaceAll("\n", "\r\n")}`)).description, "Makes tea");
});

test("command keys are read", async () => {
  const skill = await read(
    text("user-invocable: false", "disable-model-invocation: true", "command-dispatch: tool", "command-tool: brew"),
  );
  assert.deepEqual([skill.userInvocable, skill.promptHidden, skill.dispatch], [false, true, { tool: "brew" }]);
});

for (const [what, source, reason] of [
  ["without a front matter", "# Tea\n", /no front matter/],
  ["whose front matter does not end", "---\nname: tea\n", /does not end/],
  ["with a line that is no key", text("what is this"), /line 4 .* no "key: value"/],
  ["with a key that stands twice", text("name: other"), /says "name" twice/],
  ["whose JSON does not close", text(`metadata: {"openclaw":{`), /brackets do not close/],
  ["whose JSON is none", text("metadata: {openclaw}"), /metadata that is no JSON/],
  [
    "whose requirements are YAML that nobody reads",
    text("metadata:", "  openclaw:", "    os: [linux]"),
    /metadata that is no JSON/,
  ],
  ["without a name", "---\ndescription: x\n---\n", /no name/],
  ["without a description", "---\nname: x\n---\n", /no description/],
  ["with a name that climbs out", "---\nname: ../../etc\ndescription: x\n---\n", /a name is made of/],
  ["with a name in capitals", "---\nname: Tea\ndescription: x\n---\n", /a name is made of/],
  ["with a tool command that names no tool", text("command-dispatch: tool"), /without a command-tool/],
] as const) {
  test(`a skill ${what} is refused with the reason`, async () => {
    const skill = await skillFrom(source, FOUND);
    assert.match("problem" in skill ? skill.problem : "accepted", reason);
  });
}

test("metadata of wrong types asks for nothing and breaks nothing", async () => {
  const skill = await read(
    text(
      `metadata: {"openclaw":{"requires":{"bins":7,"env":[null,"",{}]},"os":{},"install":[1,{"kind":"curl"}],"emoji":9}}`,
    ),
  );
  assert.deepEqual(skill.requires, { bins: [], anyBins: [], env: [], config: [], os: [] });
  assert.deepEqual([skill.install, skill.emoji], [[], undefined]);
});

test("any text gives fields or a reason, never an exception", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom("---", "\n", "\n---\n", "name: a", "{", "}", "[", '"', ">", "- ", "  ", ":"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const head = frontMatter(`---\n${pieces.join("")}`);
      assert.ok("fields" in head || head.problem !== "");
    }),
  );
});
