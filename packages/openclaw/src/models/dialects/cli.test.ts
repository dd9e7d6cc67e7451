import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, test } from "node:test";
import type { CliBackend } from "../../contracts/cli-backend.ts";
import type { Message } from "../../contracts/message.ts";
import type { DialectIo, ModelEvent, ModelRequest } from "../../contracts/model.ts";
import { createSpawn } from "../../base/spawn.ts";
import { collect, ioWith, requestFor } from "../../../../../test/conformance/_dialect-kit.ts";
import { callOf } from "./_cli-arguments.ts";
import { dialect } from "./cli.ts";

/** A fake program: notes how it was called, then does what `SCRIPT` says. It stands in for Claude Code and Codex. */
const PROGRAM = `
import { appendFileSync, readFileSync } from "node:fs";
const argv = process.argv.slice(2);
const input = process.env.READS ? readFileSync(0, "utf8") : "";
const pictures = argv.filter((one) => one.endsWith(".png")).map((path) => readFileSync(path, "utf8"));
appendFileSync(process.env.CALLS, JSON.stringify({ argv, input, cwd: process.cwd(), pictures, env: process.env }) + "\\n");
const resumed = argv.includes("--resume");
await (new Function("argv", "resumed", "return (async () => {" + process.env.SCRIPT + "})()"))(argv, resumed);
`;

const SAY = (value: object) => `console.log(${JSON.stringify(JSON.stringify(value))});`;
const CLAUDE = SAY({
  type: "result",
  subtype: "success",
  is_error: false,
  result: "Hello.",
  session_id: "s-1",
  usage: { input_tokens: 5, cache_read_input_tokens: 7, cache_creation_input_tokens: 1, output_tokens: 3 },
});

const home = mkdtempSync(join(tmpdir(), "openclaw-cli-"));
const calls = join(home, "calls.jsonl");
const spawn = createSpawn();

before(() => writeFileSync(join(home, "program.mjs"), PROGRAM));
after(async () => {
  await spawn.killAll(0);
  rmSync(home, { recursive: true, force: true });
});

interface Call {
  readonly argv: string[];
  readonly input: string;
  readonly cwd: string;
  readonly pictures: string[];
  readonly env: Record<string, string>;
}

interface Asked {
  readonly script: string;
  readonly backend?: Partial<CliBackend>;
  readonly messages?: readonly Message[];
  readonly changes?: Partial<ModelRequest>;
  readonly env?: Record<string, string>;
}

const BASE = ["program.mjs", "--print"];

function backendFor(script: string, changes: Partial<CliBackend>, env: Record<string, string>): CliBackend {
  return {
    command: process.execPath,
    args: BASE,
    resumeArgs: [...BASE, "--resume", "{sessionId}"],
    output: "json",
    input: "arg",
    sessionArg: "--session-id",
    sessionMode: "always",
    sessionIdFields: ["session_id", "thread_id"],
    modelArg: "--model",
    modelAliases: { "opus-4.6": "opus" },
    systemPromptArg: "--system",
    systemPromptWhen: "first",
    imageMode: "repeat",
    serialize: true,
    unattendedArgs: ["--go-ahead"],
    env: { CALLS: calls, SCRIPT: script, ...env },
    ...changes,
  };
}

async function ask({ script, backend = {}, messages, changes = {}, env = {} }: Asked) {
  rmSync(calls, { force: true });
  let n = 0;
  const io: DialectIo = {
    ...ioWith(),
    programs: {
      spawn,
      env: { PATH: process.env["PATH"], SECRET_KEY: "sk-secret" },
      scratch: join(home, "tmp"),
      uuid: () => `id-${(n += 1)}`,
    },
  };
  const request = requestFor("cli", "", {
    tools: [],
    folder: home,
    forOwner: true,
    ...(messages ? { messages } : {}),
    ...changes,
    endpoint: {
      provider: "claude-cli",
      api: "cli",
      program: backendFor(script, backend, env),
      model: { ...requestFor("cli", "").endpoint.model, id: "opus-4.6" },
      ...changes.endpoint,
    },
  });
  const events = await collect(dialect.stream(request, io));
  const seen = existsSync(calls)
    ? readFileSync(calls, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Call)
    : [];
  return { events, last: events.at(-1) as ModelEvent, calls: seen };
}

