/** `config.*` as clients see it, over a real file; restart and sessions are fakes. */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { mkdtemp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { Fault } from "../../base/errors.ts";
import { sha256, systemRandom } from "../../base/ids.ts";
import { Scope } from "../../base/scope.ts";
import { systemClock } from "../../base/time.ts";
import { LifecycleToken, type RestartRequest } from "../../contracts/lifecycle.ts";
import type { MethodCall } from "../../contracts/method.ts";
import type { Platform, Token } from "../../contracts/service.ts";
import { problems } from "../../contracts/schema.ts";
import { Config, ConfigSections, SessionNotices, createConfig } from "./index.ts";
import { fingerprints } from "./_write/fingerprint.ts";
import { methods } from "./methods.ts";
import { sampleSections as sections } from "./_samples.ts";

const SECRET = "canary-4711";

interface Answer {
  readonly [key: string]: unknown;
}

/** A gateway's configuration with its methods; every promised result is held against its declared shape. */
async function world(text?: string, env: Record<string, string> = {}) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-rpc-"));
  const path = join(state, "openclaw.json");
  if (text !== undefined) await writeFile(path, text);
  const platform = {
    env,
    paths: { home: state, state, config: path },
    clock: systemClock,
    random: systemRandom,
    version: "2026.11.0",
    log,
  } as unknown as Platform;
  const config = await createConfig({ platform, sections });
  const happened: string[] = [];
  const requests: RestartRequest[] = [];
  const lifecycle = {
    restart: (request: RestartRequest) => {
      requests.push(request);
      const { reason, delayMs = 2000 } = request;
      return { ok: true, pid: 1, signal: "SIGUSR1", mode: "in-process", reason, delayMs, coalesced: false };
    },
    restartPart: async (name: string) => void happened.push(`part ${name}`),
  };
  const values = new Map<string, unknown>([
    [Config.name, config],
    [ConfigSections.name, sections],
    [LifecycleToken.name, lifecycle],
    [SessionNotices.name, { announceRestart: async () => void happened.push("announced"), tell: async () => {} }],
  ]);
  const use = async <T>({ name }: Token<T>) => values.get(name) as T;
  const scope = new Scope(systemClock, "test");
  const follow = () =>
    config.follow({
      platform,
      scope,
      use,
      events: {
        publish: (event, payload) => void happened.push(`${event} ${String(payload["hash"]).slice(15, 24)}`),
        subscribe: () => () => {},
      },
    });
  const later: (() => unknown)[] = [];
  const call = {
    use,
    platform,
    caller: { principal: { kind: "device", id: "d1", role: "owner", scopes: ["operator.admin"] } },
    after: (work: () => unknown) => void later.push(work),
  } as unknown as MethodCall;
  const ask = async (name: string, params: Record<string, unknown> = {}): Promise<Answer> => {
    const method = methods.find((each) => each.name === name);
    assert.ok(method, name);
    assert.deepEqual(problems(method.params, params), []);
    const result = (await method.run(call, params as never)) as Answer;
    assert.deepEqual(problems(method.result, JSON.parse(JSON.stringify(result))), [], name);
    for (const work of later.splice(0)) await work();
    return result;
  };
  const get = async () => (await ask("config.get")) as Answer & { readonly hash: string; readonly raw: string };
  return {
    ask,
    get,
    follow,
    happened,
    requests,
    config,
    values,
    end: () => scope.close(),
    read: () => readFile(path, "utf8"),
    names: () => readdir(state),
    path,
    state,
    /** Calls a writer with the hash of the file as it is. */
    write: async (name: string, raw: string, more: Record<string, unknown> = {}) =>
      ask(name, { raw, baseHash: (await get()).hash, ...more }),
  };
}

async function faultOf(work: Promise<unknown>): Promise<{ message: string; rpc: string; details?: unknown }> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return { message: error.message, rpc: error.rpc, details: error.details };
  }
  return assert.fail("was not refused");
}

