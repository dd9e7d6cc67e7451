import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { createFetch } from "../../base/fetch.ts";
import { createSpawn } from "../../base/spawn.ts";
import { systemClock } from "../../base/time.ts";
import { quietLog } from "../../../../../test/harness/log.ts";
import type { Platform } from "../../contracts/service.ts";
import { inOrder } from "./_speech/order.ts";
import { cutAtSentence, speakable } from "./_speech/clean.ts";
import { spokenIn } from "./_speech/tags.ts";
import { speechProvider, SPEECH_PROVIDERS } from "./_speech/catalog.ts";
import { services } from "./service.ts";
import type { VoiceService } from "./index.ts";
import { FakeVoices, snapshotOf } from "./voice.fixture.ts";

const ALL = {
  enabled: true,
  text: true,
  provider: true,
  voice: true,
  model: true,
  sound: true,
  normalization: true,
  seed: true,
};

describe("what is read aloud", () => {
  const cases: [what: string, markdown: string, spoken: string][] = [
    ["plain words", "Hello there.", "Hello there."],
    ["emphasis", "This is **very** *good* and `short`.", "This is very good and short."],
    ["links", "See [the docs](https://a.example/x) or https://b.example.", "See the docs or"],
    ["headings and lists", "# News\n\n- first\n- second", "News\nfirst\nsecond"],
    ["code", "Run this:\n```sh\nrm -rf /\n```\nThen stop.", "Run this:\nThen stop."],
    ["files", "Here it is\nMEDIA:/tmp/a.png", "Here it is"],
    ["a line of pictures", "Done!\n🎉🎉\nBye 👋 now", "Done!\nBye now"],
    ["names with underscores", "Set a_b_c to 3 * 4 * 5.", "Set a_b_c to 3 * 4 * 5."],
  ];
  for (const [what, markdown, spoken] of cases)
    it(`is the text without marks: ${what}`, () => assert.equal(speakable(markdown), spoken));

  it("ends with a sentence when it is cut", () => {
    assert.equal(cutAtSentence("One two three. Four five six. Seven", 30), "One two three. Four five six.");
    assert.equal(cutAtSentence("short", 30), "short");
    assert.ok(cutAtSentence("word ".repeat(100), 42).length <= 42);
  });
});

describe("tags of a model", () => {
  it("trigger, choose and replace", () => {
    const spoken = spokenIn(
      'Visible. [[tts:voice=nova speed=1.2 stability=7]] [[tts:text]]Heard "words".[[/tts:text]]',
      ALL,
    );
    assert.deepEqual(spoken, { tagged: true, text: 'Heard "words".', wishes: { voice: "nova", speed: 1.2 } });
  });
  it("only trigger where the operator leaves nothing to the model", () => {
    assert.deepEqual(spokenIn("[[tts:provider=elevenlabs voice=x]] hi", { ...ALL, enabled: false }), {
      tagged: true,
      wishes: {},
    });
    assert.deepEqual(spokenIn("[[tts:provider=elevenlabs]] hi", { ...ALL, provider: false }).provider, undefined);
  });
  it("are nothing inside code", () => assert.equal(spokenIn("```\n[[tts]]\n```", ALL).tagged, false));
});

describe("the order of voices", () => {
  const ready = (...ids: string[]) =>
    SPEECH_PROVIDERS.map((provider) => ({ provider, ready: ids.includes(provider.id) }));
  const order = (chosen: string | undefined, ...ids: string[]) => inOrder(ready(...ids), chosen).map(({ id }) => id);
  it("begins with the one that was chosen", () =>
    assert.deepEqual(order("google", "openai", "google", "elevenlabs"), ["google", "openai", "elevenlabs"]));
  it("begins with OpenAI, then ElevenLabs, when nothing was chosen", () =>
    assert.deepEqual(order(undefined, "google", "elevenlabs", "openai"), ["openai", "elevenlabs", "google"]));
  it("knows other names", () => assert.equal(speechProvider("MIMO")?.id, "xiaomi"));
});

