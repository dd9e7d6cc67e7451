/** Sub-agents on a real gateway with a scripted model: at work side by side, told once, killed in between, stopped. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { Reply, SeenRequest } from "../fakes/model-server.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import type { Overlay, Place } from "../harness/gateway.ts";
import { ask, history, lastAsked, open, textOf, until, works } from "./_bad.ts";
import type { World } from "./_bad.ts";

const AT_ONCE: Overlay = { agents: { defaults: { subagents: { maxConcurrent: 4 } } } };
const REPORT = "A sub-agent that you started has ended";

const isChild = (request: SeenRequest): boolean =>
  JSON.stringify(request.body["messages"]).includes("You are a sub-agent");
const call = (name: string, args: object, id = `call_${name}_${JSON.stringify(args).length}`): Reply => ({
  calls: [{ id, name, arguments: JSON.stringify(args) }],
});

/** Results of tools since the newest message of the user's role. */
function results(request: SeenRequest): string[] {
  const messages = request.body["messages"] as { role: string; content: unknown }[];
  const since = messages.slice(messages.findLastIndex(({ role }) => role === "user"));
  return since.filter(({ role }) => role === "tool").map(({ content }) => JSON.stringify(content));
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly announce: string;
  readonly run: string;
}

function runsOf(place: Place): readonly Row[] {
  const database = new DatabaseSync(join(place.state, "openclaw.sqlite"), { readOnly: true });
  try {
    return database
      .prepare("SELECT id, state, announce, run FROM subagent_runs ORDER BY seq")
      .all() as unknown as Row[];
  } finally {
    database.close();
  }
}

const allTold = (place: Place, count: number) => () => {
  const rows = runsOf(place);
  return rows.length === count && rows.every(({ announce }) => announce === "told");
};

async function reports(world: World): Promise<readonly string[]> {
  return (await history(world.client)).map(textOf).filter((text) => text.includes(REPORT));
}

/** The parent starts a child for each word after `start:`; a child answers `done <task>` when `gate` lets it. */
function parentAndChildren(world: World, gate: (task: string) => Promise<void> = async () => {}): void {
  world.script = async (request) => {
    const asked = lastAsked(request);
    if (isChild(request)) {
      const task = /task \w+/.exec(asked)?.[0] ?? "?";
      await gate(task);
      return { text: [`done ${task}`] };
    }
    if (asked.includes(REPORT)) return { text: [`heard ${/done (task \w+)/.exec(asked)?.[1] ?? "nothing"}`] };
    const names = /start: (.*)/.exec(asked)?.[1]?.split(" ");
    if (names === undefined) return undefined;
    if (results(request).length > 0) return { text: ["started"] };
    return {
      calls: names.map((name, i) => ({
        id: `call_${i}`,
        name: "sessions_spawn",
        arguments: JSON.stringify({ task: `task ${name}`, label: name }),
      })),
    };
  };
}