test("config.get of a missing file: nothing of a file, and what is in force", async () => {
  const { get } = await world();
  const shown = await get();
  assert.deepEqual([shown["exists"], shown.raw, shown["config"], shown["valid"]], [false, null, {}, true]);
  assert.match(String(shown.hash), /^hmac-sha256:v1:[\w-]{43}$/);
  assert.equal((shown["runtimeConfig"] as { gateway: { port: number } }).gateway.port, 18_789);
});

test("no hash that leaves can be recomputed from the text of the file, so that weak secrets cannot be guessed", async () => {
  const text = '{ gateway: { auth: { token: "1234" } } }';
  const { ask, get, follow, end, write, happened, state } = await world(text);
  await follow();
  const plain = [sha256(text), createHash("sha256").update(text).digest("base64url")];
  const shown = await get();
  const written = await write("config.patch", "{ gateway: { port: 7 } }");
  const same = await ask("config.get");
  assert.equal(same["hash"], written["hash"]);
  assert.notEqual(same["hash"], shown.hash);
  for (const digest of plain) assert.ok(!JSON.stringify([shown, written, same, happened]).includes(digest));
  const key = join(state, "identity", "config-hash-key");
  assert.equal((await stat(key)).mode & 0o777, 0o600);
  const other = createHmac("sha256", Buffer.alloc(32)).update(sha256(text)).digest("base64url");
  assert.notEqual(shown.hash, `hmac-sha256:v1:${other}`);
  await end();
});

test("the same file has the same fingerprint after a restart, and another one elsewhere", async () => {
  const one = await world("{}");
  const { hash } = await one.get();
  const { platform } = {
    platform: { paths: { home: one.state, state: one.state, config: one.path }, random: systemRandom },
  };
  assert.equal(await fingerprints(platform)(sha256("{}")), hash);
  assert.notEqual((await (await world("{}")).get()).hash, hash);
  await writeFile(join(one.state, "identity", "config-hash-key"), "half");
  const mended = await fingerprints(platform)(sha256("{}"));
  assert.deepEqual([mended === hash, mended === (await fingerprints(platform)(sha256("{}")))], [false, true]);
});

test("config.get names the files that are included", async () => {
  const { get, state } = await world("{}");
  await writeFile(join(state, "gateway.json"), '{ "port": 7 }');
  await writeFile(join(state, "openclaw.json"), "{ gateway: { $include: 'gateway.json' } }");
  const shown = await get();
  assert.deepEqual(shown["includedPaths"], [join(state, "gateway.json")]);
  assert.equal((shown["config"] as { gateway: { port: number } }).gateway.port, 7);
});

// ---- refusals -------------------------------------------------------------------------------

