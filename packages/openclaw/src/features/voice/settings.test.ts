import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { SPEECH_PROVIDERS } from "./_speech/catalog.ts";
import { SoundFiles } from "./_speech/files.ts";
import { inOrder } from "./_speech/order.ts";
import { personasIn } from "./_speech/persona.ts";
import type { Prefs } from "./_speech/prefs.ts";
import { speechSettings } from "./_speech/settings.ts";
import type { SpeechSettings, Where } from "./_speech/settings.ts";
import { synthesize } from "./_speech/synthesize.ts";
import { talkWishes } from "./_talk.ts";
import { FakeVoices, ioIn, snapshotOf } from "./voice.fixture.ts";

const LAYERED = snapshotOf({
  messages: {
    tts: {
      auto: "off",
      provider: "openai",
      maxTextLength: 4000,
      openai: { voice: "alloy", speed: 1 },
      providers: { google: { voice: "Kore" } },
    },
  },
  agents: { list: [{ id: "nova", tts: { auto: "inbound", openai: { voice: "nova" } } }, { id: "plain" }] },
  channels: {
    telegram: {
      tts: { auto: "tagged", providers: { google: { voice: "Puck" } } },
      accounts: { work: { tts: { enabled: true, provider: "google" } } },
    },
  },
});

describe("what is spoken, and how", () => {
  const cases: [where: Where, prefs: Prefs, auto: string, provider: string, openai: string, google: string][] = [
    [{}, {}, "off", "openai", "alloy", "Kore"],
    [{ agentId: "plain" }, {}, "off", "openai", "alloy", "Kore"],
    [{ agentId: "nova" }, {}, "inbound", "openai", "nova", "Kore"],
    [{ agentId: "nova", channel: "telegram" }, {}, "tagged", "openai", "nova", "Puck"],
    [{ agentId: "nova", channel: "telegram", account: "work" }, {}, "always", "google", "nova", "Puck"],
    [{ channel: "telegram", account: "home" }, {}, "tagged", "openai", "alloy", "Puck"],
    [{ channel: "telegram", account: "work" }, { auto: "off", provider: "xai" }, "off", "xai", "alloy", "Puck"],
    [{ channel: "telegram", mode: "off" }, { auto: "always" }, "off", "openai", "alloy", "Puck"],
    [{ mode: "nonsense" }, { auto: "always" }, "always", "openai", "alloy", "Kore"],
  ];
  for (const [where, prefs, auto, provider, openai, google] of cases)
    it(`is settled by the last who says something: ${JSON.stringify([where, prefs])}`, () => {
      const settings = speechSettings(LAYERED, prefs, where);
      assert.deepEqual(
        [settings.auto, settings.provider, settings.of("openai")["voice"], settings.of("google")["voice"]],
        [auto, provider, openai, google],
      );
      assert.equal(settings.of("openai")["speed"], 1);
    });

  it("is found under the other name of a provider, the map over the older block", () => {
    const config = snapshotOf({
      messages: { tts: { edge: { voice: "a", lang: "de-DE" }, providers: { edge: { voice: "b" } } } },
    });
    assert.deepEqual(speechSettings(config, {}).of("edge", "microsoft"), { voice: "b", lang: "de-DE" });
  });
});

const PERSONAS = {
  narrator: {
    label: "Narrator",
    description: "Reads aloud",
    provider: "elevenlabs",
    prompt: { profile: "An old man", style: "warm", constraints: ["No shouting", 7] },
    providers: { elevenlabs: { voiceId: "narrator1234" }, openai: { voice: "onyx" } },
  },
  strict: { provider: "elevenlabs", fallbackPolicy: "fail", prompt: { style: "cold" } },
  loose: { provider: "elevenlabs", fallbackPolicy: "provider-defaults", prompt: { style: "odd" } },
  broken: "no persona",
};

describe("personas", () => {
  it("are read with what they lack filled in, and nonsense left out", () => {
    assert.deepEqual(
      personasIn(PERSONAS).map(({ id, label, policy }) => [id, label, policy]),
      [
        ["narrator", "Narrator", "preserve-persona"],
        ["strict", "strict", "fail"],
        ["loose", "loose", "provider-defaults"],
      ],
    );
    assert.equal(personasIn(PERSONAS)[0]?.manner, "Speaker: An old man\nStyle: warm\n- No shouting");
    assert.deepEqual(personasIn("nonsense"), []);
  });

  it("bring their provider and its settings, until they are switched off", () => {
    const config = snapshotOf({
      messages: { tts: { provider: "openai", persona: "narrator", personas: PERSONAS, openai: { voice: "alloy" } } },
    });
    const on = speechSettings(config, {});
    assert.deepEqual([on.persona?.id, on.provider, on.of("openai")["voice"]], ["narrator", "elevenlabs", "onyx"]);
    const off = speechSettings(config, { persona: "" });
    assert.deepEqual([off.persona, off.provider, off.of("openai")["voice"]], [undefined, "openai", "alloy"]);
    assert.equal(speechSettings(config, { persona: "gone" }).persona, undefined);
  });

  const policies: [persona: string, asked: string[]][] = [
    ["narrator", ["elevenlabs", "openai"]],
    ["strict", ["elevenlabs"]],
    ["loose", ["elevenlabs", "openai"]],
  ];
  for (const [persona, expected] of policies)
    it(`say who is asked when their provider fails: ${persona}`, async () => {
      const voices = new FakeVoices();
      const baseUrl = await voices.start();
      voices.answer = (_, response) => void response.writeHead(500).end();
      const keys = { apiKey: "key", baseUrl };
      const config = snapshotOf({
        messages: {
          tts: { persona, personas: PERSONAS, openai: keys, elevenlabs: { ...keys, voiceId: "abcdefghij12" } },
        },
      });
      await assert.rejects(speak(speechSettings(config, {}), config, true));
      assert.deepEqual(
        voices.seen.map(({ url }) => (url.startsWith("/audio") ? "openai" : "elevenlabs")),
        expected,
      );
      voices.close();
    });
});

