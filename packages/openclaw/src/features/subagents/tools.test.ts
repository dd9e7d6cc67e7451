import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { call, testTool, textOf } from "../../../../../test/conformance/testTool.ts";
import { SECRET, toolWorld } from "../../../../../test/conformance/toolWorld.ts";
import type { ToolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { until } from "../../../../../test/harness/until.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Tool, ToolResult } from "../../contracts/tool.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import { Sessions } from "../sessions/index.ts";
import { Subagents } from "./index.ts";
import { tools } from "./tools.ts";
import { assistant, fakes, user } from "./world.fixture.ts";

const named = (name: string): Tool => tools.find((tool) => tool.name === name) as Tool;
const MAIN = "agent:main:main";
const owner: Principal = { kind: "person", id: "sim:default:ann", role: "owner", scopes: [] };
const guest: Principal = { ...owner, role: "guest" };
const dataOf = (result: ToolResult) => JSON.parse(textOf(result)) as Record<string, unknown>;
const forGuests = {
  gate: () => ({ principal: guest }),
  rule: "guest",
  twin: { gate: () => ({ principal: owner }) },
} as const;

/** Sessions of two agents, one of them a child of the main session. */
async function prepare(world: ToolWorld): Promise<void> {
  const sessions = await world.use(Sessions);
  const transcripts = await world.use(TranscriptsToken);
  for (const [key, spawnedBy] of [
    [MAIN],
    ["agent:main:telegram:group:1"],
    ["agent:main:subagent:c1", MAIN],
    ["agent:main:telegram:group:1:thread:9"],
    ["agent:work:main"],
  ] as const) {
    const row = await sessions.ensure(key);
    if (spawnedBy !== undefined) await sessions.patch(key, { set: { spawnedBy, label: "child" } });
    await transcripts.append(
      { agentId: row.agentId, sessionId: row.entry.sessionId },
      [
        user(`hello from ${key}`),
        assistant(`<think>secret plan</think>the key is ${SECRET} [[reply_to_current]]`),
        assistant("<relevant-memories>old</relevant-memories>NO_REPLY"),
        assistant("x".repeat(9000)),
      ].map((message) => ({ message })),
      { cwd: "/", durable: false },
    );
  }
}

testTool(named("sessions_spawn"), {
  params: { task: "count the stars", label: "stars" },
  preview: () => ({ target: "main: count the stars", exact: { task: "count the stars", label: "stars" } }),
  prepare,
  services: fakes().providers,
  cases: [
    { title: "starts a sub-agent", params: { task: "count" }, says: /"status": "accepted"[\s\S]*agent:main:subagent:/ },
    { title: "takes the other name of its time limit", params: { task: "count", timeoutSeconds: 5 }, says: /accepted/ },
    {
      title: "passes over a model that cannot be used, and says so",
      params: { task: "count", model: "nope/nope", thinking: "very" },
      says: /accepted[\s\S]*"warning": "The model \\"nope\/nope\\" was not used[\s\S]*thinking level/,
    },
    {
      title: "starts no other agent unless it may",
      params: { task: "x", agentId: "work" },
      says: /forbidden[\s\S]*allowed: main/,
      fails: true,
    },
    {
      title: "says that ACP is not there",
      params: { task: "x", runtime: "acp" },
      says: /not available yet/,
      fails: true,
    },
    {
      title: "says that threads are not there",
      params: { task: "x", thread: true },
      says: /not available yet/,
      fails: true,
    },
    {
      title: "needs a sandbox where one is wanted",
      params: { task: "x", sandbox: "require" },
      says: /forbidden[\s\S]*sandbox/,
      fails: true,
    },
    {
      title: "takes no files while they are off",
      params: { task: "x", attachments: [{ name: "a", content: "b" }] },
      says: /Attachments are off/,
      fails: true,
    },
    {
      title: "works in no folder that is not there",
      params: { task: "x", cwd: "nowhere" },
      says: /cwd is not a folder/,
      fails: true,
    },
  ],
  refusals: [{ title: "is refused to guests", params: { task: "x" }, ...forGuests }],
});

testTool(named("subagents"), {
  params: { action: "list" },
  preview: () => ({ target: `list ${MAIN}`, exact: { action: "list", sessionKey: MAIN } }),
  prepare,
  services: fakes().providers,
  cases: [
    { title: "lists none where there are none", params: {}, says: /"active": \[\],\s*"recent": \[\]/ },
    {
      title: "needs a target to stop one",
      params: { action: "kill" },
      says: /needs the parameter target/,
      fails: true,
    },
    { title: "knows no stranger", params: { action: "kill", target: "zz" }, says: /matches "zz"/, fails: true },
  ],
  refusals: [{ title: "is refused to guests", params: { action: "list" }, ...forGuests }],
});

testTool(named("sessions_yield"), {
  params: { message: "for two reports" },
  preview: () => ({ target: MAIN, exact: { sessionKey: MAIN } }),
  cases: [
    {
      title: "ends the turn",
      params: {},
      says: /The turn ends here/,
      check: (result) => assert.equal(result.endsTurn, true),
    },
  ],
  refusals: [{ title: "is refused to guests", params: {}, ...forGuests }],
});

testTool(named("agents_list"), {
  params: {},
  preview: () => ({ target: "main", exact: { agentId: "main" } }),
  services: fakes().providers,
  cases: [
    {
      title: "lists the agent itself where nothing else is allowed",
      params: {},
      says: /"requester": "main"/,
      check: (result) =>
        assert.deepEqual(
          (dataOf(result)["agents"] as { id: string }[]).map(({ id }) => id),
          ["main"],
        ),
    },
  ],
  refusals: [{ title: "is refused to guests", params: {}, ...forGuests }],
});

testTool(named("sessions_list"), {
  params: { limit: 5 },
  preview: () => ({ target: MAIN, exact: { limit: 5 } }),
  prepare,
  services: fakes().providers,
  cases: [
    {
      title: "lists the sessions of the agent from its main session, and none of others",
      params: {},
      says: /"key": "main"/,
      check: (result) => {
        const keys = (dataOf(result)["sessions"] as { key: string }[]).map(({ key }) => key);
        assert.equal(keys.length, 4);
        assert.ok(keys.every((key) => !key.startsWith("agent:work")));
      },
    },
    { title: "keeps kinds apart", params: { kinds: ["group"] }, says: /"count": 2/ },
    { title: "finds a label", params: { label: "child" }, says: /"count": 1[\s\S]*subagent:c1/ },
    {
      title: "shows the newest messages without secrets and thoughts",
      params: { messageLimit: 3, kinds: ["main"] },
      says: /the key is sk-tes…/,
      check: (result) => assert.doesNotMatch(textOf(result), /secret plan|relevant-memories/),
    },
  ],
  refusals: [{ title: "is refused to guests", params: {}, ...forGuests }],
});

testTool(named("sessions_history"), {
  params: { sessionKey: "main" },
  preview: () => ({ target: "main", exact: { sessionKey: "main" } }),
  prepare,
  services: fakes().providers,
  cases: [
    {
      title: "reads a session of the agent, cleaned and cut",
      params: { sessionKey: "agent:main:telegram:group:1" },
      says: /hello from agent:main:telegram:group:1/,
      check: (result) => {
        const { contentTruncated, contentRedacted, messages } = dataOf(result);
        assert.deepEqual([contentTruncated, contentRedacted, (messages as unknown[]).length], [true, true, 3]);
        assert.doesNotMatch(textOf(result), /secret plan|reply_to_current|relevant-memories/);
      },
    },
    {
      title: "does not read sessions of another agent",
      params: { sessionKey: "agent:work:main" },
      says: /another agent, and tools.agentToAgent is off/,
      fails: true,
    },
    {
      title: "says what is not there",
      params: { sessionKey: "nope" },
      says: /There is no session "nope"/,
      fails: true,
    },
  ],
  refusals: [{ title: "is refused to guests", params: { sessionKey: "main" }, ...forGuests }],
});

testTool(named("sessions_send"), {
  params: { sessionKey: "agent:main:subagent:c1", message: "hi" },
  preview: () => ({
    target: "agent:main:subagent:c1: hi",
    exact: { sessionKey: "agent:main:subagent:c1", message: "hi" },
  }),
  prepare,
  services: fakes().providers,
  cases: [
    {
      title: "waits for the answer",
      params: { sessionKey: "agent:main:telegram:group:1", message: "hi" },
      says: /"status": "ok"[\s\S]*answer to hi/,
    },
    { title: "finds a session by its label", params: { label: "child", message: "hi" }, says: /subagent:c1/ },
    {
      title: "does not wait when told not to",
      params: { label: "child", message: "hi", timeoutSeconds: 0 },
      says: /"status": "accepted"/,
    },
    {
      title: "writes to no session itself",
      params: { sessionKey: "main", message: "hi" },
      says: /cannot write to itself/,
      fails: true,
    },
    {
      title: "writes to no thread",
      params: { sessionKey: "agent:main:telegram:group:1:thread:9", message: "hi" },
      says: /threads cannot be written to/,
      fails: true,
    },
    {
      title: "writes to no other agent unless it may",
      params: { sessionKey: "agent:work:main", message: "hi" },
      says: /forbidden[\s\S]*agentToAgent is off/,
      fails: true,
    },
    { title: "needs to know to whom", params: { message: "hi" }, says: /sessionKey or label/, fails: true },
  ],
  refusals: [{ title: "is refused to guests", params: { sessionKey: "main", message: "x" }, ...forGuests }],
});

testTool(named("session_status"), {
  params: {},
  preview: () => ({ target: MAIN, exact: { sessionKey: MAIN } }),
  prepare,
  services: fakes().providers,
  cases: [
    {
      title: "shows the card with the clock",
      params: {},
      says: /Model: fake\/fake-1[\s\S]*🕒 Time: .*\d{4}-\d\d-\d\dT/,
    },
    {
      title: "shows the card of another session",
      params: { sessionKey: "agent:main:subagent:c1" },
      says: /Session: agent:main:subagent:c1/,
    },
    { title: "changes the model", params: { model: "fake/fake-2" }, says: /Model: fake\/fake-2/ },
    { title: "takes the change back", params: { model: "default" }, says: /Model: fake\/fake-1/ },
    {
      title: "refuses a model that is not there",
      params: { model: "nope/x" },
      says: /Unknown model: nope\/x/,
      fails: true,
    },
  ],
  refusals: [],
});

describe("sub-agents", () => {
  async function world(t: TestContext, config: object = {}) {
    const fake = fakes();
    const place = await toolWorld(t, { config: config as never, services: fake.providers });
    const run = (name: string, params: object, over: object = {}) =>
      call(named(name), params as never, place, place.context({ principal: owner, ...over }));
    await (await place.use(Sessions)).ensure(MAIN);
    return { ...place, fake, run, store: await place.use(StoreToken) };
  }

  it("no more of them are open than may be, and the next may start when one has ended", async (t) => {
    const { fake, run } = await world(t, { agents: { defaults: { subagents: { maxChildrenPerAgent: 2 } } } });
    let end: (text: string) => void = () => {};
    const first = new Promise<string>((resolve) => (end = resolve));
    fake.answer = ({ text }) => (text === "a" ? first : text === "b" ? new Promise(() => {}) : "noted");
    const answers = await Promise.all(["a", "b", "c"].map((task) => run("sessions_spawn", { task })));
    const said = answers.map((result) => String(dataOf(result)["status"]));
    assert.deepEqual(said.toSorted(), ["accepted", "accepted", "forbidden"]);
    end("done");
    await until(async () => dataOf(await run("sessions_spawn", { task: "d" }))["status"] === "accepted");
  });

  it("those at the end of the line may start none", async (t) => {
    const { run } = await world(t);
    const sessionKey = "agent:main:subagent:x";
    const answer = dataOf(await run("sessions_spawn", { task: "x" }, { sessionKey }));
    assert.equal(answer["status"], "forbidden");
    assert.match(String(answer["error"]), /current depth: 1, max: 1/);
  });

  it("a row that says it is deeper than its key is believed", async (t) => {
    const { run, use } = await world(t, { agents: { defaults: { subagents: { maxSpawnDepth: 2 } } } });
    const sessionKey = "agent:work:subagent:x";
    await (await use(Sessions)).ensure(sessionKey);
    const at = { sessionKey, agentId: "work" };
    assert.equal(dataOf(await run("sessions_spawn", { task: "x" }, at))["status"], "accepted");
    await (await use(Sessions)).patch(sessionKey, { set: { spawnDepth: 2 } });
    assert.equal(dataOf(await run("sessions_spawn", { task: "x" }, at))["status"], "forbidden");
  });

  it("agents that cause each other without end are stopped", async (t) => {
    const { run } = await world(t);
    let principal: Principal = owner;
    for (let i = 0; i < 24; i += 1)
      principal = { kind: "agent", id: `s${i}`, role: "owner", scopes: [], parent: principal };
    assert.match(textOf(await run("sessions_spawn", { task: "x" }, { principal })), /24 times in a row/);
    assert.match(textOf(await run("sessions_spawn", { task: "x" }, { principal: principal.parent })), /accepted/);
  });

  it("a child acts for whoever started it, and never with more authority", async (t) => {
    const { fake, run } = await world(t);
    const member: Principal = { ...owner, role: "member", scopes: ["operator.read"] };
    await run("sessions_spawn", { task: "x" }, { principal: member });
    await until(() => fake.ran.length === 2);
    const [child, report] = fake.ran;
    assert.deepEqual(child?.principal, {
      kind: "agent",
      id: MAIN,
      role: "member",
      scopes: ["operator.read"],
      parent: member,
    });
    assert.deepEqual([report?.principal.role, report?.principal.parent], ["member", member]);
  });

  it("one that asks for silence is not reported", async (t) => {
    const { fake, run, store } = await world(t);
    for (const word of ["ANNOUNCE_SKIP", "NO_REPLY"]) {
      fake.answer = () => word;
      await run("sessions_spawn", { task: word });
    }
    await until(async () => (await store.subagents.list({ state: "ended", limit: 9 })).length === 2);
    assert.deepEqual(
      (await store.subagents.list({ limit: 9 })).map(({ announce }) => announce),
      ["silent", "silent"],
    );
    assert.equal(fake.ran.length, 2);
  });

  it("the session of one is put away at once when that was asked for", async (t) => {
    const { run, store, use } = await world(t);
    const { childSessionKey } = dataOf(await run("sessions_spawn", { task: "x", cleanup: "delete" }));
    await until(async () => (await store.subagents.list({ unfinished: true, limit: 9 })).length === 0);
    assert.equal(await (await use(Sessions)).get(String(childSessionKey)), undefined);
  });

  it("the session of one stays when nothing else was asked for", async (t) => {
    const { run, store, use } = await world(t);
    const { childSessionKey } = dataOf(await run("sessions_spawn", { task: "x" }));
    await until(async () => (await store.subagents.list({ limit: 9 }))[0]?.announce === "told");
    assert.ok(await (await use(Sessions)).get(String(childSessionKey)));
    const [row] = await store.subagents.list({ limit: 9 });
    assert.equal(row?.archiveAt, (row?.endedAt ?? 0) + 3_600_000);
  });

  it("a copy of the conversation is begun with, without the call that starts it", async (t) => {
    const { run, use } = await world(t);
    const sessions = await use(Sessions);
    const transcripts = await use(TranscriptsToken);
    const main = (await sessions.get(MAIN))!;
    const open = assistant("", { content: [{ type: "toolCall", id: "c", name: "sessions_spawn", arguments: {} }] });
    await transcripts.append(
      { agentId: "main", sessionId: main.entry.sessionId },
      [user("one"), assistant("two"), user("three"), open].map((message) => ({ message })),
      { cwd: "/", durable: false },
    );
    const { childSessionKey } = dataOf(await run("sessions_spawn", { task: "go on", context: "fork" }));
    const child = (await sessions.get(String(childSessionKey)))!;
    const { entries } = await transcripts.tail(
      { agentId: "main", sessionId: child.entry.sessionId },
      { maxEntries: 9, maxBytes: 1e6 },
    );
    const said = entries.flatMap((entry) =>
      "message" in entry ? [JSON.stringify((entry.message as { content: unknown }).content)] : [],
    );
    assert.deepEqual(
      said.slice(0, 3).map((text) => /one|two|three/.exec(text)?.[0]),
      ["one", "two", "three"],
    );
    assert.ok(!said.join().includes("toolCall"));
  });

  it("a stop stops them all, counts them and reports none", async (t) => {
    const { fake, run, use, store } = await world(t);
    fake.answer = () => new Promise(() => {});
    for (const task of ["a", "b"]) await run("sessions_spawn", { task });
    await until(() => fake.ran.length === 2);
    assert.equal(await (await use(Subagents)).stopOf(MAIN, owner, "stop"), 2);
    assert.equal(await (await use(Subagents)).stopOf(MAIN, owner, "stop"), 0);
    await until(async () => (await store.turns.open()).length === 0);
    assert.deepEqual(
      (await store.subagents.list({ limit: 9 })).map(({ announce }) => announce),
      ["silent", "silent"],
    );
    assert.equal(fake.ran.length, 2);
  });

  it("files are handed over inside the workspace, within their limits", async (t) => {
    const attachments = { enabled: true, maxFiles: 2, maxFileBytes: 10, maxTotalBytes: 15 };
    const { run, snapshot, fake } = await world(t, { tools: { sessions_spawn: { attachments } } });
    const give = (...files: object[]) => run("sessions_spawn", { task: "x", attachments: files });
    assert.match(textOf(await give({ name: "a.txt", content: "aGk=", encoding: "base64" })), /accepted/);
    const [written] = Object.entries(await snapshot()).filter(([path]) => path.endsWith("a.txt"));
    assert.match(written?.[0] ?? "", /^ws\/\.openclaw\/attachments\//);
    assert.equal(written?.[1], "hi");
    await until(() => fake.ran.length > 0);
    assert.match(fake.ran[0]?.options.extraSystemPrompt ?? "", /Files that came with the task are in .*attachments/);
    for (const [files, why] of [
      [[{ name: "../a", content: "x" }], /no name for an attachment/],
      [[{ name: ".bashrc", content: "x" }], /no name for an attachment/],
      [[{ name: "a", content: "x".repeat(11) }], /larger than 10 bytes/],
      [
        [
          { name: "a", content: "x".repeat(9) },
          { name: "b", content: "x".repeat(9) },
        ],
        /15 bytes together/,
      ],
      [
        [
          { name: "a", content: "x" },
          { name: "A", content: "y" },
        ],
        /Two attachments/,
      ],
      [[1, 2, 3].map((n) => ({ name: `f${n}`, content: "x" })), /At most 2/],
      [[{ name: "a", content: "%%%", encoding: "base64" }], /no valid base64/],
    ] as const)
      assert.match(textOf(await give(...files)), why);
  });

  it("a session that waits for another is not written to by it", async (t) => {
    const { run, fake, use } = await world(t, { tools: { agentToAgent: { enabled: true, allow: ["*"] } } });
    await (await use(Sessions)).ensure("agent:work:main");
    let back: ToolResult | undefined;
    fake.answer = async (turn) => {
      if (turn.sessionKey !== "agent:work:main") return "REPLY_SKIP";
      const at = { sessionKey: turn.sessionKey, agentId: "work", principal: turn.principal };
      back ??= await run("sessions_send", { sessionKey: MAIN, message: "and you?" }, at);
      return "fine";
    };
    assert.match(
      textOf(await run("sessions_send", { sessionKey: "agent:work:main", message: "how are you?" })),
      /fine/,
    );
    assert.match(textOf(back!), /waits for this one/);
  });
});
