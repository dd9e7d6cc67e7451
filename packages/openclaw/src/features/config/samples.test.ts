/**
 * Files as users of the documents write them. The first line of each says what is to come of it: `valid`,
 * `valid, older: <keys>`, `inside <path>` for a part of a file, or `refused: <path of the wrong key>`.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { test } from "node:test";
import { allSections } from "../../app/sections.ts";
import { loadConfig, loadText } from "./_load/load.ts";
import { issueReport } from "./_report.ts";

const samples = fileURLToPath(new URL("../../../../../test/recordings/config-samples", import.meta.url));
const env = {
  CUSTOM_API_BASE: "https://api.example.com",
  MINIMAX_API_KEY: "key",
  OPENCLAW_GATEWAY_PASSWORD: "password",
  OPENCLAW_GATEWAY_TOKEN: "token",
  VERCEL_GATEWAY_API_KEY: "key",
};
const paths = (config: string) => ({ home: "/home/me", state: "/home/me/.openclaw", config });

for (const name of readdirSync(samples).filter((each) => each.endsWith(".json5"))) {
  const text = readFileSync(join(samples, name), "utf8");
  const verdict = text.slice(3, text.indexOf("\n"));
  test(`${name} is ${verdict}`, async () => {
    const inside = /^inside (.*)$/.exec(verdict)?.[1];
    const file = await loadText({ env, paths: paths(join(samples, "openclaw.json")) }, wrap(text, inside), allSections);
    if (verdict === "refused: not JSON5") return assert.equal(file.problem, "syntax", issueReport(file));
    const refused = /^refused: (.*)$/.exec(verdict)?.[1];
    assert.deepEqual(
      file.issues.map(({ path }) => path),
      refused === undefined ? [] : [refused],
      issueReport(file),
    );
    const older = /older: (.*)$/.exec(verdict)?.[1]?.split(", ") ?? [];
    assert.deepEqual(
      file.legacyIssues.map(({ path }) => path),
      older,
    );
  });
}

/** A part of a file, at its place. */
function wrap(text: string, inside: string | undefined): string {
  return (inside?.split(".") ?? []).reduceRight((below, key) => `{ ${key}: ${below}\n}`, text);
}

function load(folder: string) {
  const config = join(samples, "includes", folder, "openclaw.json");
  return loadConfig({ platform: { env, paths: paths(config) }, sections: allSections });
}

test("files are put in at their places", async () => {
  const file = await load("main");
  assert.ok(file.valid, issueReport(file));
  assert.equal(file.snapshot?.at("agents.defaults.sandbox.mode"), "all");
  assert.equal(file.snapshot?.at("agents.list[0].id"), "main");
  assert.deepEqual(file.snapshot?.at('broadcast["120363403215116621@g.us"]'), ["mueller-transcribe", "mueller-docs"]);
  assert.deepEqual(file.snapshot?.at('broadcast["120363424282127706@g.us"]'), ["schmidt-transcribe", "schmidt-docs"]);
});

test("keys beside the instruction win over the file", async () => {
  const file = await load("siblings");
  assert.deepEqual(file.resolved, { a: 1, b: 99 });
  assert.deepEqual(file.issues.map(({ path }) => path).toSorted(), ["a", "b"]);
});

test("files in files are found from where they are named", async () => {
  const file = await load("nested");
  assert.ok(file.valid, issueReport(file));
  assert.equal(file.snapshot?.at("agents.list[0].workspace"), "~/.openclaw/workspace");
});

test("lists of several files are put together", async () => {
  const file = await load("clients");
  assert.ok(file.valid, issueReport(file));
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((at) => file.snapshot?.at(`agents.list[${at}].id`)),
    ["mueller-transcribe", "mueller-docs", "schmidt-transcribe", "schmidt-docs", undefined],
  );
});
