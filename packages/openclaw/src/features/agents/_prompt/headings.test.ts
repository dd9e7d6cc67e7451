import assert from "node:assert/strict";
import { test } from "node:test";
import { sectionsOf } from "../index.ts";

const RULES = `# AGENTS.md

## Session Startup

Read SOUL.md.

### First

Really.

## Memory

Write.

\`\`\`md
## Red Lines
not this one
\`\`\`

## red lines ##

Never.
`;

test("sections are found by name, in the order asked for, with what is below them", () => {
  assert.equal(
    sectionsOf(RULES, ["Red Lines", "Session Startup"], 1000),
    "## red lines ##\n\nNever.\n\n## Session Startup\n\nRead SOUL.md.\n\n### First\n\nReally.",
  );
  assert.equal(sectionsOf(RULES, ["First"], 1000), "### First\n\nReally.");
});

test("files of older times have other headings for the same", () => {
  assert.equal(
    sectionsOf("## Every Session\n\na\n\n## Safety\n\nb", ["Session Startup", "Red Lines"], 99),
    "## Every Session\n\na\n\n## Safety\n\nb",
  );
});

test("what is not there is empty, what is too long is cut", () => {
  assert.equal(sectionsOf(RULES, ["Nowhere"], 99), "");
  assert.equal(sectionsOf(RULES, [], 99), "");
  assert.equal(sectionsOf(`## A\n\n${"x".repeat(500)}`, ["A"], 50).length, 54);
});
