/** What a model is sent, turn after turn, by a real gateway: the same bytes first, and little enough of them. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Reply, SeenRequest } from "../fakes/model-server.ts";
import { ask, lastAsked, open } from "./_bad.ts";
import type { World } from "./_bad.ts";

interface WireMessage {
  readonly role: string;
  readonly content: unknown;
}

const messagesOf = ({ body }: SeenRequest): readonly WireMessage[] => body["messages"] as WireMessage[];
const systemOf = (request: SeenRequest): string => {
  const [first] = messagesOf(request);
  return typeof first?.content === "string" ? first.content : JSON.stringify(first?.content);
};
const workspaceOf = (world: World): string => join(world.place.home, "workspace");

/** Runs one tool in each turn that asks for it, then says what came of it. */
function callsATool(request: SeenRequest): Reply | undefined {
  const since = messagesOf(request).slice(messagesOf(request).findLastIndex(({ role }) => role === "user"));
  const wish = /^(read|write|exec) (.*)$/s.exec(lastAsked(request).replace(/^\[[^\]]*\] /, ""));
  if (!wish) return undefined;
  if (since.some(({ role }) => role === "tool")) return { text: ["it is done"] };
  const [, name = "", rest = ""] = wish;
  const input = { read: { path: rest }, write: { path: "notes.md", content: rest }, exec: { command: rest } }[name];
  return { calls: [{ id: `call_${messagesOf(request).length}`, name, arguments: JSON.stringify(input) }] };
}

test("over fifty turns with tools, and a restart, what was sent before is sent again byte for byte", async (t) => {
  const world = await open(t);
  world.script = callsATool;
  for (let turn = 0; turn < 50; turn += 1) {
    const wish = ["hello there", `write note ${turn}`, "read notes.md", `exec echo ${turn}`][turn % 4] ?? "";
    await ask(world.client, wish);
    if (turn === 24) await world.restart("stop");
    if (turn === 36) await world.restart("kill");
  }
  const { requests } = world.model;
  assert.ok(requests.length > 80, `${requests.length} requests`);
  const [first] = requests;
  assert.ok(first);
  for (const [at, request] of requests.entries()) {
    assert.equal(systemOf(request), systemOf(first), `the prompt of request ${at}`);
    assert.equal(
      JSON.stringify(request.body["tools"]),
      JSON.stringify(first.body["tools"]),
      `the tools of request ${at}`,
    );
    const before = requests[at - 1];
    if (before === undefined) continue;
    const sent = messagesOf(before).map((message) => JSON.stringify(message));
    const again = messagesOf(request).map((message) => JSON.stringify(message));
    assert.deepEqual(again.slice(0, sent.length), sent, `the conversation of request ${at}`);
  }
});

test("a plain greeting costs at most 24 KB of prompt and tools", async (t) => {
  const world = await open(t);
  await ask(world.client, "hi");
  const [request] = world.model.requests;
  assert.ok(request);
  const bytes = Buffer.byteLength(systemOf(request)) + Buffer.byteLength(JSON.stringify(request.body["tools"]));
  t.diagnostic(`${bytes} bytes of prompt and tools`);
  assert.ok(bytes <= 24 * 1024, `${bytes} bytes`);
});

const small = (contextWindow: number) => ({
  models: {
    providers: {
      fake: {
        models: [{ id: "fake-1", name: "Small", reasoning: false, input: ["text"], contextWindow, maxTokens: 1024 }],
      },
    },
  },
});