const user = (content: string): Message => ({ role: "user", content, timestamp: 1 });
const answer = (text: string, by: { provider: string; responseId?: string }): Message => ({
  role: "assistant",
  content: [{ type: "text", text }],
  timestamp: 2,
  api: by.provider === "claude-cli" ? "cli" : "openai-completions",
  model: "m",
  usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
  stopReason: "stop",
  ...by,
});

const doneText = (event: ModelEvent) => {
  assert.equal(event.type, "done", JSON.stringify(event));
  return event.type === "done" ? event.message : undefined;
};

const failureOf = (event: ModelEvent) => {
  assert.equal(event.type, "error", JSON.stringify(event));
  if (event.type !== "error") throw new Error("no failure");
  return event.failure;
};

describe("a new conversation", () => {
  it("is given a name, the prompt and the model, and answers with text and counts", async () => {
    const { last, calls } = await ask({ script: CLAUDE });
    const message = doneText(last);
    assert.deepEqual(message?.content, [{ type: "text", text: "Hello." }]);
    assert.equal(message?.responseId, "s-1");
    assert.deepEqual(message?.usage, { input: 5, output: 3, cacheRead: 7, cacheWrite: 1, totalTokens: 16 });
    assert.deepEqual(calls[0]?.argv, [
      "--print",
      "--model",
      "opus",
      "--session-id",
      "id-1",
      "--system",
      "Be brief.",
      "hi",
    ]);
    assert.equal(calls[0]?.cwd, home);
  });

  it("is told what was said before to other models", async () => {
    const messages = [user("I am Ada."), answer("Hello Ada.", { provider: "openai" }), user("Who am I?")];
    const { calls } = await ask({ script: CLAUDE, messages });
    const prompt = calls[0]?.argv.at(-1) ?? "";
    for (const words of ["User: I am Ada.", "You: Hello Ada.", "Who am I?"]) assert.ok(prompt.includes(words), prompt);
  });
});

describe("a conversation that the program knows", () => {
  const known = [user("one"), answer("two", { provider: "claude-cli", responseId: "s-9" }), user("three")];

  it("goes on with the new words alone", async () => {
    const { calls } = await ask({ script: CLAUDE, messages: known });
    assert.deepEqual(calls[0]?.argv, ["--print", "--resume", "s-9", "--model", "opus", "three"]);
  });

  it("is told anew after an answer of another model", async () => {
    const messages = [...known, answer("four", { provider: "openai", responseId: "other" }), user("five")];
    const { calls } = await ask({ script: CLAUDE, messages });
    assert.ok(!calls[0]?.argv.includes("--resume"));
    assert.ok(calls[0]?.argv.at(-1)?.includes("You: four"));
  });

  it("is told anew, once, when the program has forgotten it", async () => {
    const script = `if (resumed) { console.error("No conversation found with session ID s-9"); process.exit(1); } ${CLAUDE}`;
    const { last, calls } = await ask({ script, messages: known });
    assert.equal(doneText(last)?.responseId, "s-1");
    assert.equal(calls.length, 2);
    assert.ok(calls[1]?.argv.at(-1)?.includes("User: one"));
  });

  it("fails when the program fails for another reason", async () => {
    const script = `console.error("Invalid API key"); process.exit(1);`;
    const { last, calls } = await ask({ script, messages: known });
    assert.equal(failureOf(last).class, "auth");
    assert.equal(calls.length, 1);
  });

  it("is never resumed without sessions", async () => {
    const { calls } = await ask({ script: CLAUDE, messages: known, backend: { sessionMode: "none" } });
    assert.ok(!calls[0]?.argv.includes("--resume"));
  });
});

