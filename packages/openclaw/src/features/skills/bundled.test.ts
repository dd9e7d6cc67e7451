/** The skills that come with the product. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promptOf } from "./_prompt.ts";
import { scan } from "./_scan.ts";

const FOLDER = fileURLToPath(new URL("../../../../../skills/", import.meta.url));
/** What stands in the prompt of every conversation where all of their programs are there, and without any. */
const MAX_ALL = 3800;
const MAX_PLAIN = 2300;
/** Where a global installation puts them. */
const INSTALLED = "/usr/lib/node_modules/openclaw/dist/skills/";
/** Programs that nearly every machine has. */
const COMMON = new Set(["curl", "git", "python3", "tar", "ssh", "df", "ps"]);

const { skills, problems } = await scan({ path: FOLDER, source: "openclaw-bundled" }, () => {});
const placed = skills.map((skill) => ({ ...skill, filePath: skill.filePath.replace(FOLDER, INSTALLED) }));

test("every folder holds a skill of its name", () => {
  assert.deepEqual(problems, []);
  assert.deepEqual(
    skills.map(({ name }) => name),
    readdirSync(FOLDER).sort(),
  );
});

for (const { name, description, baseDir, filePath } of skills) {
  test(`${name} is short, and the files that it names are there`, () => {
    const text = readFileSync(filePath, "utf8");
    assert.ok(text.split("\n").length <= 80, "80 lines");
    assert.ok(description.length <= 110, `${description.length} characters`);
    for (const [, path = ""] of text.matchAll(/\{baseDir\}\/([\w./-]+\.(?:py|sh))/g))
      if (!path.includes("name.")) assert.ok(existsSync(join(baseDir, path)), path);
  });
}

test("the list costs little, least of all where programs are missing", () => {
  const plain = placed.filter(
    ({ requires }) => requires.bins.every((program) => COMMON.has(program)) && requires.anyBins.length === 0,
  );
  const all = promptOf(placed, 18_000).text.length;
  const few = promptOf(plain, 18_000).text.length;
  assert.ok(all <= MAX_ALL && few <= MAX_PLAIN, `${all} and ${few} characters`);
});
