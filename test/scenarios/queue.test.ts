/** What becomes of messages that come while an answer is made, on the built gateway: told, collected, interrupted, stopped, and killed in between. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import type { ChatEvent, Gateway } from "../../packages/openclaw/src/client/index.ts";
import { startModelServer, type Reply, type SeenRequest } from "../fakes/model-server.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { withoutEnvelope } from "../harness/envelope.ts";
import { makePlace, start, type Overlay, type Place, type Running } from "../harness/gateway.ts";
import { until } from "../harness/until.ts";

const KEY = "agent:main:main";

/** A model that answers `echo: …`, after a short command when it is asked for work; it can be held back. */
class Model {
  readonly asked: string[][] = [];
  #held: PromiseWithResolvers<void> | undefined;

  hold(): void {
    this.#held = Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  async reply(request: SeenRequest): Promise<Reply> {
    const messages = request.body["messages"] as { role: string; content: unknown }[];
    const since = messages.slice(messages.findLastIndex((m) => m.role === "assistant" && !("tool_calls" in m)) + 1);
    const said = since.filter(({ role }) => role === "user").map(({ content }) => textOf(content));
    this.asked.push(said);
    await this.#held?.promise;
    if (said.some((text) => text.includes("work")) && !since.some(({ role }) => role === "tool"))
      return {
        calls: [{ id: `call_${messages.length}`, name: "exec", arguments: '{"command":"sleep 0.3"}' }],
      } as Reply;
    return { text: [`echo: ${said.join(" + ")}`] };
  }
}

function textOf(content: unknown): string {
  if (typeof content === "string") return withoutEnvelope(content);
  return Array.isArray(content)
    ? withoutEnvelope(content.map((part: { text?: string }) => part.text ?? "").join(""))
    : "";
}

interface World {
  readonly model: Model;
  readonly place: Place;
  gateway: Running;
  /** The last state of every run that has ended, as clients see it. */
  readonly ends: Map<string, ChatEvent[]>;
}

async function open(t: TestContext, overlay: Overlay = {}): Promise<World> {
  const model = new Model();
  const server = await startModelServer({ api: "openai-completions", script: (request) => model.reply(request) });
  const place = await makePlace(server.url, overlay);
  const world: World = { model, place, gateway: await start(place), ends: new Map() };
  follow(world);
  t.after(async () => {
    model.release();
    await world.gateway.stop();
    await server.close();
    place.end();
  });
  return world;
}

function follow({ gateway, ends }: World): void {
  gateway.client.on("chat", (event) => {
    if (event.state === "delta" || event.state === "status") return;
    ends.set(event.runId, [...(ends.get(event.runId) ?? []), event]);
  });
}

function send(client: Gateway, message: string, id: string, queueMode?: string) {
  const params = { sessionKey: KEY, message, idempotencyKey: id, ...(queueMode === undefined ? {} : { queueMode }) };
  return client.request("chat.send", params);
}

/** The message has taken its place in the line of its session. */
function isStored({ place }: World, runId: string): boolean {
  const database = new DatabaseSync(join(place.state, "openclaw.sqlite"), { readOnly: true });
  try {
    return database.prepare("SELECT 1 FROM turns WHERE id = ?").get(runId) !== undefined;
  } finally {
    database.close();
  }
}

const wait = (client: Gateway, runId: string) =>
  client.request("agent.wait", { runId, timeoutMs: 20_000 }) as Promise<{ status: string; stopReason?: string }>;