test("two sub-agents work at the same time and each is reported once", async (t) => {
  const world = await open(t, { overlay: AT_ONCE });
  let under = 0;
  let together: () => void = () => {};
  const both = new Promise<void>((resolve) => (together = resolve));
  parentAndChildren(world, async () => {
    if ((under += 1) === 2) together();
    await both;
  });
  assert.equal(await ask(world.client, "start: one two"), "started");
  await until("both were reported", allTold(world.place, 2));
  await until("both reports were answered", async () =>
    (await history(world.client)).map(textOf).join().includes("heard task two"),
  );
  await until("and the other", async () => (await history(world.client)).map(textOf).join().includes("heard task one"));
  const told = await reports(world);
  assert.equal(told.length, 2);
  for (const text of told) {
    assert.match(text, /Status: success/);
    assert.match(text, /runtime \d+s • tokens \d+ \(in \d+ \/ out \d+\) • sessionKey agent:main:subagent:/);
  }
  const { sessions } = (await world.client.request("sessions.list", { spawnedBy: "agent:main:main" })) as unknown as {
    sessions: { label?: string; spawnDepth?: number; subagentRole?: string }[];
  };
  const rows = sessions.map(({ label, spawnDepth, subagentRole }) => `${label} ${spawnDepth} ${subagentRole}`);
  assert.deepEqual(new Set(rows), new Set(["one 1 leaf", "two 1 leaf"]));
  const child = world.model.requests.find(isChild);
  const names = ((child?.body["tools"] ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
  assert.ok(
    !names.some((name) => name.startsWith("session") || name === "subagents" || name === "agents_list"),
    names.join(),
  );
  await works(world);
});

test("a sub-agent that is at work when the gateway dies is finished and reported by the next", async (t) => {
  const world = await open(t, { overlay: AT_ONCE });
  let dead = false;
  let begun = false;
  parentAndChildren(world, async () => {
    begun = true;
    if (!dead) await new Promise(() => {});
  });
  assert.equal(await ask(world.client, "start: one"), "started");
  await until("it is at work", () => begun);
  dead = true;
  await world.restart("kill");
  await until("it was reported", allTold(world.place, 1));
  await until("the report was answered", async () =>
    (await history(world.client)).map(textOf).join().includes("heard task one"),
  );
  assert.equal((await reports(world)).length, 1);
});

for (const crash of ["before the end is written", "before the report", "after the report"] as const) {
  test(`killed ${crash}, the end of a sub-agent is reported once`, async (t) => {
    const world = await open(t, { overlay: AT_ONCE });
    parentAndChildren(world);
    assert.equal(await ask(world.client, "start: one"), "started");
    await until("it was reported", allTold(world.place, 1));
    await until("the report was answered", async () =>
      (await history(world.client)).map(textOf).join().includes("heard task one"),
    );
    await world.gateway.kill();
    rewind(world.place, crash);
    await world.restart("kill").catch(() => undefined);
    await until("it is settled", allTold(world.place, 1));
    await works(world);
    assert.equal((await reports(world)).length, 1);
  });
}

/** Puts the database back to where a crash at that moment leaves it. */
function rewind(place: Place, crash: string): void {
  const database = new DatabaseSync(join(place.state, "openclaw.sqlite"));
  const { run } = database.prepare("SELECT run FROM subagent_runs").get() as { run: string };
  const whole = JSON.parse(run) as Record<string, unknown>;
  if (crash === "before the end is written") {
    const { outcome: _outcome, endedAt: _endedAt, archiveAt: _archiveAt, ...open } = whole;
    database
      .prepare(
        "UPDATE subagent_runs SET state = 'open', announce = 'pending', ended_at = NULL, archive_at = NULL, run = ?",
      )
      .run(JSON.stringify({ ...open, state: "open", announce: "pending" }));
  } else if (crash === "before the report")
    database
      .prepare("UPDATE subagent_runs SET announce = 'pending', run = ?")
      .run(JSON.stringify({ ...whole, announce: "pending" }));
  database.close();
}

test("a sub-agent that starts itself over and over comes to an end", async (t) => {
  const overlay = {
    agents: { defaults: { subagents: { maxConcurrent: 4, maxSpawnDepth: 3, maxChildrenPerAgent: 2 } } },
  };
  const world = await open(t, { overlay });
  const refusals: string[] = [];
  world.script = (request) => {
    const asked = lastAsked(request);
    const said = results(request);
    refusals.push(...said.filter((text) => text.includes("forbidden")));
    if (asked.includes(REPORT)) return { text: ["noted"] };
    if (!isChild(request) && !asked.includes("begin")) return undefined;
    const tools = (request.body["tools"] as { function: { name: string } }[]).map((tool) => tool.function.name);
    if (said.length > 0 || !tools.includes("sessions_spawn")) return { text: ["at the end"] };
    return {
      calls: [0, 1, 2].map((i) => ({
        id: `call_${i}`,
        name: "sessions_spawn",
        arguments: JSON.stringify({ task: "start yourself again, three times" }),
      })),
    };
  };
  assert.equal(await ask(world.client, "begin"), "at the end");
  await until("all came to an end", () => runsOf(world.place).every(({ announce }) => announce === "told"), 30);
  const rows = runsOf(world.place).map(({ run }) => JSON.parse(run) as { depth: number });
  assert.deepEqual(
    [1, 2, 3].map((depth) => rows.filter((row) => row.depth === depth).length),
    [2, 4, 8],
  );
  assert.ok(refusals.some((text) => text.includes("2 sub-agents at work")));
  await works(world);
});

test("a stop stops what a session started, at any depth, and nothing of it is reported", async (t) => {
  const overlay = { agents: { defaults: { subagents: { maxConcurrent: 8, maxSpawnDepth: 2 } } } };
  const world = await open(t, { overlay });
  let waiting = 0;
  world.script = async (request) => {
    const asked = lastAsked(request);
    if (asked.includes("leaf")) {
      waiting += 1;
      await new Promise(() => {});
    }
    if (asked.includes("begin") || asked.includes("middle")) {
      if (results(request).length > 0) return { text: ["started"] };
      const task = asked.includes("begin") ? "middle" : "leaf";
      return {
        calls: [0, 1].map((i) => ({ id: `call_${i}`, name: "sessions_spawn", arguments: JSON.stringify({ task }) })),
      };
    }
    return undefined;
  };
  assert.equal(await ask(world.client, "begin"), "started");
  await until("four leaves are at work", () => waiting === 4);
  const stopped = await world.client.request("chat.abort", { sessionKey: "main" });
  assert.equal(stopped.ok, true);
  await until("all have ended", () => runsOf(world.place).every(({ state }) => state === "ended"));
  assert.equal(runsOf(world.place).length, 6);
  assert.ok(runsOf(world.place).every(({ announce }) => announce === "silent"));
  await world.restart("kill");
  await works(world);
  assert.deepEqual(await reports(world), []);
});

let said = 0;

/** What the gateway answers to a command of the web chat. */
async function say(world: World, message: string): Promise<string> {
  const runId = `say-${(said += 1)}`;
  let answer: string | undefined;
  const off = world.client.on("chat", (event) => {
    const {
      runId: of,
      state,
      message: shown,
    } = event as unknown as {
      runId: string;
      state: string;
      message?: { role: string; content: unknown };
    };
    if (of === runId && state === "final") answer = shown === undefined ? "" : textOf(shown);
  });
  await world.client.request("chat.send", { sessionKey: "main", message, idempotencyKey: runId });
  await until(`"${message}" is answered`, () => answer !== undefined);
  off();
  return answer ?? "";
}

test("a report goes to the chat that asked, once, and /stop counts what it stopped", async (t) => {
  const telegram = await FakeTelegram.start();
  t.after(() => telegram.stop());
  const channel = { botToken: telegram.token, apiRoot: telegram.url, allowFrom: [11], dmPolicy: "allowlist" };
  const world = await open(t, { overlay: { ...AT_ONCE, channels: { telegram: channel } } });
  await until("the bot polls", () => telegram.polling);
  let hold = false;
  let held = 0;
  parentAndChildren(world, async () => {
    if (!hold) return;
    held += 1;
    await new Promise(() => {});
  });
  const heard = (text: string) => telegram.sent.filter((m) => m.chat === "11" && m.text.includes(text)).length;
  telegram.inject({ chat: 11, text: "start: one" });
  await until("the report was told", () => heard("heard task one") > 0);
  assert.equal(heard("started"), 1);
  hold = true;
  telegram.inject({ chat: 11, text: "start: two three" });
  await until("both are at work", () => held === 2);
  telegram.inject({ chat: 11, text: "/stop" });
  await until("the stop was answered", () => heard("Stopped 2 sub-agents.") === 1);
  assert.equal(heard("heard task"), 1);
});

test("what a sub-agent is told while it works is part of what it does", async (t) => {
  const world = await open(t, { overlay: AT_ONCE });
  let working = false;
  world.script = (request) => {
    const asked = lastAsked(request);
    if (asked.includes(REPORT)) return { text: ["noted"] };
    if (isChild(request)) {
      working = true;
      const all = JSON.stringify(request.body["messages"]);
      if (all.includes("in green")) return { text: ["painted in green"] };
      return call("exec", { command: "sleep 0.3" }, `call_${all.length}`);
    }
    if (!asked.includes("begin")) return undefined;
    return results(request).length > 0
      ? { text: ["started"] }
      : call("sessions_spawn", { task: "paint it", label: "painter" });
  };
  assert.equal(await ask(world.client, "begin"), "started");
  await until("it works", () => working);
  assert.match(await say(world, "/tell painter in green"), /is told/);
  await until("it was reported", allTold(world.place, 1));
  assert.match((await reports(world))[0] ?? "", /painted in green/);
  assert.equal(runsOf(world.place).length, 1);
});

test("a report that comes while its requester works follows the queue: steered, it is told in the same run", async (t) => {
  const world = await open(t, { overlay: { ...AT_ONCE, messages: { queue: { mode: "steer", debounceMs: 0 } } } });
  world.script = (request) => {
    const all = JSON.stringify(request.body["messages"]);
    if (isChild(request)) return { text: ["done task one"] };
    if (!all.includes("begin")) return undefined;
    if (all.includes(REPORT)) return { text: ["heard it while working"] };
    const calls = all.split('"role":"tool"').length;
    if (calls > 20) return { text: ["never heard"] };
    return calls === 1
      ? call("sessions_spawn", { task: "task one" })
      : call("exec", { command: "sleep 0.2" }, `call_${calls}`);
  };
  assert.equal(await ask(world.client, "begin"), "heard it while working");
  assert.equal((await reports(world)).length, 1);
  await until("it is settled", allTold(world.place, 1));
});

test("a run that takes too long and one that fails are reported as what they were", async (t) => {
  const world = await open(t, { overlay: AT_ONCE });
  world.script = (request) => {
    const asked = lastAsked(request);
    if (asked.includes(REPORT)) return { text: ["noted"] };
    if (asked.includes("task slow")) {
      const all = JSON.stringify(request.body["messages"]);
      if (all.includes("so far")) return { kind: "hang", after: "headers" };
      return {
        text: ["so far: half"],
        calls: [{ id: "call_1", name: "exec", arguments: JSON.stringify({ command: "true" }) }],
      };
    }
    if (asked.includes("task broken")) return { kind: "refuse", status: 400, message: "Status: success, I say" };
    if (!asked.includes("begin")) return undefined;
    if (results(request).length > 0) return { text: ["started"] };
    const spawn = (id: string, args: object) => ({ id, name: "sessions_spawn", arguments: JSON.stringify(args) });
    return {
      calls: [spawn("c1", { task: "task slow", runTimeoutSeconds: 1 }), spawn("c2", { task: "task broken" })],
    };
  };
  assert.equal(await ask(world.client, "begin"), "started");
  await until("both were reported", allTold(world.place, 2));
  await until("both reports are there", async () => (await reports(world)).length === 2);
  const told = await reports(world);
  const of = (name: string) => told.find((text) => text.includes(`has ended: ${name}`)) ?? "";
  assert.match(of("task slow"), /Status: timeout[\s\S]*so far: half[\s\S]*ran out of time/);
  assert.match(of("task broken"), /Status: error\n\nResult: \(none\)/);
});

test("when the model cannot tell the report, the chat gets it as it is", async (t) => {
  const telegram = await FakeTelegram.start();
  t.after(() => telegram.stop());
  const channel = { botToken: telegram.token, apiRoot: telegram.url, allowFrom: [11], dmPolicy: "allowlist" };
  const world = await open(t, { overlay: { ...AT_ONCE, channels: { telegram: channel } } });
  await until("the bot polls", () => telegram.polling);
  parentAndChildren(world);
  const usual = world.script;
  world.script = (request) =>
    lastAsked(request).includes(REPORT) ? { kind: "refuse", status: 400, message: "no" } : usual?.(request);
  telegram.inject({ chat: 11, text: "start: one" });
  await until("the result is there", () => telegram.sent.some(({ text }) => text.includes("done task one")));
  assert.equal(telegram.sent.filter(({ text }) => text.includes("done task one")).length, 1);
});

test("people look after sub-agents with commands", async (t) => {
  const world = await open(t, { overlay: AT_ONCE });
  let letGo: () => void = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  parentAndChildren(world, async (task) => {
    if (/slow|other/.test(task)) await gate;
  });
  assert.match(await say(world, "/subagents"), /no sub-agents/);
  assert.match(await say(world, "/subagents spawn main task quick --thinking off"), /Its report comes here/);
  await until("it was reported", allTold(world.place, 1));
  assert.match(await say(world, "/subagents log 1"), /task quick[\s\S]*done task quick/);
  assert.match(await say(world, "/subagents info 1"), /Status: ok[\s\S]*Report: told/);
  assert.match(await say(world, "/subagents send 1 task again"), /done task again|has it/);
  assert.equal(await ask(world.client, "start: slow other"), "started");
  const list = await say(world, "/subagents list");
  assert.match(list, /2 at work, 1 ended/);
  assert.match(await say(world, "/kill nobody"), /No sub-agent of this session matches "nobody"/);
  assert.match(await say(world, "/kill slow"), /Stopped \*\*slow\*\*/);
  assert.match(await say(world, "/kill slow"), /has ended already/);
  assert.match(await say(world, "/steer other be quick about it"), /is told/);
  letGo();
  await until("the other was reported", () => runsOf(world.place).every(({ announce }) => announce !== "pending"));
  assert.match(await say(world, "/subagents spawn nobody task x"), /not allowed for sessions_spawn \(allowed: main\)/);
  assert.match(await say(world, "/subagents nonsense"), /\/subagents list/);
});

const AGENTS = (agentToAgent: object): Overlay => ({
  agents: { defaults: { maxConcurrent: 1 }, list: [{ id: "main", default: true }, { id: "work" }] },
  tools: { agentToAgent },
  session: { agentToAgent: { maxPingPongTurns: 2 } },
});

/** `tell work` makes main write to the other agent, which answers and is answered. */
function talkative(world: World): string[] {
  const heard: string[] = [];
  world.script = (request) => {
    const asked = lastAsked(request);
    const [result] = results(request);
    if (result !== undefined) return { text: [`it said ${result}`] };
    if (asked.includes("tell work"))
      return call("sessions_send", { sessionKey: "agent:work:main", message: "what is up?" });
    if (asked.includes("what is up?")) return { text: ["answer one"] };
    if (/answer \w+|question \w+/.test(asked)) {
      heard.push(/(?:answer|question) \w+/.exec(asked)?.[0] ?? "");
      return { text: [heard.length >= 2 ? "REPLY_SKIP" : "question two"] };
    }
    return undefined;
  };
  return heard;
}

test("agents that may write to each other do, a few times, and no longer", async (t) => {
  const world = await open(t, { overlay: AGENTS({ enabled: true, allow: ["main", "work"] }) });
  const heard = talkative(world);
  const answer = await ask(world.client, "tell work");
  assert.match(answer, /answer one/);
  await until("they have answered each other", () => heard.length === 2);
  assert.deepEqual(heard, ["answer one", "question two"]);
  const texts = (await history(world.client, "agent:work:main")).map(textOf);
  assert.equal(texts.filter((text) => text.includes("what is up?")).length, 1);
  await until("the conversation is over", () => kvRows(world.place) === 0);
});

test("agents that may not write to each other do not", async (t) => {
  const world = await open(t, { overlay: AGENTS({ enabled: false }) });
  talkative(world);
  await ask(world.client, "hello", "agent:work:main");
  assert.match(await ask(world.client, "tell work"), /agentToAgent is off/);
  assert.equal((await history(world.client, "agent:work:main")).length, 2);
});

test("a conversation between agents goes on after a crash without a word said twice", async (t) => {
  const world = await open(t, { overlay: AGENTS({ enabled: true, allow: ["*"] }) });
  await ask(world.client, "hello", "agent:work:main");
  let dead = false;
  let reached = false;
  const heard = talkative(world);
  const script = world.script;
  world.script = async (request) => {
    if (lastAsked(request).includes("what is up?") && !dead) {
      reached = true;
      await new Promise(() => {});
    }
    return script?.(request);
  };
  await world.client.request("chat.send", { sessionKey: "main", message: "tell work", idempotencyKey: "talk-1" });
  await until("the message was sent", () => reached);
  dead = true;
  await world.restart("kill");
  await until("they have answered each other", () => heard.length === 2);
  await until("the conversation is over", () => kvRows(world.place) === 0);
  const texts = (await history(world.client, "agent:work:main")).map(textOf);
  assert.equal(texts.filter((text) => text.includes("what is up?")).length, 1);
});

function kvRows(place: Place): number {
  const database = new DatabaseSync(join(place.state, "openclaw.sqlite"), { readOnly: true });
  try {
    const row = database.prepare("SELECT count(*) AS n FROM kv WHERE space = 'session-talks'").get() as { n: number };
    return row.n;
  } finally {
    database.close();
  }
}

test("what a sub-agent leaves running ends with it, its own commands only, and its parent shows it among its children", async (t) => {
  const world = await open(t, { overlay: AT_ONCE });
  const mark = (whose: string) => `openclaw-left-${whose}-${process.pid}`;
  const leaves = (whose: string) =>
    call("exec", { command: `bash -c 'exec -a ${mark(whose)} sleep 300'`, background: true }, `call_left_${whose}`);
  world.script = (request) => {
    const asked = lastAsked(request);
    const told = results(request);
    if (isChild(request)) return told.length === 0 ? leaves("child") : { text: ["done task"] };
    if (asked.includes(REPORT)) return { text: ["heard"] };
    if (!asked.includes("start both")) return undefined;
    if (told.length === 0) return leaves("parent");
    return told.length === 1 ? call("sessions_spawn", { task: "leave something" }) : { text: ["started"] };
  };
  assert.equal(await ask(world.client, "start both"), "started");
  await until("its report was told", allTold(world.place, 1));
  assert.ok(
    world.model.requests.some((request) => isChild(request) && results(request).join().includes("running")),
    "it had begun",
  );
  await until("the child's command is gone", () => running(mark("child")) === 0);
  assert.equal(running(mark("parent")), 1, "the parent's goes on");

  const { sessions } = (await world.client.request("sessions.list", {})) as unknown as {
    sessions: { key: string; childSessions?: string[]; spawnedBy?: string }[];
  };
  const child = sessions.find(({ spawnedBy }) => spawnedBy === "agent:main:main");
  assert.deepEqual(sessions.find(({ key }) => key === "agent:main:main")?.childSessions, [child?.key]);
  assert.equal(child?.childSessions, undefined);
  const { session } = (await world.client.request("sessions.describe", { key: "main" })) as unknown as {
    session: { childSessions?: string[] };
  };
  assert.deepEqual(session.childSessions, [child?.key]);

  const { run } = (await world.client.request("audit.run.inspect", { runId: runsOf(world.place)[0]!.id })) as {
    run: { labels: readonly string[] };
  };
  assert.deepEqual(run.labels, ["from:session"], "its task was not in the owner's words");
  await world.gateway.stop();
  assert.equal(running(mark("parent")), 0, "nothing outlives the gateway");
});

/** Processes of this name. */
function running(name: string): number {
  return readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(name);
    } catch {
      return false;
    }
  }).length;
}