function speak(settings: SpeechSettings, config: ReturnType<typeof snapshotOf>, turnedOn: boolean) {
  const models = { access: () => Promise.reject(new Error("no key")) };
  return synthesize(
    { models, io: ioIn("/nowhere") },
    {
      text: "Say it please.",
      purpose: "file",
      config,
      settings,
      wishes: {},
      turnedOn,
      signal: new AbortController().signal,
    },
  );
}

describe("voices without a key", () => {
  const tried = async (tts: Record<string, unknown>, turnedOn: boolean) => {
    const config = snapshotOf({ messages: { tts: { timeoutMs: 3000, ...tts } } });
    const outcome = await speak(speechSettings(config, {}), config, turnedOn).catch((error: unknown) => error);
    const { code, message } = outcome as { code: string; message: string };
    return code === "SPEECH_NONE_READY" ? [] : [...message.matchAll(/(microsoft|openai):/g)].map(([, id]) => id);
  };
  // Nobody listens there: whoever is asked fails at once.
  const nowhere = { baseUrl: "http://127.0.0.1:1" };
  const cases: [why: string, tts: Record<string, unknown>, turnedOn: boolean, asked: string[]][] = [
    ["nobody turned speech on", { edge: nowhere }, false, []],
    ["speech is on and nobody else is ready", { edge: nowhere }, true, ["microsoft"]],
    ["somebody with a key is ready", { edge: nowhere, openai: { ...nowhere, apiKey: "k" } }, true, ["openai"]],
    ["they are switched off", { edge: { ...nowhere, enabled: false } }, true, []],
    ["they are switched off, but named", { provider: "edge", edge: { ...nowhere, enabled: false } }, true, []],
    ["they are named", { provider: "edge", edge: nowhere }, false, ["microsoft"]],
  ];
  for (const [why, tts, turnedOn, asked] of cases)
    it(`are ${asked.includes("microsoft") ? "" : "not "}asked when ${why}`, async () =>
      assert.deepEqual(await tried(tts, turnedOn), asked));

  it("come after everybody else", () => {
    const all = SPEECH_PROVIDERS.map((provider) => ({ provider, ready: true }));
    assert.deepEqual(
      [inOrder(all, undefined).at(0)?.id, inOrder(all, undefined).at(-1)?.id],
      ["tts-local-cli", "microsoft"],
    );
  });
});

describe("the voice of a device that talks", () => {
  it("is that of `talk`, and names of voices are known", () => {
    const talk = {
      apiKey: "talk-key",
      voiceId: "usual",
      modelId: "eleven_v3",
      voiceAliases: { clawd: "EXAVITQu4vr4xnSDxMaL" },
      providers: { openai: { voice: "sage" } },
    };
    assert.deepEqual(talkWishes(talk, { voiceId: "clawd" }), {
      provider: "elevenlabs",
      voiceId: "EXAVITQu4vr4xnSDxMaL",
      modelId: "eleven_v3",
      settings: { openai: { voice: "sage" }, elevenlabs: { apiKey: "talk-key" } },
    });
    assert.deepEqual(talkWishes({ ...talk, provider: "openai" }, {}), {
      provider: "openai",
      settings: { openai: { voice: "sage" }, elevenlabs: { apiKey: "talk-key" } },
    });
    assert.deepEqual(talkWishes(undefined, {}), { settings: { elevenlabs: {} } });
  });
});

describe("sounds that nobody came for", () => {
  it("go by age and size, and what is being made stays", async () => {
    const state = mkdtempSync(join(tmpdir(), "openclaw-sounds-"));
    const files = new SoundFiles(state);
    const now = Date.now();
    const put = (name: string, ageMs: number, bytes = 10) => {
      mkdirSync(files.folder, { recursive: true });
      writeFileSync(join(files.folder, name), Buffer.alloc(bytes));
      utimesSync(join(files.folder, name), new Date(now - ageMs), new Date(now - ageMs));
    };
    assert.equal(await files.sweep(now), 0);
    const HOUR = 3_600_000;
    put("old.mp3", 30 * HOUR);
    put("new.mp3", HOUR);
    assert.equal(await files.sweep(now), 1);
    assert.deepEqual(readdirSync(files.folder), ["new.mp3"]);
    put("large-1.mp3", 3 * HOUR, 200 * 1024 * 1024);
    put("large-2.mp3", 1000, 200 * 1024 * 1024);
    assert.equal(await files.sweep(now), 1);
    assert.deepEqual(readdirSync(files.folder), ["large-2.mp3", "new.mp3"]);
    rmSync(state, { recursive: true });
  });
});
