/**
 * Canaries: every secret place of an installation holds a text of its own. A gateway and the command line are then
 * used in every way there is, and nothing that comes out of them may hold one.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { methods } from "../../packages/openclaw/src/generated/methods.ts";
import { routes } from "../../packages/openclaw/src/generated/routes.ts";
import { startModelServer, type ModelServer, type Reply } from "../fakes/model-server.ts";
import { COMMAND, login as connected, makePlace, type Place } from "../harness/gateway.ts";
import { login, newDevice, type Client } from "./_client.ts";
import { ask } from "./_http.ts";

/** Shaped like nothing that a pattern would know, so that only knowing its place protects it. */
const canary = (name: string) => `zq${name}Kanariex7${name}Vogel`;
const NAMES = [
  "gateway",
  "password",
  "remote",
  "hook",
  "push",
  "model",
  "header",
  "telegram",
  "account",
  "discord",
  "slackbot",
  "slackapp",
  "env",
  "envvar",
  "mcpenv",
  "mcphead",
  "skill",
  "skillenv",
  "search",
  "talk",
  "memory",
  "webhook",
  "otel",
  "tts",
  "ref",
  "process",
  "dotenv",
  "plugin",
  "userinfo",
  "query",
  "login",
  "access",
  "refresh",
  "idtoken",
  "token",
  "plain",
  "unknown",
  "legacy",
  "filekey",
  "filehead",
  "voice",
  "voiceenv",
  "listenhead",
  "program",
] as const;
type Name = (typeof NAMES)[number];
const C = Object.fromEntries(NAMES.map((name) => [name, canary(name)])) as Record<Name, string>;

const CONFIG = {
  gateway: {
    auth: { mode: "token", token: C.gateway, password: C.password },
    remote: { token: C.remote },
    http: { endpoints: { chatCompletions: { enabled: true }, responses: { enabled: true } } },
  },
  hooks: { enabled: true, token: C.hook, gmail: { account: "a@example.com", pushToken: C.push } },
  env: { CANARY_BARE: C.env, vars: { CANARY_VAR: C.envvar } },
  models: {
    providers: {
      fake: { apiKey: C.model, headers: { "X-Canary": C.header } },
      second: {
        baseUrl: `http://user:${C.userinfo}@127.0.0.1:1/v1?api_key=${C.query}`,
        apiKey: "${CANARY_PROCESS}",
        api: "openai-completions",
        models: [],
      },
    },
  },
  channels: {
    telegram: { enabled: false, botToken: C.telegram, accounts: { b: { enabled: false, botToken: C.account } } },
    discord: { enabled: false, token: C.discord },
    slack: { enabled: false, botToken: C.slackbot, appToken: C.slackapp },
  },
  mcp: {
    servers: {
      one: { command: "true", env: { SOME: C.mcpenv } },
      two: { url: "http://127.0.0.1:1", headers: { Some: C.mcphead } },
    },
  },
  skills: { entries: { one: { apiKey: C.skill, env: { SOME_TOKEN: C.skillenv } } } },
  tools: {
    web: { search: { apiKey: C.search } },
    media: {
      audio: {
        headers: { "X-Listen": C.listenhead },
        models: [{ type: "cli", command: "false" }],
      },
    },
  },
  talk: { apiKey: C.talk },
  cron: { webhookToken: C.webhook },
  diagnostics: { otel: { headers: { Some: C.otel } } },
  messages: {
    tts: {
      openai: { apiKey: C.tts, baseUrl: "http://127.0.0.1:1" },
      providers: {
        elevenlabs: { apiKey: C.voice, baseUrl: "http://127.0.0.1:1" },
        "tts-local-cli": { command: "false", args: ["{{Text}}"], env: { VOICE_TOKEN: C.voiceenv } },
      },
    },
  },
  agents: {
    defaults: {
      memorySearch: { remote: { apiKey: C.memory } },
      cliBackends: { "own-cli": { command: "false", env: { PROGRAM_TOKEN: C.program } } },
    },
  },
  logging: { level: "trace" },
};

/** Its key and its variable reach the commands of a run, and nothing else. */
const SKILL = `---
name: one
description: Knows a secret
metadata: {"openclaw":{"requires":{"env":["SOME_TOKEN"]},"primaryEnv":"ONE_KEY"}}
---
Use $ONE_KEY.
`;