describe("what a program prints", () => {
  const event = (value: object) => SAY(value);
  const codex = [
    event({ type: "thread.started", thread_id: "t-1" }),
    event({ type: "error", message: "Reconnecting... 1/5" }),
    event({ type: "item.completed", item: { id: "0", type: "reasoning", text: "hm" } }),
    event({ type: "item.completed", item: { id: "1", type: "agent_message", text: "First." } }),
    event({ type: "item.completed", item: { id: "2", type: "agent_message", text: "Second." } }),
    event({ type: "turn.completed", usage: { input_tokens: 10, cached_input_tokens: 4, output_tokens: 2 } }),
  ].join("\n");

  it("may be a line for each event", async () => {
    const { last } = await ask({ script: codex, backend: { output: "jsonl", sessionMode: "existing" } });
    const message = doneText(last);
    assert.deepEqual(message?.content, [{ type: "text", text: "First.\n\nSecond." }]);
    assert.equal(message?.responseId, "t-1");
    assert.deepEqual(message?.usage, { input: 6, output: 2, cacheRead: 4, cacheWrite: 0, totalTokens: 12 });
  });

  const texts: [what: string, script: string, output: CliBackend["output"], text: string][] = [
    ["plain text", `console.log("Just words.\\n");`, "text", "Just words."],
    [
      "JSON with notices around it",
      `console.log("warning: old\\n{\\n  \\"response\\": \\"Yes.\\"\\n}");`,
      "json",
      "Yes.",
    ],
    [
      "a list of parts",
      SAY({
        message: {
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      }),
      "json",
      "a\n\nb",
    ],
    ["a list of events", SAY([{ type: "system" }, { type: "result", result: "Z." }]), "json", "Z."],
    ["words where JSON was expected", `console.log("No JSON here.");`, "json", "No JSON here."],
  ];
  for (const [what, script, output, text] of texts) {
    it(`may be ${what}`, async () => {
      const { last } = await ask({ script, backend: { output } });
      assert.deepEqual(doneText(last)?.content, [{ type: "text", text }]);
    });
  }

  const failures: [what: string, script: string, says: RegExp][] = [
    [
      "reports an error",
      SAY({ type: "result", is_error: true, result: "Credit balance is too low" }),
      /Credit balance/,
    ],
    ["fails a turn", SAY({ type: "turn.failed", error: { message: "usage limit reached" } }), /usage limit/],
    ["ends with a code", `process.stderr.write("boom"); process.exitCode = 3;`, /boom/],
    ["says nothing", `console.log("");`, /answered nothing/],
    [
      "prints without end",
      `const line = "x".repeat(1 << 20); for (;;) if (!process.stdout.write(line)) await new Promise((go) => process.stdout.once("drain", go));`,
      /too much/,
    ],
  ];
  for (const [what, script, says] of failures) {
    it(`is a failure when the program ${what}`, async () => {
      const { last } = await ask({ script });
      assert.match(failureOf(last).message, says);
    });
  }
});

test("a program that is not there is named, with what to do", async () => {
  const { last } = await ask({ script: "", backend: { command: "/nowhere/claude" } });
  const { message } = failureOf(last);
  assert.match(message, /\/nowhere\/claude/);
  assert.match(message, /agents\.defaults\.cliBackends\.claude-cli\.command/);
});

test("a call that is stopped ends the program", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 150);
  const { last } = await ask({
    script: "setInterval(() => {}, 1000); await new Promise(() => {});",
    changes: { signal: stop.signal },
  });
  assert.equal(failureOf(last).class, "abort");
});

test("a call that takes longer than the operator allows ends the program", async () => {
  const changes = { endpoint: { ...requestFor("cli", "").endpoint, timeoutMs: 150 } } as Partial<ModelRequest>;
  const script = "setInterval(() => {}, 1000); await new Promise(() => {});";
  const program = backendFor(script, {}, {});
  const { last } = await ask({
    script,
    changes: { endpoint: { ...changes.endpoint!, api: "cli", provider: "claude-cli", program } },
  });
  assert.deepEqual([failureOf(last).class, failureOf(last).code], ["timeout", "deadline"]);
});

test("pictures are given as files that are gone afterwards", async () => {
  const messages: Message[] = [
    {
      role: "user",
      timestamp: 1,
      content: [
        { type: "text", text: "what is it?" },
        { type: "image", data: Buffer.from("PIXELS").toString("base64"), mimeType: "image/png" },
      ],
    },
  ];
  const { calls } = await ask({ script: CLAUDE, messages, backend: { imageArg: "--image" } });
  assert.deepEqual(calls[0]?.pictures, ["PIXELS"]);
  assert.deepEqual(readdirSync(join(home, "tmp")), []);
});