test("with a window of 8,000 tokens the assistant still reads, writes and runs commands over several turns", async (t) => {
  const world = await open(t, { overlay: small(8000) });
  world.script = (request) => {
    const chars = JSON.stringify(request.body["messages"]).length + JSON.stringify(request.body["tools"]).length;
    // What a server with that window would do.
    if (chars / 4 > 8000 - 1024) return { kind: "refuse", status: 400, message: "context length exceeded" };
    return callsATool(request);
  };
  for (let turn = 0; turn < 6; turn += 1) {
    assert.equal(await ask(world.client, `write the note of turn ${turn}`), "it is done");
    assert.equal(await ask(world.client, "read notes.md"), "it is done");
    assert.equal(await ask(world.client, `exec echo turn ${turn} >> log.txt`), "it is done");
  }
  assert.equal(readFileSync(join(workspaceOf(world), "notes.md"), "utf8"), "the note of turn 5");
  assert.match(readFileSync(join(workspaceOf(world), "log.txt"), "utf8"), /turn 0\n[\s\S]*turn 5\n$/);
  const [request] = world.model.requests;
  assert.match(request === undefined ? "" : systemOf(request), /## Safety[\s\S]*AGENTS\.md/);
});

test("the first conversation is told the ritual until it is done, then never again", async (t) => {
  const world = await open(t);
  const ritual = /### BOOTSTRAP\.md\n\n# BOOTSTRAP\.md/;
  const latest = () => systemOf(world.model.requests.at(-1) as SeenRequest);
  world.script = (request) => {
    if (!lastAsked(request).includes("call me Ann")) return callsATool(request);
    const told = messagesOf(request).at(-1)?.role === "tool";
    if (told) return { text: ["Nice to meet you, Ann."] };
    const identity = "- **Name:** Robin\n- **Emoji:** 🐦\n";
    return {
      calls: [
        { id: "c1", name: "write", arguments: JSON.stringify({ path: "IDENTITY.md", content: identity }) },
        { id: "c2", name: "write", arguments: JSON.stringify({ path: "USER.md", content: "- **Name:** Ann\n" }) },
        { id: "c3", name: "exec", arguments: JSON.stringify({ command: "rm BOOTSTRAP.md" }) },
      ],
    };
  };
  await ask(world.client, "hello");
  assert.match(latest(), ritual);
  assert.equal(await ask(world.client, "call me Ann; you are Robin"), "Nice to meet you, Ann.");
  await ask(world.client, "and now?");
  assert.doesNotMatch(latest(), ritual);
  assert.match(latest(), /- \*\*Name:\*\* Robin[\s\S]*- \*\*Name:\*\* Ann/);
  await world.restart("stop");
  await ask(world.client, "and after a restart?");
  assert.equal(existsSync(join(workspaceOf(world), "BOOTSTRAP.md")), false);
  // Not even when the other files are gone but one.
  await world.gateway.stop();
  for (const name of ["IDENTITY.md", "USER.md", "SOUL.md"]) rmSync(join(workspaceOf(world), name));
  await world.restart("kill");
  await ask(world.client, "once more");
  assert.equal(existsSync(join(workspaceOf(world), "BOOTSTRAP.md")), false);
  assert.equal(existsSync(join(workspaceOf(world), "SOUL.md")), true);
});

test("a model of a server on this machine is told the ritual with the message too", async (t) => {
  const world = await open(t, {
    overlay: { agents: { defaults: { model: { primary: "ollama/fake-1" } } } },
    prepare: ({ state }) => {
      const file = join(state, "openclaw.json");
      writeFileSync(file, readFileSync(file, "utf8").replace('"fake":{', '"ollama":{'));
      return undefined;
    },
  });
  await ask(world.client, "hello");
  assert.match(
    lastAsked(world.model.requests[0] as SeenRequest),
    /first conversation[\s\S]*# BOOTSTRAP\.md[\s\S]*hello$/,
  );
  rmSync(join(workspaceOf(world), "BOOTSTRAP.md"));
  await ask(world.client, "and now");
  assert.doesNotMatch(lastAsked(world.model.requests.at(-1) as SeenRequest), /BOOTSTRAP/);
});

test("the first turn after /new is told the newest daily notes, the transcript and later turns are not", async (t) => {
  const world = await open(t, { overlay: { agents: { defaults: { userTimezone: "UTC" } } } });
  world.script = (request) => callsATool(request) ?? { text: ["fine"] };
  const sent = () => JSON.stringify(world.model.requests.at(-1)?.body["messages"]);
  await ask(world.client, "exec mkdir -p memory");
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(join(workspaceOf(world), `memory/${today}.md`), "- bought a blue kettle\n");
  await world.client.request("sessions.reset", { key: "main", reason: "new" });
  await ask(world.client, "good morning");
  assert.match(lastAsked(world.model.requests.at(-1) as SeenRequest), /blue kettle[\s\S]*good morning$/);
  await ask(world.client, "and now");
  assert.ok(sent().includes("good morning") && !sent().includes("blue kettle"));
});

test("what fills the window is shown: an estimate before the first turn, then what was sent", async (t) => {
  const world = await open(t);
  const weigh = async () =>
    (await world.client.request("sessions.context", { key: "main" })) as Record<string, unknown>;
  await ask(world.client, "hello", "elsewhere");
  const before = await weigh();
  assert.equal(before["source"], "estimate");
  await ask(world.client, "hello");
  const after = await weigh();
  assert.equal(after["source"], "run");
  assert.deepEqual(after["systemPrompt"], before["systemPrompt"]);
  assert.deepEqual(after["tools"], before["tools"]);
  const request = world.model.requests.at(-1);
  const { chars } = after["systemPrompt"] as { chars: number };
  // The two blocks of the prompt are joined by a blank line.
  assert.ok(request && Math.abs(systemOf(request).length - chars) < 60, `${chars}`);
  const { conversation, used } = after["tokens"] as Record<string, number>;
  assert.ok((conversation ?? 0) > 0 && (used ?? 0) < chars);
  assert.equal(after["messages"], 2);

  const { sessions } = (await world.client.request("sessions.usage", {
    key: "main",
    includeContextWeight: true,
  })) as { sessions: readonly Record<string, unknown>[] };
  const weight = sessions[0]?.["contextWeight"] as { systemPrompt: { chars: number } } | undefined;
  assert.equal(weight?.systemPrompt.chars, chars);
  const rows = await world.client.request("sessions.list", {});
  assert.ok(!JSON.stringify(rows).includes("systemPromptReport"));

  const shown = await command(world, "/context list");
  assert.match(
    shown,
    /^🧠 Context breakdown\nWorkspace: \S+\/workspace\nBootstrap max\/file: 20,000 chars\nSandbox: mode=off/,
  );
  assert.match(shown, /System prompt \(run\): [\d,]+ chars \(~[\d,]+ tok\) \(Project Context [\d,]+ chars/);
  assert.match(shown, /\n- AGENTS\.md: OK \| raw [\d,]+ chars \(~\d+ tok\) \| injected/);
  assert.match(shown, /\nTools: .*\bedit, exec, /);
  assert.match(shown, /\nSession tokens \(cached\): [\d,]+ total \/ ctx=200,000$/);
  assert.ok(!shown.includes("Red Lines"), "no text of the prompt");
  assert.match(
    await command(world, "/context detail"),
    /- exec: [\d,]+ chars[\s\S]*- conversation: \d+ \(2 messages\)/,
  );
  assert.match(await command(world, "/context"), /\/context detail/);
  const data = JSON.parse((await command(world, "/context json")).replace(/^```\n|\n```$/g, "")) as { source: string };
  assert.equal(data.source, "run");
});

/** What a slash command answers in web chat. */
async function command({ client }: World, message: string): Promise<string> {
  const runId = `command-${message}-${performance.now()}`;
  const answered = new Promise<string>((resolve) => {
    const off = client.on("chat", (event) => {
      const { runId: of, state, message: said } = event as unknown as Record<string, unknown>;
      if (of !== runId || state !== "final") return;
      off();
      resolve((said as { content: { text: string }[] }).content.map(({ text }) => text).join(""));
    });
  });
  await client.request("chat.send", { sessionKey: "main", message, idempotencyKey: runId });
  return answered;
}
