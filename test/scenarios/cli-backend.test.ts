/** Programs that answer in place of a server, through the built gateway. The program here is a fake of Claude Code. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import type { Reply } from "../fakes/model-server.ts";
import { ask as askModel } from "./_bad.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Overlay } from "../harness/gateway.ts";

const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends.toReversed()) await end();
});

const FAKE = `#!/usr/bin/env node
const { appendFileSync } = require("node:fs");
const argv = process.argv.slice(2);
appendFileSync(process.env.HOME + "/calls.jsonl", JSON.stringify(argv) + "\\n");
const named = argv[argv.indexOf(argv.includes("--resume") ? "--resume" : "--session-id") + 1];
console.log(JSON.stringify({ type: "result", result: "The program heard: " + argv.at(-1), session_id: named }));
`;

async function world(reply: () => Reply, overlay: Overlay) {
  const server = await startModelServer({ api: "openai-completions", script: reply });
  const place = await makePlace(server.url, overlay);
  const bin = join(place.home, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "claude"), FAKE);
  chmodSync(join(bin, "claude"), 0o755);
  const running = await start({ ...place, env: { ...place.env, PATH: `${bin}:${place.env["PATH"] ?? ""}` } });
  ends.push(async () => {
    await running.stop();
    await server.close();
    place.end();
  });
  const ask = (message: string) => askModel(running.client, message);
  const calls = () =>
    existsSync(join(place.home, "calls.jsonl"))
      ? readFileSync(join(place.home, "calls.jsonl"), "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as string[])
      : [];
  return { ask, calls, server };
}

test("a program answers, and its conversation goes on", async () => {
  const { ask, calls } = await world(() => ({ text: ["unused"] }), {
    agents: { defaults: { model: { primary: "claude-cli/opus-4.6" } } },
  });
  assert.match(await ask("My name is Ada"), /The program heard: My name is Ada/);
  assert.match(await ask("Who am I?"), /The program heard: Who am I\?/);
  const [first = [], second = []] = calls();
  const named = first[first.indexOf("--session-id") + 1];
  assert.equal(second[second.indexOf("--resume") + 1], named);
  assert.ok(first.includes("--append-system-prompt") && !second.includes("--append-system-prompt"));
  assert.ok(![...first, ...second].includes("--dangerously-skip-permissions"));
});

test("a program is the fallback of a provider that limits, and is told what was said before", async () => {
  let limited = false;
  const { ask, calls } = await world(
    () =>
      limited ? { kind: "refuse", status: 429, type: "rate_limit_error", message: "slow down" } : { text: ["Noted."] },
    { agents: { defaults: { model: { primary: "fake/fake-1", fallbacks: ["claude-cli/default"] } } } },
  );
  assert.match(await ask("The word is tulip"), /Noted\./);
  limited = true;
  assert.match(await ask("Say the word"), /The program heard/);
  const prompt = calls()[0]?.at(-1) ?? "";
  for (const words of ["The word is tulip", "Noted.", "Say the word"]) assert.ok(prompt.includes(words), prompt);
});
