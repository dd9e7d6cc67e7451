/**
 * What people in a chat are shown, by the built gateway: blocks and previews while the answer is written, also when the
 * process is killed in the middle; tool calls, files, prefixes, footers and silence.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import type { Reply, Script, SeenRequest } from "../fakes/model-server.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Overlay, Place, Running } from "../harness/gateway.ts";

const CHAT = 11;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface World {
  readonly telegram: FakeTelegram;
  readonly place: Place;
  gateway: Running;
  /** What stands in the chat, oldest first. */
  texts(): string[];
  ask(text: string, more?: Readonly<Record<string, unknown>>): void;
  restart(): Promise<void>;
}

async function within(world: Script, overlay: Overlay, body: (world: World) => Promise<void>): Promise<void> {
  const telegram = await FakeTelegram.start();
  const model = await startModelServer({ api: "openai-completions", script: world });
  const { channels, ...rest } = overlay as { channels?: { telegram?: Overlay } };
  const place = await makePlace(model.url, {
    session: { dmScope: "per-channel-peer" },
    ...rest,
    channels: {
      telegram: {
        botToken: telegram.token,
        apiRoot: telegram.url,
        allowFrom: [CHAT],
        dmPolicy: "allowlist",
        ...channels?.telegram,
      },
    },
  });
  const given: World = {
    telegram,
    place,
    gateway: await start(place),
    texts: () => telegram.chats.standing(CHAT).map(({ text }) => text),
    ask: (text, more) => void telegram.inject({ chat: CHAT, text, ...(more ? { more } : {}) }),
    async restart() {
      await given.gateway.kill();
      given.gateway = await start(place);
    },
  };
  try {
    await body(given);
    assert.deepEqual(telegram.complaints, []);
  } finally {
    await given.gateway.kill();
    await telegram.stop();
    await model.close();
    place.end();
  }
}

async function until(what: string, ready: () => boolean, seconds = 20): Promise<void> {
  for (let i = 0; i < seconds * 50; i += 1) {
    if (ready()) return;
    await pause(20);
  }
  assert.fail(`not within ${seconds} s: ${what}`);
}

const says = (...text: string[]): Reply => ({ text }) as Reply;
const slowly = (everyMs: number, ...text: string[]): Reply => ({ text, everyMs }) as Reply;
const calls = (name: string, args: object): Reply =>
  ({ calls: [{ id: `call_${name}`, name, arguments: JSON.stringify(args) }] }) as Reply;
const hasResult = ({ body }: SeenRequest): boolean => {
  const messages = body["messages"] as { role: string }[];
  return messages.slice(messages.findLastIndex(({ role }) => role === "user")).some(({ role }) => role === "tool");
};

const PARAGRAPHS = Array.from(
  { length: 12 },
  (_, i) => `Paragraph ${i} ${`says something of word ${i} `.repeat(12)}end.\n\n`,
);
const BLOCKS = {
  agents: {
    defaults: {
      blockStreamingDefault: "on",
      blockStreamingChunk: { minChars: 200, maxChars: 500 },
      blockStreamingCoalesce: { idleMs: 50, minChars: 200, maxChars: 500 },
    },
  },
};

/** How often each paragraph stands in the chat. */
const counts = (texts: readonly string[]): number[] =>
  PARAGRAPHS.map((_, i) => texts.join("\n").split(`Paragraph ${i} says`).length - 1);

test("finished paragraphs are sent while the answer is written", async () => {
  await within(
    () => slowly(40, ...PARAGRAPHS),
    BLOCKS,
    async ({ texts, ask }) => {
      ask("go");
      await until("a first block", () => texts().length > 0);
      assert.ok(!texts().join("").includes("Paragraph 11"));
      await until("the end", () => texts().join("").includes("Paragraph 11"));
      await pause(200);
      assert.deepEqual(
        counts(texts()),
        PARAGRAPHS.map(() => 1),
      );
    },
  );
});

for (const blocks of [1, 3, 6])
  test(`killed after ${blocks} blocks, the rest follows and nothing stands twice`, async () => {
    await within(
      () => slowly(25, ...PARAGRAPHS),
      BLOCKS,
      async (world) => {
        world.ask("go");
        await until("some blocks", () => world.texts().length >= blocks);
        await world.restart();
        await until("the end", () => world.texts().join("").includes("Paragraph 11"));
        await pause(300);
        // A block that was cut off in its sending may stand there with a mark.
        const unmarked = world.texts().filter((text) => !text.startsWith("↻"));
        const marked = world.texts().length - unmarked.length;
        assert.ok(marked <= 1, `${marked} marked`);
        assert.deepEqual(
          counts(world.texts()).filter((n) => n === 0),
          [],
        );
        assert.ok(
          counts(unmarked).every((n) => n <= 1),
          JSON.stringify(counts(unmarked)),
        );
      },
    );
  });

const STREAMING = { channels: { telegram: { streaming: "partial" } } };
const WORDS = Array.from({ length: 60 }, (_, i) => `word${i} `);

test("an answer is shown while it is written and becomes one message", async () => {
  await within(
    () => slowly(50, ...WORDS),
    STREAMING,
    async ({ telegram, texts, ask }) => {
      ask("go");
      await until("a preview", () => texts().length === 1);
      assert.ok(!texts()[0]?.includes("word59"));
      await until("the answer", () => texts()[0]?.includes("word59") === true);
      await pause(200);
      assert.equal(texts().length, 1);
      assert.ok(telegram.chats.edits.length >= 1);
    },
  );
});

