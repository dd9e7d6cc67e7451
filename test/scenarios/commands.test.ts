/** Commands and directives on the built gateway: the same from web chat, the command line and a chat network. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect, type Gateway } from "../../packages/openclaw/src/client/index.ts";
import type { SeenRequest } from "../fakes/model-server.ts";
import { FakeTelegram, buttonsOf } from "../fakes/telegram.ts";
import { TOKEN, type Overlay } from "../harness/gateway.ts";
import { ask, command, history, lastAsked, open, textOf, transcriptOf, until, works, type World } from "./_bad.ts";

const row = (id: string, reasoning: boolean) => ({
  id,
  name: id,
  reasoning,
  input: ["text"],
  contextWindow: 200_000,
  maxTokens: 8192,
  compat: { supportsReasoningEffort: true },
});
const TWO_MODELS: Overlay = {
  models: { providers: { fake: { models: [row("fake-1", false), row("fake-2", true)] } } },
  agents: { defaults: { models: { "fake/fake-1": {}, "fake/fake-2": { alias: "deep" } } } },
};
const OWNER = ["operator.admin", "operator.read", "operator.write"];

async function client(t: TestContext, { place }: World, scopes: readonly string[] = OWNER): Promise<Gateway> {
  const gateway = connect({
    url: `ws://127.0.0.1:${place.port}`,
    token: TOKEN,
    client: { id: "gateway-client", mode: "backend", version: "0", platform: process.platform },
    scopes,
    reconnect: false,
  });
  t.after(() => gateway.close());
  await gateway.ready();
  return gateway;
}

/** Sends as web chat does; resolves with the texts of all ends of runs, the message's own last. */
function talk(gateway: Gateway) {
  const ends: { readonly runId: string; readonly text: string | undefined }[] = [];
  gateway.on("chat", (event) => {
    const { runId, state, message } = event as { runId: string; state: string; message?: { content: unknown } };
    if (state === "final" || state === "aborted" || state === "error")
      ends.push({ runId, text: message && textOf({ role: "assistant", content: message.content }) });
  });
  return async (message: string): Promise<string> => {
    const runId = `talk-${randomUUID()}`;
    await gateway.request("chat.send", { sessionKey: "main", message, idempotencyKey: runId });
    await until(`an answer to ${message}`, () => ends.some((end) => end.runId === runId));
    return ends
      .flatMap((end) => (end.runId.startsWith(runId) && end.text !== undefined ? [end.text] : []))
      .join("\n---\n");
  };
}

function requestsAbout(world: World, text: string): readonly SeenRequest[] {
  return world.model.requests.filter((request) => lastAsked(request).includes(text));
}

