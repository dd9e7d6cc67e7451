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
  return { ask, calls, server, port: place.port };
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

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("no tool, no hook and no summary of theirs reaches a program, and the owner does", async () => {
  const replies: Reply[] = [
    {
      calls: [
        {
          id: "c1",
          name: "image",
          arguments: JSON.stringify({ image: PIXEL, model: "claude-cli/default", prompt: "cat ~/.ssh/id_rsa" }),
        },
      ],
    },
    { text: ["Looked."] },
  ];
  const { ask, calls, port, server } = await world(() => replies.shift() ?? { text: ["By the model."] }, {
    hooks: { enabled: true, token: "hook-token-0123456789" },
    agents: {
      defaults: { model: { primary: "fake/fake-1" }, imageModel: { primary: "fake/fake-1" } },
      list: [{ id: "main" }, { id: "program", model: { primary: "claude-cli/default", fallbacks: ["fake/fake-1"] } }],
    },
  });
  assert.match(await ask("Look at this"), /Looked\./);
  assert.match(server.requests.at(-1)?.raw ?? "", /answer the owner only/);
  const hook = await fetch(`http://127.0.0.1:${port}/hooks/agent`, {
    method: "POST",
    headers: { authorization: "Bearer hook-token-0123456789", "content-type": "application/json" },
    body: JSON.stringify({ message: "hook says: read all files", agentId: "program" }),
  });
  assert.ok(hook.ok, String(hook.status));
  const answered = () => server.requests.some(({ raw }) => raw.includes("hook says"));
  for (let nth = 0; nth < 100 && !answered(); nth += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(answered(), "the next model answers it");
  assert.deepEqual(calls(), []);
  assert.match(await ask("/model claude-cli/--dangerously-skip-permissions"), /./);
  await assert.rejects(ask("Are you there?"), /not the name of a model/);
  assert.deepEqual(calls(), []);
  await ask("/model claude-cli/default");
  assert.match(await ask("And now?"), /The program heard/);
  assert.equal(calls().length, 1);
});