/** Method, parameters and the text of the refusal, word for word. `HASH` is that of the file. */
const REFUSED: readonly (readonly [method: string, params: Record<string, unknown>, message: string])[] = [
  ["config.set", { raw: "{}" }, "config base hash required; re-run config.get and retry"],
  ["config.apply", { raw: "{}" }, "config base hash required; re-run config.get and retry"],
  [
    "config.patch",
    { raw: "{ messages: { ackReaction: 'x' } }" },
    "config base hash required for messages.ackReaction; re-run config.get and retry with baseHash",
  ],
  ["config.set", { raw: "{}", baseHash: "old" }, "config changed since last load; re-run config.get and retry"],
  ["config.patch", { raw: "{}", baseHash: "old" }, "config changed since last load; re-run config.get and retry"],
  ["config.set", { raw: "{", baseHash: "HASH" }, "SyntaxError: JSON5: invalid end of input at 1:2"],
  ["config.patch", { raw: "{", baseHash: "HASH" }, "SyntaxError: JSON5: invalid end of input at 1:2"],
  ["config.patch", { raw: "[]", baseHash: "HASH" }, "config.patch raw must be an object"],
  ["config.apply", { raw: "1", baseHash: "HASH" }, "config.apply raw must be an object"],
  [
    "config.set",
    { raw: "{ gateway: { port: 'x' } }", baseHash: "HASH" },
    "invalid config: gateway.port: expected a whole number, got text",
  ],
  ["config.apply", { raw: "{ nonsense: 1 }", baseHash: "HASH" }, 'invalid config: <root>: unknown key "nonsense"'],
  [
    "config.apply",
    { raw: "{ gateway: { port: 1 } }", baseHash: "HASH" },
    "Config write rejected: it would drop gateway.mode, which the gateway needs to start.",
  ],
  [
    "config.patch",
    { raw: "{ gateway: { mode: null } }", baseHash: "HASH" },
    "Config write rejected: it would drop gateway.mode, which the gateway needs to start.",
  ],
  [
    "config.set",
    {
      raw: '{ gateway: { mode: "local" }, channels: { telegram: { botToken: "__OPENCLAW_REDACTED__" } } }',
      baseHash: "HASH",
    },
    "invalid config: channels.telegram.botToken: holds the placeholder of a hidden value; write the value itself",
  ],
  ["config.schema.lookup", { path: "gateway.nope" }, "config schema path not found"],
  ["config.schema.lookup", { path: "gateway.port.x" }, "config schema path not found"],
  ["config.schema.lookup", { path: "a[" }, "config schema path not found"],
];
for (const [method, params, message] of REFUSED) {
  test(`${method} ${JSON.stringify(params)} is refused in the known words`, async () => {
    const before = `{ gateway: { mode: 'local', auth: { token: '${SECRET}' } } }`;
    const { ask, get, read, happened } = await world(before);
    const { hash } = await get();
    const { baseHash } = params;
    const fault = await faultOf(ask(method, { ...params, ...(baseHash === "HASH" ? { baseHash: hash } : {}) }));
    assert.deepEqual([fault.message, fault.rpc], [message, "INVALID_REQUEST"]);
    assert.equal(await read(), before);
    assert.deepEqual(happened, []);
  });
}

test("an invalid payload lists its issues as data, with their lines; a key that may not stand there is one of its object", async () => {
  const { write } = await world("{}");
  const fault = await faultOf(write("config.set", "{ nonsense: 1,\n gateway: { port: 0 } }"));
  assert.deepEqual((fault.details as { issues: unknown }).issues, [
    { path: "", message: 'unknown key "nonsense"', line: 1 },
    { path: "gateway.port", message: "must be >= 1", line: 2 },
  ]);
});

test("an object nested beyond reason is refused, not followed", async () => {
  const { write } = await world("{}");
  const deep = `{ env: ${'{"a":'.repeat(5000)}1${"}".repeat(5000)} }`;
  assert.match((await faultOf(write("config.set", deep))).message, /nested deeper than|call stack/);
});

// ---- writing --------------------------------------------------------------------------------

test("config.set writes the text as given and answers without secrets", async () => {
  const { write, read, names, requests } = await world("{}");
  const text = `// mine\n{ gateway: { port: 7, auth: { token: '${SECRET}' } } }\n`;
  const answer = await write("config.set", text);
  assert.deepEqual(Object.keys(answer).toSorted(), ["config", "hash", "ok", "path"]);
  assert.ok(!JSON.stringify(answer).includes(SECRET));
  assert.ok((await read()).startsWith(`// mine\n{ gateway: { port: 7, auth: { token: '${SECRET}' } }, meta: {`));
  assert.ok(!(await names()).includes("restart-sentinel.json"));
  assert.deepEqual(requests, []);
});