test("killed while an answer is shown, one message stands in the end", async () => {
  await within(
    () => slowly(50, ...WORDS),
    STREAMING,
    async (world) => {
      world.ask("go");
      await until("a preview that changed", () => world.telegram.chats.edits.length > 0);
      await world.restart();
      await until("the answer", () => world.texts().some((text) => text.includes("word59")));
      await pause(300);
      assert.equal(world.texts().length, 1, JSON.stringify(world.texts()));
    },
  );
});

test("an answer that is silence shows nothing, whatever pieces it comes in", async () => {
  const script = ({ body }: SeenRequest) =>
    JSON.stringify(body["messages"]).includes("loud")
      ? says("Here I am, as loud as you like.")
      : slowly(30, "NO", "_RE", "PLY");
  await within(script, STREAMING, async ({ telegram, texts, ask }) => {
    ask("hush");
    await until("the turn to be over", () => telegram.unconfirmed === 0);
    await pause(500);
    ask("loud");
    await until("the loud one", () => texts().length > 0);
    assert.deepEqual(texts(), ["Here I am, as loud as you like."]);
    assert.equal(telegram.sent.length, 1);
  });
});

test("with verbose on, tool calls are shown as they begin, before the answer with its prefix and footer", async () => {
  const script = (request: SeenRequest) =>
    hasResult(request) ? says("All done.") : calls("exec", { command: "echo hello" });
  const overlay = {
    agents: { defaults: { verboseDefault: "full" } },
    messages: { responsePrefix: "[{model}]" },
    tools: { exec: { security: "full", ask: "off" } },
  };
  await within(script, overlay, async ({ gateway, texts, ask }) => {
    await gateway.client.request("sessions.create", { key: `agent:main:telegram:dm:${CHAT}` });
    await gateway.client.request("sessions.patch", { key: `agent:main:telegram:dm:${CHAT}`, responseUsage: "tokens" });
    ask("go");
    await until("the answer", () => texts().some((text) => text.includes("All done.")));
    const [call, output, answer] = texts();
    assert.equal(call, "[fake-1] 🛠️ exec: echo hello");
    assert.match(output ?? "", /^\[fake-1\] 🛠️ exec\n+hello/);
    assert.match(answer ?? "", /^\[fake-1\] All done\.\n\nUsage: .* in \/ .* out$/);
  });
});

test("a tool that failed is told when the model says nothing about it", async () => {
  const script = (request: SeenRequest) =>
    hasResult(request) ? says("NO_REPLY") : calls("read", { path: "missing.txt" });
  await within(script, {}, async ({ texts, ask }) => {
    ask("go");
    await until("the failure", () => texts().length > 0);
    assert.deepEqual(texts(), ["⚠️ 📖 read failed."]);
  });
});

test("a session that may not speak runs and says nothing", async () => {
  let asked = 0;
  const script = () => ((asked += 1), says("secret words"));
  const policy = { sendPolicy: { default: "allow", rules: [{ action: "deny", match: { channel: "telegram" } }] } };
  await within(script, { session: { dmScope: "per-channel-peer", ...policy } }, async ({ texts, ask }) => {
    ask("go");
    await until("the model was asked", () => asked > 0);
    await pause(500);
    assert.deepEqual(texts(), []);
  });
});

test("files of the workspace are sent with their caption, others are refused in words", async () => {
  const script = ({ body }: SeenRequest) =>
    JSON.stringify(body["messages"]).includes("steal")
      ? says("Here:\nMEDIA:/etc/hostname\nMEDIA:../.openclaw/openclaw.json\nMEDIA:link.txt")
      : says("Your notes.\nMEDIA:my notes.txt");
  await within(script, {}, async ({ telegram, place, texts, ask }) => {
    const workspace = join(place.home, "workspace");
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, "my notes.txt"), "buy milk");
    symlinkSync("/etc/hostname", join(workspace, "link.txt"));
    ask("send");
    await until("the file", () => texts().length > 0);
    const [sent] = telegram.chats.standing(CHAT);
    assert.deepEqual(
      [sent?.text, sent?.file?.method, sent?.file?.name, sent?.file?.bytes],
      ["Your notes.", "sendDocument", "my notes.txt", 8],
    );
    await until(
      "the copy to be gone",
      () =>
        existsSync(join(place.state, "media", "outbound")) &&
        readdirSync(join(place.state, "media", "outbound")).length === 0,
    );
    ask("steal");
    await until("the refusal", () => texts().length > 1);
    assert.equal(telegram.chats.standing(CHAT).filter(({ file }) => file !== undefined).length, 1);
    assert.equal(texts()[1]?.match(/only files in these folders may be sent/g)?.length, 2);
    assert.match(texts()[1] ?? "", /openclaw\.json could not be attached: it holds secrets of this installation/);
  });
});

test("the message that is answered carries an emoji until the answer is there", async () => {
  const overlay = { messages: { ackReaction: "👀", ackReactionScope: "all", removeAckAfterReply: true } };
  await within(
    () => slowly(100, "one ", "two ", "three"),
    overlay,
    async ({ telegram, texts, ask }) => {
      ask("go");
      await until("the reaction", () => telegram.chats.reactions.size === 1);
      await until("the answer", () => texts().length === 1);
      await until("no reaction", () => telegram.chats.reactions.size === 0);
    },
  );
});