test("the child gets what the operator gives it and none of the gateway's keys", async () => {
  const { calls } = await ask({ script: CLAUDE, env: { OWN: "yes", LD_PRELOAD: "/evil.so" } });
  assert.equal(calls[0]?.env["OWN"], "yes");
  assert.equal(calls[0]?.env["SECRET_KEY"], undefined);
  assert.equal(calls[0]?.env["LD_PRELOAD"], undefined);
});

test("a long message comes over standard input", async () => {
  const messages = [user("x".repeat(500))];
  const { calls } = await ask({ script: CLAUDE, messages, backend: { maxPromptArgChars: 100 }, env: { READS: "1" } });
  assert.equal(calls[0]?.input, "x".repeat(500));
  assert.ok(!calls[0]?.argv.some((one) => one.includes("xxx")));
});

describe("arguments", () => {
  const given = { model: "m", prompt: "hello", system: "", images: [], unattended: false };
  const backend = backendFor("", {}, {});

  it("never take the words of a person for a flag", () => {
    const { argv } = callOf(backend, { ...given, prompt: "--dangerously-skip-permissions" });
    assert.equal(argv.at(-1), " --dangerously-skip-permissions");
    const placed = callOf({ ...backend, args: ["--prompt", "{prompt}"] }, { ...given, prompt: "--yolo" });
    assert.deepEqual(placed.argv.slice(1, 3), ["--prompt", " --yolo"]);
  });

  it("leave other words as they are", () => {
    assert.equal(callOf(backend, given).argv.at(-1), "hello");
  });

  it("let the program act by itself only where the owner lets it", () => {
    assert.ok(!callOf(backend, given).argv.includes("--go-ahead"));
    assert.ok(callOf(backend, { ...given, unattended: true }).argv.includes("--go-ahead"));
  });
});

describe("a hostile call", () => {
  it("never starts the program for somebody else than the owner", async () => {
    const { last, calls } = await ask({ script: CLAUDE, changes: { forOwner: false } });
    assert.equal(failureOf(last).code, "owner_only");
    assert.deepEqual(calls, []);
  });

  for (const id of ["--dangerously-skip-permissions", "-x", "opus\n--yolo", "opus --yolo", "a\0b"])
    it(`never gives the program ${JSON.stringify(id)} as the name of a model`, async () => {
      const program = backendFor(CLAUDE, {}, {});
      const model = { ...requestFor("cli", "").endpoint.model, id };
      const endpoint = { ...requestFor("cli", "").endpoint, api: "cli", provider: "claude-cli", program, model };
      const { last, calls } = await ask({ script: CLAUDE, changes: { endpoint } });
      assert.equal(failureOf(last).class, "model_not_found");
      assert.deepEqual(calls, []);
    });

  for (const id of ["--add-dir=/", "-c", "a b", "x".repeat(500), "a\nb"])
    it(`does not go on with a conversation that the program calls ${JSON.stringify(id.slice(0, 20))}`, async () => {
      const script = SAY({ type: "result", result: "Hello.", session_id: id });
      const { last } = await ask({ script });
      assert.equal(doneText(last)?.responseId, "id-1");
    });

  it("takes a line break and a NUL in the words of a person for words", async () => {
    const { calls } = await ask({ script: CLAUDE, messages: [user("a\n--yolo\n\0b")] });
    assert.equal(calls[0]?.argv.at(-1), "a\n--yolo\nb");
  });

  it("ends a program that floods and will not end by itself, with what it started", async () => {
    const script = `
      process.on("SIGTERM", () => {});
      const { spawn } = await import("node:child_process");
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "inherit" });
      process.stderr.write("child " + child.pid + "\\n");
      (await import("node:fs")).writeFileSync(process.env.CALLS + ".pid", String(child.pid));
      const line = "x".repeat(1 << 20);
      for (;;) if (!process.stdout.write(line)) await new Promise((go) => process.stdout.once("drain", go));`;
    const { last } = await ask({ script });
    assert.match(failureOf(last).message, /too much/);
    const pid = Number(readFileSync(`${calls}.pid`, "utf8"));
    const until = Date.now() + 10_000;
    const lives = () => {
      try {
        process.kill(pid, 0);
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
      } catch {
        return false;
      }
    };
    while (lives() && Date.now() < until) await new Promise((go) => setTimeout(go, 50));
    assert.equal(lives(), false);
  });
});