test("commands answer without a model and leave no trace in the conversation", async (t) => {
  const world = await open(t);
  const say = talk(await client(t, world));
  assert.match(await say("/help"), /\/new[\s\S]*\/model[\s\S]*\/status/);
  assert.match(await say("/commands"), /\/whoami` – [\s\S]*\(\/id\)/);
  assert.match(
    await say("/status"),
    /🦞 OpenClaw [\s\S]*Model: fake\/fake-1[\s\S]*Session: agent:main:main[\s\S]*Queue: collect/,
  );
  assert.match(await say("/whoami"), /Channel: webchat[\s\S]*You are an owner here/);
  assert.match(await say("/tools verbose"), /`exec` – /);
  assert.match(await say("/usage cost"), /Session[\s\S]*Last 30 days: \$0\.00/);
  assert.equal(world.model.requests.length, 0);
  assert.deepEqual(await history(world.client), []);
  await works(world);
  assert.match(await say("/usage cost"), /Session \(.*\): \$0\.00 · [1-9]\d* tokens/);
});

test("directives alone are kept and acknowledged together; with text they hold for that message", async (t) => {
  const world = await open(t, { overlay: TWO_MODELS });
  const say = talk(await client(t, world));
  assert.equal(await say("/think high"), '⚠️ Thinking level "high" is not supported for fake/fake-1. Valid: off.');
  assert.equal(await say("/model deep"), "Model set to fake/fake-2 (deep).");
  assert.equal(
    await say("/think high /verbose on /reasoning off"),
    ["Thinking level set to high.", "Verbose logging enabled.", "Reasoning visibility disabled."].join("\n"),
  );
  assert.match(await say("/think"), /^Current thinking level: high\.\nOptions: off, minimal, low/);
  assert.match(await say("/think bogus"), /^⚠️ Unrecognized thinking level "bogus"\. Valid: off/);
  assert.match(await say("/think off solve this"), /answer to .*solve this/);
  const [quiet] = requestsAbout(world, "solve this");
  assert.equal(quiet?.body["model"], "fake-2");
  assert.equal(lastAsked(quiet).includes("/think"), false);
  assert.equal(quiet.body["reasoning_effort"], undefined);
  await say("and now the rest");
  assert.equal(requestsAbout(world, "now the rest")[0]?.body["reasoning_effort"], "high");
  // Once only.
  await say("ask the small one /model fake-1 please");
  await say("and who are you");
  assert.equal(requestsAbout(world, "small one")[0]?.body["model"], "fake-1");
  assert.equal(requestsAbout(world, "who are you")[0]?.body["model"], "fake-2");
  // What is only talked about stays.
  await say("what does /verbose do, and where is /usr/bin?");
  assert.equal(requestsAbout(world, "what does /verbose do, and where is /usr/bin?").length, 1);
});

test("a model is chosen by number, alias, name or command, and a list that allows is kept to", async (t) => {
  const world = await open(t, { overlay: TWO_MODELS });
  const say = talk(await client(t, world));
  assert.match(await say("/model"), /1\. fake-1 – fake ✓\n2\. fake-2 \(deep\) – fake/);
  assert.equal(await say("/model 2"), "Model set to fake/fake-2 (deep).");
  assert.equal(await say("/model default"), "Model reset to default (fake/fake-1).");
  assert.equal(await say("/deep"), "Model set to fake/fake-2 (deep).");
  assert.match(
    await say("/model status"),
    /Current model: fake\/fake-2 \(default: fake\/fake-1\)[\s\S]*openai-completions/,
  );
  assert.equal(
    await say("/model offline/assistant"),
    '⚠️ Model "offline/assistant" is not allowed. Use /model to list available models. To allow it, add "offline/assistant" to agents.defaults.models.',
  );
  assert.match(await say("/model deep@work"), /No credentials found for profile "fake:work"/);
  assert.match(await say("/model deep@other:work"), /"other:work" is no login at fake/);
  assert.match(await say("/nobody hello"), /^answer to .*\/nobody hello/);
});

test("a reset keeps what was chosen, and goes on with what follows it", async (t) => {
  const world = await open(t, { overlay: TWO_MODELS });
  const say = talk(await client(t, world));
  await say("/verbose full");
  await say("remember the word heron");
  assert.equal(await say("/new deep"), "✨ New session started · model: fake/fake-2.");
  assert.deepEqual(await history(world.client), []);
  assert.match(await say("/status"), /Model: fake\/fake-2[\s\S]*Verbose: full/);
  assert.match(await say("/reset tell me a story"), /^answer to .*tell me a story/s);
  assert.equal((await history(world.client)).length, 2);
  assert.equal(JSON.stringify(world.model.requests.at(-1)?.body).includes("heron"), false);
});

test("stop words stop what runs; when nothing runs, some of them are only words", async (t) => {
  const world = await open(t);
  let release = () => {};
  world.script = async (request) => {
    if (!lastAsked(request).includes("take your time")) return undefined;
    await new Promise<void>((resolve) => (release = resolve));
    return undefined;
  };
  const gateway = await client(t, world);
  const say = talk(gateway);
  const stopped = say("take your time");
  await until("it runs", () => requestsAbout(world, "take your time").length > 0);
  assert.match(await say("/status"), /running/);
  const answer = (await gateway.request("chat.send", {
    sessionKey: "main",
    message: "Wait!",
    idempotencyKey: "stop-it",
  })) as { aborted?: boolean };
  assert.equal(answer.aborted, true);
  await stopped;
  release();
  assert.match(await say("wait"), /answer to .*wait/);
  assert.equal(await ask(world.client, "arrêter"), "Nothing is running.");
});

test("a side question is answered beside the conversation, also while something runs", async (t) => {
  const world = await open(t);
  let release = () => {};
  world.script = async (request) => {
    if (!lastAsked(request).includes("take your time")) return undefined;
    await new Promise<void>((resolve) => (release = resolve));
    return undefined;
  };
  const gateway = await client(t, world);
  const asides: unknown[] = [];
  gateway.on("chat.side_result" as never, (event: unknown) => void asides.push(event));
  const say = talk(gateway);
  await say("the word is heron");
  const running = say("take your time");
  await until("it runs", () => requestsAbout(world, "take your time").length > 0);
  await say("/btw what was the word?");
  const { question, text, kind } = asides[0] as { question: string; text: string; kind: string };
  assert.deepEqual([kind, question, text], ["btw", "what was the word?", "answer to what was the word?"]);
  const [aside] = requestsAbout(world, "what was the word?");
  assert.equal(aside?.body["tools"], undefined);
  assert.equal(JSON.stringify(aside?.body).includes("heron"), true);
  release();
  await running;
  assert.equal(transcriptOf(world.place).includes("what was the word"), false);
});

test("what is for owners is refused to others, and what is switched off says how to switch it on", async (t) => {
  const world = await open(t, { overlay: { commands: { config: true } } });
  const owner = talk(await client(t, world));
  const other = talk(await client(t, world, ["operator.read", "operator.write"]));
  assert.equal(
    await other("/config get gateway"),
    "⚠️ /config is for owners only. The Control UI may, and so may your own chats.",
  );
  assert.equal(await other("/send off"), "⚠️ /send is for owners only. The Control UI may, and so may your own chats.");
  assert.match(await other("/status"), /OpenClaw/);
  assert.match(await owner("/config get gateway.auth"), /__OPENCLAW_REDACTED__/);
  assert.match(await owner('/config set gateway.port="x"'), /^⚠️ Config write rejected/);
  assert.equal(await owner("/config set logging.level=debug"), '⚙️ Config updated: `logging.level` = "debug"');
  assert.match(readFileSync(join(world.place.state, "openclaw.json"), "utf8"), /"level": "debug"/);
  assert.equal(await owner("/restart"), "⚠️ /restart is switched off. To allow it, set commands.restart to true.");
  assert.equal(await owner("/help").then((text) => text.includes("/restart")), false);
});

test("commands are answered on the command line too", async (t) => {
  const world = await open(t);
  const status = await command(world.place, ["agent", "--message", "/status"]);
  assert.equal(status.code, 0);
  assert.match(status.stdout, /🦞 OpenClaw[\s\S]*agent:main:main/);
  const json = await command(world.place, ["agent", "--message", "/model", "--json"]);
  const { result } = JSON.parse(json.stdout) as { result: { payloads: { text: string }[] } };
  assert.match(result.payloads[0]?.text ?? "", /Current model: fake\/fake-1/);
  const stop = await command(world.place, ["agent", "--message", "stop"]);
  assert.equal(stop.stdout, "Nothing is running.\n");
  assert.equal(world.model.requests.length, 0);
});

test("commands.list tells what can be typed, with the choices of the conversation", async (t) => {
  const world = await open(t, { overlay: TWO_MODELS });
  const list = async (params: object) =>
    ((await world.client.request("commands.list" as never, params as never)) as { commands: Listed[] }).commands;
  const all = await list({ sessionKey: "main" });
  const model = all.find(({ name }) => name === "model");
  assert.deepEqual(
    model?.args?.[0]?.choices?.map(({ value }) => value),
    ["fake/fake-1", "deep"],
  );
  assert.deepEqual(
    all.find(({ name }) => name === "verbose")?.args?.[0]?.choices?.map(({ value }) => value),
    ["on", "full", "off"],
  );
  assert.deepEqual(all.find(({ name }) => name === "whoami")?.textAliases, ["/whoami", "/id"]);
  assert.equal(
    (await list({ includeArgs: false })).every(({ args }) => args === undefined),
    true,
  );
  assert.equal(
    (await list({ scope: "native" })).some(({ name }) => name === "bash"),
    false,
  );
  const native = await list({ provider: "slack" });
  assert.equal(native.find(({ name }) => name === "status")?.nativeName, "agentstatus");
  assert.equal(native.find(({ name }) => name === "export-session")?.nativeName, "export_session");
});

interface Listed {
  readonly name: string;
  readonly nativeName?: string;
  readonly textAliases: readonly string[];
  readonly args?: readonly { readonly choices?: readonly { readonly value: string }[] }[];
}

async function onTelegram(t: TestContext, overlay: Overlay = {}, more: Overlay = {}) {
  const telegram = await FakeTelegram.start();
  t.after(() => telegram.stop());
  const world = await open(t, {
    overlay: {
      ...overlay,
      channels: {
        telegram: {
          botToken: telegram.token,
          apiRoot: telegram.url,
          dmPolicy: "open",
          allowFrom: ["11", "*"],
          streaming: "off",
          ...more,
        },
      },
    },
  });
  await until("the bot polls", () => telegram.polling);
  let seen = 0;
  const said = async (chat: number): Promise<string> => {
    const mine = () => telegram.sent.filter((message) => message.chat === String(chat));
    await until(`an answer in chat ${chat}`, () => mine().length > seen);
    const text = mine()[seen]?.text ?? "";
    seen = mine().length;
    return text;
  };
  const say = async (text: string, chat = 11): Promise<string> => {
    seen = telegram.sent.filter((message) => message.chat === String(chat)).length;
    telegram.inject({ chat, text });
    return said(chat);
  };
  return { telegram, world, say, said };
}

test("on Telegram the commands stand in the menu, answer at once and can be tapped", async (t) => {
  const { telegram, world, say, said } = await onTelegram(t, TWO_MODELS, {
    customCommands: [{ command: "/Backup", description: "Save everything" }],
  });
  await until("the menu", () => telegram.menu !== undefined);
  const names = telegram.menu?.map((entry) => entry.command) ?? [];
  assert.deepEqual(names.slice(0, 5), ["help", "status", "new", "reset", "stop"]);
  assert.equal(names.includes("export_session") && names.includes("backup") && !names.includes("bash"), true);
  assert.match(await say("/status@fake_bot"), /Model: fake\/fake-1/);
  assert.match(await say("/whoami"), /Channel: telegram[\s\S]*User id: 11[\s\S]*You are an owner here/);
  assert.match(await say("/model"), /2\. fake-2 \(deep\)/);
  const id = telegram.tap(11, "deep");
  assert.equal(await said(11), "Model set to fake/fake-2 (deep).");
  await until("the tap is answered", () => telegram.answeredTaps.includes(id));
  assert.match(await say("/think"), /Options: off, minimal/);
  assert.equal(
    buttonsOf(telegram.sent.at(-1)!).some(({ text }) => text === "high"),
    true,
  );
  telegram.tap(11, "high");
  assert.equal(await said(11), "Thinking level set to high.");
  assert.equal(world.model.requests.length, 0);
  assert.match(await say("/export_session"), /Exported|nothing to export/);
  assert.deepEqual(telegram.complaints, []);
});

test("on Telegram a guest gets the commands for all, silence for those of owners, and plain text in between", async (t) => {
  const { telegram, world, say } = await onTelegram(t, { commands: { config: true } });
  assert.match(await say("/status", 77), /OpenClaw/);
  assert.match(await say("/whoami", 77), /You are a guest here/);
  telegram.inject({ chat: 77, text: "/config show" });
  telegram.inject({ chat: 77, text: "/send off" });
  assert.match(await say("hello", 77), /answer to .*hello/s);
  assert.equal(
    telegram.sent.some(({ text }) => text.includes("Config")),
    false,
  );
  assert.match(await say("/config get channels.telegram.dmPolicy", 11), /open/);
  assert.equal(requestsAbout(world, "/config").length, 0);
});

test("lists of who may write are kept from a chat, by owners and where that is switched on", async (t) => {
  const { say } = await onTelegram(t, { commands: { config: true } });
  assert.match(await say("/allowlist"), /channels\.telegram\.allowFrom: 11, \*/);
  assert.equal(await say("/allowlist add 4711"), "⚙️ Added 4711 to channels.telegram.allowFrom.");
  assert.match(await say("/allowlist list", 77), /11, \*, 4711/);
  assert.match(await say("/allowlist add 77", 77), /^⚠️ Only an owner/);
  const off = await onTelegram(t, { commands: { config: true } }, { configWrites: false });
  assert.match(await off.say("/allowlist remove *"), /may not be changed from telegram/);
  assert.match(await off.say("/config set logging.level=debug"), /may not be changed from telegram/);
});

test("a command on this machine is for those whom elevated mode is open to, one at a time", async (t) => {
  const overlay: Overlay = {
    commands: { bash: true },
    tools: { elevated: { allowFrom: { telegram: ["11"] } } },
  };
  const { telegram, world, say } = await onTelegram(t, overlay);
  assert.equal(await say("! echo from $((40 + 2))"), "from 42");
  assert.match(await say("!sleep 30"), /Running in the background/);
  assert.match(await say("! echo second"), /still runs/);
  assert.match(await say("!stop"), /Stopped sleep 30/);
  telegram.inject({ chat: 77, text: "! echo mine" });
  assert.match(await say("hello", 77), /answer to .*hello/s);
  assert.equal(requestsAbout(world, "echo mine").length, 0);
});

test("where text is switched off the menu still works, and everything else is text", async (t) => {
  const { say } = await onTelegram(t, { commands: { text: false } });
  assert.match(await say("/status"), /OpenClaw/);
  const bare = await onTelegram(t, { commands: { text: false, native: false } });
  await until("the menu is taken away", () => bare.telegram.menu?.length === 0);
  assert.match(await bare.say("/status"), /answer to .*\/status/s);
});