let model: ModelServer;
let place: Place;
let replies: Reply[] = [];
const reply: Reply = { text: ["done"] };
let ended: Promise<unknown>;
let child: ReturnType<typeof spawn>;
/** Everything that came out, by where. */
const seen = new Map<string, string>();
const put = (where: string, what: unknown) =>
  void seen.set(where, `${seen.get(where) ?? ""}\n${typeof what === "string" ? what : JSON.stringify(what)}`);

function run(args: readonly string[], name: string, env: Record<string, string> = {}) {
  const command = spawn(process.execPath, [COMMAND, ...args], { env: { ...place.env, ...env } });
  for (const stream of [command.stdout, command.stderr]) stream.on("data", (data) => put(name, String(data)));
  return command;
}

before(async () => {
  model = await startModelServer({ api: "openai-completions", script: () => replies.shift() ?? reply });
  place = await makePlace(model.url, CONFIG);
  const skill = join(place.home, "workspace", "skills", "one");
  mkdirSync(skill, { recursive: true });
  writeFileSync(join(skill, "SKILL.md"), SKILL);
  const logins = join(place.state, "agents", "main", "agent");
  mkdirSync(logins, { recursive: true, mode: 0o700 });
  const profiles = {
    "anthropic:default": { type: "api_key", provider: "anthropic", key: C.login },
    "openai-codex:default": {
      type: "oauth",
      provider: "openai-codex",
      access: C.access,
      refresh: C.refresh,
      expires: 9e15,
      idToken: C.idtoken,
    },
    "github-copilot:github": { type: "token", provider: "github-copilot", token: C.token },
    "zai:default": { type: "apiKey", provider: "zai", key: `${C.plain}\nwith a second line` },
    "odd:default": { type: "odd", provider: "odd", key: C.unknown },
  };
  writeFileSync(join(logins, "auth.json"), JSON.stringify({ groq: { type: "api_key", key: C.legacy } }), {
    mode: 0o600,
  });
  const file = {
    baseUrl: "http://127.0.0.1:1",
    apiKey: C.filekey,
    headers: { "X-File": C.filehead },
    models: [{ id: "m" }],
  };
  writeFileSync(join(logins, "models.json"), JSON.stringify({ providers: { filed: file } }), { mode: 0o600 });
  writeFileSync(join(logins, "auth-profiles.json"), JSON.stringify({ version: 1, profiles }), { mode: 0o600 });
  writeFileSync(join(place.state, ".env"), `CANARY_DOTENV=${C.dotenv}\n`, { mode: 0o600 });
  Object.assign(place.env, { OPENCLAW_FROM_SOURCE: "1", CANARY_PROCESS: C.process, CANARY_REF: C.ref });
  child = run(["gateway", "run", "--verbose"], "output of the gateway");
  ended = new Promise((resolve) => child.once("exit", resolve));
  for (const begun = performance.now(); ;) {
    const client = connected(place, ["operator.read"], { token: C.gateway });
    const ready = await client.ready().then(
      () => true,
      () => false,
    );
    client.close();
    if (ready) break;
    if (performance.now() - begun > 20_000 || child.exitCode !== null) assert.fail(seen.get("output of the gateway"));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

after(async () => {
  child.kill("SIGTERM");
  await ended;
  await model.close();
  place.end();
});

/** Nothing that came out holds a canary, or a piece of one that is long enough to help. */
function silent(): void {
  const found = [...seen];
  seen.clear();
  for (const [where, text] of found) {
    for (const name of NAMES) {
      const at = text.indexOf(C[name]);
      assert.equal(at, -1, `${name} came out in ${where}: …${text.slice(Math.max(0, at - 200), at + 80)}`);
    }
  }
}

async function socket(scopes: readonly string[]): Promise<Client> {
  return login(`ws://127.0.0.1:${place.port}`, {
    auth: { token: C.gateway },
    scopes,
    device: newDevice(),
    caps: ["tool-events"],
  });
}

const PARAMS: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  "config.schema.lookup": [{ path: "gateway.auth.token" }, { path: "models.providers" }],
  "config.set": [
    { raw: "{", baseHash: "x" },
    { raw: `{ gateway: { auth: { token: 5 } } }`, baseHash: "x" },
  ],
  "logs.tail": [{ limit: 5000 }],
  "chat.history": [{ sessionKey: "main" }],
  "chat.send": [{ sessionKey: "main", message: "/status", idempotencyKey: "k1" }],
  "sessions.get": [{ key: "main" }],
  "sessions.preview": [{ keys: ["main"] }],
  "agents.files.list": [{ agentId: "main" }],
  "agents.files.get": [{ agentId: "main", name: "AGENTS.md" }],
  "channels.status": [{ probe: true }],
  "models.list": [{ view: "all" }],
  "secrets.resolve": [{ ids: ["a"] }],
  "skills.update": [
    { skillKey: "two", enabled: false },
    { skillKey: "one", apiKey: "__OPENCLAW_REDACTED__" },
  ],
  "sessions.context": [{ key: "main" }],
  "sessions.branches.list": [{ key: "main" }],
  "memory.search": [{ query: "secret key" }],
  "audit.activity.follow": [{ cursor: 0 }],
  "audit.list": [{ limit: 500 }],
  "tts.speak": [{ text: "hello" }, { text: "hello", provider: "tts-local-cli" }],
  "tts.convert": [{ text: "hello", provider: "elevenlabs" }],
};
/** What ends the gateway or what the others are for. */
const LEFT_OUT =
  /^(?:gateway\.restart|update\.run|config\.(?:apply|patch)|agent$|agents\.delete|device\.token|device\.pair)/;

test("no method, event or hello tells a secret, whoever asks", async () => {
  for (const scopes of [["operator.read"], ["operator.admin", "operator.approvals", "operator.pairing"]]) {
    const client = await socket(scopes);
    for (const { name } of methods) {
      if (LEFT_OUT.test(name)) continue;
      for (const params of [{}, { nonsense: 1 }, ...(PARAMS[name] ?? [])])
        await client.request(name, params).catch(() => undefined);
    }
    assert.ok(JSON.stringify(client.frames).includes("__OPENCLAW_REDACTED__"));
    put(`frames of ${scopes[0]}`, client.frames);
    client.close();
  }
  silent();
});

const isEnd = (frame: { event?: string; payload?: unknown }, runId: string): boolean => {
  const { state, runId: of } = (frame.payload ?? {}) as { state?: string; runId?: string };
  return frame.event === "chat" && of === runId && state !== "delta";
};
const CHATTED = [
  "/status",
  "/context json",
  "/config show",
  "/config show skills",
  "/tools verbose",
  "/skill",
  "/models",
  "/usage cost",
  "/usage",
  "/model status",
  "/model filed/m",
  "is anybody there?",
  "/model own-cli/m",
  "is anybody there?",
  "/model zai/glm-5",
  "/model default",
  "/tts status",
  "/tts audio hello",
  "/compact keep the key",
  "/btw what is the key?",
  "/export-session",
];

test("no turn tells a secret: not to the model, not by a program, not when the model fails", async () => {
  const client = await socket(["operator.admin"]);
  const say = async (id: string) => {
    await client.request("chat.send", { sessionKey: "main", message: "hello", idempotencyKey: id });
    await client.request("agent.wait", { runId: id, timeoutMs: 15_000 });
  };
  const command = "env; tr '\\0' '\\n' </proc/$PPID/cmdline";
  replies = [{ calls: [{ id: "c1", name: "exec", arguments: JSON.stringify({ command }) }] }];
  await say("t1");
  replies = [
    { kind: "refuse", status: 401, message: `Incorrect API key provided: ${C.model}. X-Canary: ${C.header}` },
    { kind: "refuse", status: 400, body: `<html>${C.model} Bearer ${C.model}</html>` },
  ];
  await say("t2");
  await say("t3");
  const uses = 'test -n "$ONE_KEY" && test -n "$SOME_TOKEN" && echo has-its-key';
  replies = [{ calls: [{ id: "c4", name: "exec", arguments: JSON.stringify({ command: uses }) }] }];
  await say("t4");
  for (const [at, message] of CHATTED.entries()) {
    const runId = `c${at}`;
    await client.request("chat.send", { sessionKey: "main", message, idempotencyKey: runId });
    await client.until(() => client.frames.some((frame) => isEnd(frame, runId)), 15_000);
  }
  await client.request("audit.run.inspect", { runId: "t4", includeBodies: true });
  await client.request("chat.history", { sessionKey: "main" });
  put("frames of turns", client.frames);
  put(
    "what the model was told",
    model.requests.map(({ raw }) => raw),
  );
  assert.ok(model.requests.length >= 4);
  assert.ok(seen.get("what the model was told")?.includes("PATH="), "the program was run");
  assert.ok(seen.get("what the model was told")?.includes("has-its-key"), "the skill's variables were there");
  client.close();
  silent();
});

test("no route tells a secret, with or without one", async () => {
  const paths = [
    "/",
    "/nothing",
    "/hooks/wake",
    "/hooks/agent",
    "/control-ui-config.json",
    "/avatar/main",
    "/readyz",
    "/health",
  ];
  const known = routes.flatMap((route) => (Array.isArray(route.paths) ? (route.paths as string[]) : []));
  for (const path of [...paths, ...known.map((path) => path.replace(/\{\w+\}/g, "main"))]) {
    for (const token of [undefined, "wrong", C.gateway, C.hook]) {
      for (const method of ["GET", "POST"]) {
        const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
        const body =
          method === "POST"
            ? JSON.stringify({ model: "openclaw", input: "hi", messages: [{ role: "user", content: "hi" }] })
            : "";
        const answer = await ask(place.port, `${path}?token=${C.hook}`, { method, headers, body }).catch(
          () => undefined,
        );
        put(`answer of ${method} ${path}`, [answer?.headers, answer?.body]);
      }
    }
  }
  silent();
});

const COMMANDS = [
  "config validate",
  "config file",
  "status --json",
  "status",
  "gateway status --json",
  "gateway probe",
  "doctor",
  "health --json",
  "logs --limit 500",
  "models list --json",
  "models status",
  "models status --json",
  "models auth order get --provider anthropic --json",
  "models auth order get --provider zai",
  "models list --all --json",
  "models fallbacks list --json",
  "models aliases list --json",
  "infer list --json",
  "infer model list --json",
  "infer model inspect filed/m --json",
  "infer model run --model filed/m --prompt hi --json",
  "infer model run --model zai/glm-5 --prompt hi",
  "infer model run --model own-cli/m --prompt hi",
  "infer tts providers --json",
  "sessions --json",
  "agents list",
  "channels list",
  "channels status",
  "devices list --json",
  "nodes status",
  "approvals get --json",
  "secrets audit",
  "hooks list",
  "skills list --json",
  "skills info one --json",
  "skills check",
  "memory status --json",
  "security audit",
  "gateway call config.get --json",
];

test("no command tells a secret, nor one that meets a broken file", async () => {
  const one = (line: string, name = line, env: Record<string, string> = {}) =>
    new Promise((resolve) => run(line.split(" "), name, env).once("exit", resolve));
  for (let at = 0; at < COMMANDS.length; at += 3)
    await Promise.all(COMMANDS.slice(at, at + 3).map((line) => one(line)));
  assert.match(seen.get("gateway call config.get --json") ?? "", /__OPENCLAW_REDACTED__/);
  const file = join(place.home, "broken.json");
  const text = readFileSync(join(place.state, "openclaw.json"), "utf8");
  const broken = [
    text.replace('"token":', '"token" "'),
    text.replace(`"token":"${C.gateway}"`, `"tokn":"${C.gateway}"`),
    text.replace(`"${C.hook}"`, `["${C.hook}"]`),
  ];
  for (const [at, content] of broken.entries()) {
    assert.notEqual(content, text);
    writeFileSync(file, content);
    await Promise.all(
      ["config validate", "config file", "doctor"].map((line) =>
        one(line, `${line}, broken ${at}`, { OPENCLAW_CONFIG_PATH: file }),
      ),
    );
  }
  silent();
});

test("what the gateway writes is for its owner, and holds secrets only where they belong", () => {
  const open: string[] = [];
  const holding: string[] = [];
  const walk = (folder: string) => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const { mode } = lstatSync(path);
      if ((mode & 0o077) !== 0 && !lstatSync(path).isSymbolicLink()) open.push(`${path} ${(mode & 0o777).toString(8)}`);
      if (lstatSync(path).isDirectory()) walk(path);
      else if (lstatSync(path).isFile()) {
        const text = readFileSync(path, "latin1");
        if (NAMES.some((each) => text.includes(C[each]))) holding.push(path.slice(place.state.length + 1));
      }
    }
  };
  walk(place.state);
  assert.deepEqual(open, []);
  assert.deepEqual(
    holding.filter(
      (path) =>
        !/^(?:\.env|openclaw\.json(?:\.\S+)?|agents\/main\/agent\/(?:auth-profiles|models)\.json|agents\/main\/agent\/auth\.json\.imported-\S+)$/.test(
          path,
        ),
    ),
    [],
  );
  put("the log", readFileSync(join(place.home, "gateway.log"), "utf8"));
  silent();
});