test("the text of config.get can be sent back with its placeholders", async () => {
  const { get, write, read } = await world(`{ gateway: { port: 5, auth: { token: '${SECRET}' /* mine */ } } }`);
  const { raw } = await get();
  assert.ok(!raw.includes(SECRET));
  await write("config.set", raw.replace("port: 5", "port: 6"));
  assert.match(await read(), /^\{ gateway: \{ port: 6, auth: \{ token: 'canary-4711' \/\* mine \*\/ \} \}/);
});

test("config.apply replaces everything, leaves word for the session and schedules the restart", async () => {
  const { write, read, requests, state, path } = await world(
    "{ gateway: { port: 5 }, agents: { list: [{ id: 'a' }] } }",
  );
  const answer = await write("config.apply", "{ gateway: { port: 6 } }", {
    note: "moved",
    sessionKey: "main",
    restartDelayMs: 50,
  });
  assert.ok(!(await read()).includes("agents"));
  assert.deepEqual(requests, [{ reason: "config.apply", delayMs: 50 }]);
  const { payload } = answer["sentinel"] as { payload: Record<string, unknown> };
  assert.deepEqual(
    { ...payload, ts: 0 },
    {
      kind: "config-apply",
      status: "ok",
      ts: 0,
      sessionKey: "main",
      message: "moved",
      doctorHint: "Run: openclaw doctor --non-interactive",
      stats: { mode: "config.apply", root: path, requiresRestart: true },
    },
  );
  assert.deepEqual((answer["restart"] as { reason: string }).reason, "config.apply");
  const kept = JSON.parse(await readFile(join(state, "restart-sentinel.json"), "utf8")) as Record<string, unknown>;
  assert.deepEqual([kept["version"], kept["kind"], (kept["by"] as { id: string }).id], [1, "config-apply", "d1"]);
});

test("a restart waits two seconds unless told otherwise", async () => {
  const { write, requests } = await world("{}");
  await write("config.patch", "{ gateway: { port: 6 } }");
  assert.deepEqual(requests, [{ reason: "config.patch", delayMs: 2000 }]);
});

test("config.patch merges, removes with null, replaces lists and keeps the rest of the text", async () => {
  const { write, read } = await world(
    "// top\n{ agents: { list: [{ id: 'a' }, { id: 'b' }] }, logging: { level: 'info' } }",
  );
  const answer = await write("config.patch", "{ agents: { list: [{ id: 'c' }] }, logging: null }", {
    replacePaths: ["agents.list"],
  });
  assert.deepEqual(answer["changedPaths"], ["agents.list", "logging"]);
  assert.match(await read(), /^\/\/ top\n\{ agents: \{ list: \[\{ id: "c" \}\] \}/);
  assert.ok(!(await read()).includes("logging"));
});

test("a patch that changes nothing writes nothing and says so", async () => {
  const before = `{ gateway: { port: 5, auth: { token: '${SECRET}' } } }`;
  const { write, read, names } = await world(before);
  const same = '{ gateway: { port: 5, auth: { token: "__OPENCLAW_REDACTED__", mode: null } } }';
  const answer = await write("config.patch", same);
  assert.deepEqual(
    [answer["ok"], answer["noop"], answer["changedPaths"], answer["sentinel"], answer["restart"]],
    [true, true, [], undefined, undefined],
  );
  assert.equal(await read(), before);
  assert.deepEqual((await names()).toSorted(), ["identity", "openclaw.json"]);
});

test("a change that needs no restart gets none, is in force at once, and is told of", async () => {
  const { write, follow, config, requests, happened, end } = await world("{}");
  await follow();
  const answer = await write("config.patch", "{ logging: { level: 'debug' } }", { sessionKey: "main" });
  assert.equal(config.current().at("logging.level"), "debug");
  const { payload } = answer["sentinel"] as { payload: { stats: unknown } };
  assert.equal((payload.stats as { requiresRestart: boolean }).requiresRestart, false);
  assert.deepEqual([answer["restart"], requests], [undefined, []]);
  assert.deepEqual(happened, [`config.changed ${String(answer["hash"]).slice(15, 24)}`, "announced"]);
  await end();
});

test("the mode of reloading decides with: restart and off need one for every change, none-settings excepted", async () => {
  for (const [mode, raw, restarts] of [
    ["restart", "{ logging: { level: 'debug' } }", true],
    ["off", "{ logging: { level: 'debug' } }", true],
    ["hot", "{ logging: { level: 'debug' } }", false],
    ["restart", "{ meta: { lastTouchedVersion: '1' } }", false],
    ["hot", "{ gateway: { port: 6 } }", true],
  ] as const) {
    const { write, requests } = await world(`{ gateway: { reload: { mode: '${mode}' } } }`);
    await write("config.patch", raw);
    assert.equal(requests.length > 0, restarts, `${mode} ${raw}`);
  }
});

test("one change asks for one restart, with the delay of the caller, also while the file is followed", async () => {
  const { write, follow, requests, end } = await world("{}");
  await follow();
  await write("config.apply", "{ gateway: { port: 6 } }", { restartDelayMs: 9 });
  assert.deepEqual(requests, [{ reason: "config.apply", delayMs: 9 }]);
  await end();
});

test("config.set leaves the restart to the plan", async () => {
  const { write, follow, requests, end } = await world("{}");
  await follow();
  await write("config.set", "{ gateway: { port: 6 } }");
  assert.deepEqual(requests, [{ reason: "gateway.port changed" }]);
  await end();
});

test("config.apply repairs a file that is no JSON5 at all", async () => {
  const { ask, get, read, path } = await world("{}");
  await writeFile(path, "broken {");
  const { hash } = await get();
  await ask("config.apply", { raw: "{ gateway: { port: 6 } }", baseHash: hash });
  assert.match(await read(), /port: 6/);
});

test("what waits for a restart shows: the hash in force is not that of the file", async () => {
  const { write, follow, get, end } = await world("{ gateway: { reload: { mode: 'hot' } } }");
  await follow();
  await write("config.set", "{ gateway: { port: 6, reload: { mode: 'hot' } } }");
  const waiting = await get();
  assert.notEqual(waiting["appliedConfigHash"], waiting["configRevisionHash"]);
  await write("config.set", "{ gateway: { reload: { mode: 'hot' } } }");
  const settled = await get();
  assert.equal(settled["appliedConfigHash"], settled["configRevisionHash"]);
  await end();
});

// ---- schema ---------------------------------------------------------------------------------

test("config.schema describes every setting, also while the file is invalid, and is made once", async () => {
  const { ask, path } = await world("{}");
  await writeFile(path, "{ nonsense: 1 }");
  const first = await ask("config.schema");
  const hints = first["uiHints"] as Record<string, Record<string, unknown>>;
  assert.deepEqual(
    [hints["gateway.auth.token"]?.["sensitive"], hints["channels.telegram.accounts.*.botToken"]?.["sensitive"]],
    [true, true],
  );
  assert.deepEqual([hints["gateway"]?.["group"], hints["gateway"]?.["tags"]], ["Gateway", ["restart"]]);
  assert.deepEqual(
    ["gateway.port", "channels.telegram.dmPolicy", "messages.ackReaction"].map((path) => hints[path]?.["restarts"]),
    [["gateway"], ["telegram"], undefined],
  );
  assert.equal(hints["channels.telegram.dmPolicy"]?.["label"], "DM Policy");
  assert.equal(hints["agents.list.*.id"]?.["label"], "ID");
  assert.equal(await ask("config.schema"), first);
});

test("config.schema.lookup shows one place and what is directly below it", async () => {
  const { ask } = await world("{}");
  const gateway = await ask("config.schema.lookup", { path: "gateway" });
  const children = gateway["children"] as Record<string, unknown>[];
  assert.deepEqual(
    children.map(({ key, path, type, hasChildren, reloadKind }) => [key, path, type, hasChildren, reloadKind]),
    [
      ["mode", "gateway.mode", "string", false, "restart"],
      ["port", "gateway.port", "integer", false, "restart"],
      ["auth", "gateway.auth", "object", true, "restart"],
      ["reload", "gateway.reload", "object", true, "none"],
    ],
  );
  assert.deepEqual([gateway["reloadKind"], gateway["hintPath"]], ["restart", "gateway"]);
  assert.ok(!JSON.stringify(gateway["schema"]).includes("properties"));
  for (const path of ["agents.list[].id", "agents.list.*.id", "agents.list[0].id"]) {
    const found = await ask("config.schema.lookup", { path });
    assert.deepEqual([found["reloadKind"], found["hintPath"], found["children"]], ["hot", "agents.list.*.id", []]);
  }
});