describe("an answer that is spoken", () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-voice-"));
  const spawn = createSpawn();
  let voices: FakeVoices;
  let url = "";

  after(async () => {
    await spawn.killAll(0);
    rmSync(home, { recursive: true, force: true });
  });
  beforeEach(async () => {
    voices = new FakeVoices();
    url = await voices.start();
    rmSync(join(home, "settings"), { recursive: true, force: true });
  });
  afterEach(() => voices.close());

  const platform = {
    clock: systemClock,
    random: { bytes: (n: number) => new Uint8Array(n).map(() => Math.floor(Math.random() * 256)) },
    env: {},
    log: { ...quietLog, for: () => quietLog },
    fetch: createFetch({ clock: systemClock, log: quietLog }),
    spawn,
    paths: { home, state: home, config: join(home, "openclaw.json") },
    version: "0",
  } as unknown as Platform;

  async function make(): Promise<VoiceService> {
    const models = {
      access: async (provider: string) => {
        throw new Error(`no key for ${provider}`);
      },
    };
    const made = await services[0]!.make({
      use: async () => models as never,
      platform,
      scope: undefined as never,
    });
    return made as VoiceService;
  }

  const configured = (tts: object) =>
    snapshotOf({
      messages: {
        tts: {
          auto: "always",
          openai: { apiKey: "sk-openai", baseUrl: url },
          elevenlabs: { apiKey: "xi-key", baseUrl: url },
          ...tts,
        },
      },
    });

  const ask = async (answer: Partial<Parameters<VoiceService["spoken"]>[0]>, tts: object = {}) =>
    (await make()).spoken({
      text: "This is the answer to the question.",
      config: configured(tts),
      heard: false,
      hasMedia: false,
      channel: "discord",
      signal: new AbortController().signal,
      ...answer,
    });

  it("is a file made by the first voice", async () => {
    const sound = await ask({});
    assert.equal(sound?.provider, "openai");
    assert.equal(readFileSync(sound?.path ?? "", "utf8"), "SOUND");
    const body = JSON.parse(voices.seen[0]?.body ?? "{}") as Record<string, unknown>;
    assert.deepEqual(
      [body["input"], body["voice"], body["response_format"]],
      ["This is the answer to the question.", "alloy", "mp3"],
    );
    assert.equal(voices.seen[0]?.headers.authorization, "Bearer sk-openai");
  });

  it("is a voice note where the network shows those", async () => {
    const sound = await ask({ channel: "telegram" });
    assert.deepEqual([sound?.asVoice, sound?.mimeType], [true, "audio/ogg"]);
  });

  it("comes from the next voice when the first one fails", async () => {
    voices.answer = (path, response) => {
      if (path.startsWith("/audio")) response.writeHead(500).end('{"error":{"message":"broken"}}');
      else response.end("OTHER");
    };
    const sound = await ask({});
    assert.equal(sound?.provider, "elevenlabs");
    assert.match(voices.seen[1]?.url ?? "", /^\/v1\/text-to-speech\/\w+\?output_format=mp3_44100_128$/);
  });

  const silent: [why: string, answer: Partial<Parameters<VoiceService["spoken"]>[0]>, tts?: object][] = [
    ["the mode is off", {}, { auto: "off" }],
    ["the chat says so", { mode: "off" }],
    ["nobody spoke and the mode is inbound", {}, { auto: "inbound" }],
    ["there is no tag and the mode is tagged", {}, { auto: "tagged" }],
    ["a file goes with it already", { hasMedia: true }],
    ["it is too short", { text: "Yes." }],
    ["it is nothing but code", { text: "```\nlong enough to be spoken\n```" }],
  ];
  for (const [why, answer, tts] of silent)
    it(`stays text when ${why}`, async () => {
      assert.equal(await ask(answer, tts), undefined);
      assert.equal(voices.seen.length, 0);
    });

  const heard: [why: string, answer: Partial<Parameters<VoiceService["spoken"]>[0]>, tts?: object][] = [
    ["somebody spoke and the mode is inbound", { heard: true }, { auto: "inbound" }],
    ["there is a tag and the mode is tagged", { text: "[[tts]] This is long enough." }, { auto: "tagged" }],
    ["the chat says so", { mode: "always" }, { auto: "off" }],
  ];
  for (const [why, answer, tts] of heard) it(`is spoken when ${why}`, async () => assert.ok(await ask(answer, tts)));

  it("speaks what stands in the tag instead of the visible text", async () => {
    await ask({ text: "Look: 1 < 2.\n[[tts:text]]One is less than two.[[/tts:text]]" });
    assert.equal((JSON.parse(voices.seen[0]?.body ?? "{}") as { input?: string }).input, "One is less than two.");
  });

  it("stays text when every voice fails, and when one takes too long", async () => {
    voices.answer = (_, response) => void response.writeHead(401).end();
    assert.equal(await ask({}), undefined);
    voices.answer = () => undefined;
    assert.equal(await ask({}, { timeoutMs: 150, provider: "openai" }), undefined);
  });

  it("stays text when it is long and nobody can shorten it", async () => {
    assert.equal(await ask({ text: "A sentence that goes on. ".repeat(100) }), undefined);
  });

  it("keeps choices in a file, and a broken file aside", async () => {
    const voice = await make();
    const config = configured({});
    await voice.choose(config, { provider: "elevenlabs", maxLength: 200 });
    assert.equal((await voice.state(config)).provider, "elevenlabs");
    const path = join(home, "settings", "tts.json");
    writeFileSync(path, "{ broken");
    assert.equal((await voice.state(config)).provider, "openai");
    assert.ok(readdirSync(join(home, "settings")).some((name) => name.startsWith("tts.json.broken-")));
  });

  it("names every voice that failed when it was asked for", async () => {
    voices.answer = (_, response) => void response.writeHead(429).end('{"detail":"quota exceeded"}');
    const voice = await make();
    await assert.rejects(
      voice.convert({ text: "Say this please.", config: configured({}), signal: new AbortController().signal }),
      /openai: HTTP 429: quota exceeded; elevenlabs: HTTP 429/,
    );
  });

  it("may be made by a program", async () => {
    const program = join(home, "say.mjs");
    writeFileSync(
      program,
      `import { writeFileSync } from "node:fs"; writeFileSync(process.argv[3], "ID3" + process.argv[2]);`,
    );
    const cli = { command: process.execPath, args: [program, "{{Text}}", "{{OutputPath}}"] };
    const sound = await ask(
      { text: "Words; $(touch nothing) and more" },
      { provider: "tts-local-cli", providers: { "tts-local-cli": cli } },
    );
    assert.equal(sound?.provider, "tts-local-cli");
    assert.equal(readFileSync(sound?.path ?? "", "utf8"), "ID3Words; $(touch nothing) and more");
  });
});