test("messages that come during a run are answered together, each run id ends once, and a wait gets the outcome", async (t) => {
  const world = await open(t, { messages: { queue: { debounceMs: 100 } } });
  const { client } = world.gateway;
  world.model.hold();
  await send(client, "first", "r1");
  await until(() => world.model.asked.length === 1);
  for (const id of ["r2", "r3", "r4"]) assert.equal((await send(client, `also ${id}`, id)).status, "started");
  await until(() => isStored(world, "r4"));
  world.model.release();
  assert.deepEqual(await Promise.all(["r1", "r2", "r3", "r4"].map(async (id) => (await wait(client, id)).status)), [
    "ok",
    "ok",
    "ok",
    "ok",
  ]);
  await until(() => world.ends.size === 4);
  assert.equal(world.model.asked.length, 2);
  assert.match(world.model.asked[1]!.join(), /^\[3 messages .*also r2.*also r3.*also r4$/s);
  assert.deepEqual(
    ["r1", "r2", "r3", "r4"].map((id) =>
      world.ends.get(id)?.map(({ state, message }) => [state, message !== undefined]),
    ),
    [[["final", true]], [["final", false]], [["final", false]], [["final", true]]],
  );
  assert.equal((await send(client, "also r2", "r2")).status, "ok");
});

test("steer: the run is told after its tool, and answers both", async (t) => {
  const world = await open(t);
  const { client } = world.gateway;
  world.model.hold();
  await send(client, "work please", "r1");
  await until(() => world.model.asked.length === 1);
  await send(client, "and be brief", "r2", "steer");
  await until(() => isStored(world, "r2"));
  world.model.release();
  await wait(client, "r1");
  await wait(client, "r2");
  assert.deepEqual(world.model.asked, [["work please"], ["work please", "and be brief"]]);
  await until(() => world.ends.size === 2);
  assert.equal(world.ends.get("r2")?.[0]?.message, undefined);
  const history = await client.request("chat.history", { sessionKey: KEY });
  const keys = history.messages.map(({ role, idempotencyKey }) => idempotencyKey ?? role);
  assert.deepEqual(keys, ["r1:user", "assistant", "toolResult", "r2:user", "assistant"]);
});

test("interrupt: the run is stopped for the newest message, what waited is dropped", async (t) => {
  const world = await open(t);
  const { client } = world.gateway;
  world.model.hold();
  await send(client, "first", "r1");
  await until(() => world.model.asked.length === 1);
  await send(client, "waits", "r2");
  await until(() => isStored(world, "r2"));
  const answer = await send(client, "instead", "r3", "interrupt");
  assert.equal((answer as { interruptedActiveRun?: boolean }).interruptedActiveRun, true);
  await until(() => world.ends.has("r1"));
  world.model.release();
  assert.equal((await wait(client, "r3")).status, "ok");
  assert.deepEqual(
    [(await wait(client, "r1")).stopReason, (await wait(client, "r2")).stopReason],
    ["aborted", "aborted"],
  );
  await until(() => world.ends.size === 3);
  assert.deepEqual(
    ["r1", "r2", "r3"].map((id) => world.ends.get(id)?.map(({ state }) => state)),
    [["aborted"], ["aborted"], ["final"]],
  );
});

test("a stop drops what waits in every mode, and the next message is answered", async (t) => {
  const world = await open(t);
  const { client } = world.gateway;
  world.model.hold();
  await send(client, "work", "r1");
  await until(() => world.model.asked.length === 1);
  for (const [n, mode] of ["collect", "followup", "steer"].entries()) await send(client, "waits", `w${n}`, mode);
  await until(() => ["w0", "w1", "w2"].every((id) => isStored(world, id)));
  await client.request("sessions.abort", { key: KEY, clearQueued: true });
  world.model.release();
  for (const id of ["r1", "w0", "w1", "w2"]) assert.equal((await wait(client, id)).status, "error", id);
  await send(client, "and now", "r2");
  assert.equal((await wait(client, "r2")).status, "ok");
  assert.deepEqual(world.model.asked.at(-1)?.at(-1), "and now");
});

test("killed with messages waiting in every mode: all are answered by the next process", async (t) => {
  const world = await open(t, { messages: { queue: { debounceMs: 50 } } });
  world.model.hold();
  await send(world.gateway.client, "work", "r1");
  await until(() => world.model.asked.length === 1);
  for (const mode of ["collect", "steer", "followup", "collect"])
    await send(world.gateway.client, `as ${mode}`, `${mode}-${world.ends.size}-${Math.random()}`, mode);
  await world.gateway.kill();
  world.model.release();
  world.gateway = await start(world.place);
  const told = () => world.model.asked.slice(1).flat().join("\n");
  await until(() => ["as collect", "as steer", "as followup"].every((text) => told().includes(text)));
  await until(async () => {
    const { sessions } = await world.gateway.client.request("sessions.list", {});
    return sessions.every((session) => session.hasActiveRun !== true);
  });
  const { messages } = await world.gateway.client.request("chat.history", { sessionKey: KEY });
  const written = messages.filter(({ role }) => role === "user").map(({ content }) => textOf(content));
  assert.equal(written.join("\n").split("as collect").length, 3, "two messages, each once");
  for (const text of ["as steer", "as followup"]) assert.equal(written.join("\n").split(text).length, 2, text);
});

test("what somebody writes in a row on a chat network is one question, a command goes ahead", async (t) => {
  const telegram = await FakeTelegram.start();
  t.after(() => telegram.stop());
  const world = await open(t, {
    channels: {
      telegram: { botToken: telegram.token, apiRoot: telegram.url, allowFrom: [7], dmPolicy: "allowlist" },
    },
    messages: { inbound: { byChannel: { telegram: 400 } } },
  });
  await until(() => telegram.polling);
  for (const text of ["look", "at", "this"]) telegram.inject({ chat: 7, text });
  await until(() => telegram.sent.some(({ text }) => text === "echo: look\nat\nthis"));
  assert.deepEqual(world.model.asked, [["look\nat\nthis"]]);
  telegram.inject({ chat: 7, text: "/queue steer debounce:2s" });
  await until(() => telegram.sent.some(({ text }) => text.includes("Queue: steer · debounce 2 s · cap 20")));
});
