/**
 * Answers that are spoken, by the built gateway over a fake Telegram: the text first, then the sound, each once; the
 * modes, long answers, a service that is down, a death in between, and who may change what is spoken.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import type { ModelServer, Reply, Script } from "../fakes/model-server.ts";
import { startSpeech } from "../fakes/speech.ts";
import type { FakeSpeech } from "../fakes/speech.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Place, Running } from "../harness/gateway.ts";

const CHAT = 11;
const GUEST = 77;
const VOICE = Buffer.concat([Buffer.from("OggS"), Buffer.alloc(3000, 7)]);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const says = (...text: string[]): Reply => ({ text }) as Reply;

interface World {
  readonly telegram: FakeTelegram;
  readonly model: ModelServer;
  readonly speech: FakeSpeech;
  readonly place: Place;
  gateway: Running;
  /** What stands in the chat, in order: its text, or the method by which its file came. */
  shown(chat?: number): string[];
  say(text: string, chat?: number): void;
  /** Says it, and waits for the next message. */
  ask(text: string, answer: string | RegExp): Promise<void>;
}

async function within(script: Script, tts: object, body: (world: World) => Promise<void>): Promise<void> {
  const telegram = await FakeTelegram.start();
  const speech = await startSpeech();
  const model = await startModelServer({ api: "openai-completions", script });
  const place = await makePlace(model.url, {
    messages: { tts: { openai: { apiKey: "sk-speech", baseUrl: speech.url }, ...tts } },
    tools: { media: { audio: { enabled: true, baseUrl: speech.url, models: [{ provider: "openai" }] } } },
    env: { vars: { OPENAI_API_KEY: "sk-speech" } },
    channels: {
      telegram: {
        botToken: telegram.token,
        apiRoot: telegram.url,
        allowFrom: [CHAT, "*"],
        dmPolicy: "open",
      },
    },
    session: { dmScope: "per-channel-peer" },
  });
  const shown = (chat = CHAT) => telegram.chats.standing(chat).map(({ file, text }) => file?.method ?? text);
  const say = (text: string, chat = CHAT) => void telegram.inject({ chat, text });
  const given: World = {
    telegram,
    model,
    speech,
    place,
    gateway: await start(place),
    shown,
    say,
    async ask(text, answer) {
      const before = shown().length;
      say(text);
      const fits = (line: string) => (typeof answer === "string" ? line === answer : answer.test(line));
      await until(`${String(answer)} after ${text}`, () => shown().slice(before).some(fits));
    },
  };
  try {
    await body(given);
    assert.deepEqual(telegram.complaints, []);
  } finally {
    await given.gateway.kill();
    await Promise.all([telegram.stop(), model.close(), speech.close()]);
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

const voices = ({ shown }: World) => shown().filter((line) => line === "sendVoice").length;
const scratch = ({ place }: World) => {
  const folder = join(place.state, "media", "speech");
  return existsSync(folder) ? readdirSync(folder) : [];
};
const LONG_ENOUGH = "The meeting is on Tuesday at ten.";

test("an answer comes as text, then once as a voice note, in the chat where that is wished", () =>
  within(says(LONG_ENOUGH), {}, async (world) => {
    await world.ask("when is it?", LONG_ENOUGH);
    assert.equal(world.speech.spoken.length, 0);
    await world.ask("/tts always", "Every answer of this chat is spoken.");
    await world.ask("when is it?", LONG_ENOUGH);
    await until("the sound", () => voices(world) === 1);
    assert.deepEqual(world.shown().slice(-2), [LONG_ENOUGH, "sendVoice"]);
    const [asked] = world.speech.spoken;
    assert.deepEqual(
      [asked?.authorization, asked?.model, asked?.voice, asked?.input, asked?.format],
      ["Bearer sk-speech", "gpt-4o-mini-tts", "alloy", LONG_ENOUGH, "opus"],
    );
    const told = world.model.requests.map(({ body }) => JSON.stringify(body).includes("[[tts]]"));
    assert.deepEqual(told, [false, true]);
    await world.ask("/tts off", "Answers of this chat are not spoken.");
    await world.ask("and when is it?", LONG_ENOUGH);
    await pause(300);
    assert.equal(world.speech.spoken.length, 1);
    assert.deepEqual(scratch(world), []);
  }));

test("with inbound, what was spoken is answered in sound, and what was written is not", () =>
  within(says(LONG_ENOUGH), { auto: "inbound" }, async (world) => {
    await world.ask("written", LONG_ENOUGH);
    world.speech.says = "spoken";
    const id = world.telegram.upload(VOICE, { path: "voice/file", type: "audio/ogg" });
    world.telegram.inject({ chat: CHAT, more: { voice: { file_id: id, duration: 2, mime_type: "audio/ogg" } } });
    await until("the sound", () => voices(world) === 1);
    assert.equal(world.speech.spoken.length, 1);
  }));

test("with tagged, the model says what is spoken, and nobody reads its tags", () =>
  within(
    ({ body }) =>
      JSON.stringify(body).includes("hum a tune")
        ? says("Here. [[tts:voice=nova]][[tts:text]]La la la, la la.[[/tts:text]]")
        : says(LONG_ENOUGH),
    { auto: "tagged" },
    async (world) => {
      await world.ask("say something", LONG_ENOUGH);
      await world.ask("hum a tune", "Here.");
      await until("the sound", () => voices(world) === 1);
      assert.deepEqual(
        world.speech.spoken.map(({ input, voice }) => [input, voice]),
        [["La la la, la la.", "nova"]],
      );
      assert.ok(!world.shown().some((line) => line.includes("[[")));
    },
  ));

test("a long answer is shortened before it is spoken, and read whole", () =>
  within(
    ({ body }) =>
      JSON.stringify(body).includes("Shorten the text below")
        ? says("A short account of it.")
        : says("A sentence that goes on for a while. ".repeat(60).trim()),
    { auto: "always" },
    async (world) => {
      world.say("tell me everything");
      await until("the sound", () => voices(world) === 1);
      assert.deepEqual(
        world.speech.spoken.map(({ input }) => input),
        ["A short account of it."],
      );
      assert.match(world.shown()[0] ?? "", /^A sentence that goes on.{2000,}while\.$/s);
      await world.ask("/tts summary off", "Long answers are not spoken.");
      const before = world.shown().length;
      world.say("once more");
      await until("the text", () => world.shown().length > before);
      await pause(300);
      assert.equal(voices(world), 1);
    },
  ));

test("a service that is down leaves the text, and one line in the log", () =>
  within(says(LONG_ENOUGH), { auto: "always", timeoutMs: 2000 }, async (world) => {
    world.speech.speaks = 500;
    await world.ask("when?", LONG_ENOUGH);
    await until("it was asked", () => world.speech.spoken.length > 0);
    world.speech.speaks = "sound";
    await world.ask("and when?", LONG_ENOUGH);
    await until("the sound", () => voices(world) === 1);
    const logged = () => readFileSync(join(world.place.home, "gateway.log"), "utf8");
    await until("it is written down", () => logged().includes("was not spoken"));
    const log = logged();
    assert.equal(log.match(/was not spoken/g)?.length, 1);
    assert.match(log, /openai: HTTP 500: refused with 500/);
    assert.ok(!log.includes("sk-speech"));
    await world.ask("/tts status", /Last: openai ok in \d+ ms/);
  }));

test("a voice that takes its time keeps nobody waiting", () =>
  within(says(LONG_ENOUGH), { auto: "always" }, async (world) => {
    world.speech.speaks = "hang";
    await world.ask("when?", LONG_ENOUGH);
    await until("it is asked", () => world.speech.spoken.length === 1);
    world.say("and when?");
    await until("the second text", () => world.shown().length === 2, 10);
    assert.deepEqual(world.shown(), [LONG_ENOUGH, LONG_ENOUGH]);
  }));

test("a death while the sound is made loses it and nothing else", () =>
  within(says(LONG_ENOUGH), { auto: "always" }, async (world) => {
    world.speech.speaks = "hang";
    await world.ask("when?", LONG_ENOUGH);
    await until("it is asked", () => world.speech.spoken.length === 1);
    await world.gateway.kill();
    world.speech.speaks = "sound";
    world.gateway = await start(world.place);
    await world.ask("and now?", LONG_ENOUGH);
    await until("the sound of the second answer", () => voices(world) >= 1);
    await pause(300);
    assert.equal(world.shown().filter((line) => line === LONG_ENOUGH).length, 2);
    assert.equal(voices(world), 1);
    assert.equal(world.model.requests.length, 2);
  }));

test("a death while the sound is sent repeats no text", () =>
  within(says(LONG_ENOUGH), { auto: "always" }, async (world) => {
    let sends = 0;
    const sending = new Promise<void>((resolve) => {
      world.telegram.mishap = ({ method }) => {
        if (method !== "sendVoice" || (sends += 1) > 1) return undefined;
        resolve();
        return "drop-before";
      };
    });
    world.say("when?");
    await sending;
    await world.gateway.kill();
    world.gateway = await start(world.place);
    await until("the sound", () => voices(world) === 1);
    await pause(300);
    assert.deepEqual(world.shown(), [LONG_ENOUGH, "sendVoice"]);
    assert.equal(world.speech.spoken.length, 1);
    assert.deepEqual(scratch(world), []);
  }));

test("/tts audio speaks once, and leaves nothing behind", () =>
  within(says("never asked"), {}, async (world) => {
    world.say("/tts audio Good morning, Ada.");
    await until("the sound", () => voices(world) === 1);
    await pause(300);
    assert.deepEqual(world.shown(), ["sendVoice"]);
    assert.equal(world.speech.spoken[0]?.input, "Good morning, Ada.");
    assert.deepEqual(scratch(world), []);
    assert.deepEqual(readdirSync(join(world.place.state, "media", "outbound")), []);
    world.speech.speaks = 402;
    await world.ask("/tts audio And once more.", /^⚠️ No sound was made: openai: HTTP 402/);
    assert.equal(world.model.requests.length, 0);
  }));

test("/tts latest speaks the last answer again, and personas change how", () =>
  within(
    says(LONG_ENOUGH),
    {
      personas: {
        narrator: { label: "The narrator", provider: "openai", providers: { openai: { voice: "onyx" } } },
        calm: { prompt: { style: "calm" } },
      },
    },
    async (world) => {
      await world.ask("/tts latest", "Nothing was answered in this chat yet.");
      await world.ask("when?", LONG_ENOUGH);
      await world.ask("/voice persona", "Personas:\nnarrator (The narrator)\ncalm");
      await world.ask("/tts persona nobody", /^⚠️ There is no persona "nobody"\..*narrator, calm/s);
      await world.ask("/tts persona narrator", "Persona: narrator.");
      world.say("/tts latest");
      await until("the sound", () => voices(world) === 1);
      assert.deepEqual(
        world.speech.spoken.map(({ input, voice }) => [input, voice]),
        [[LONG_ENOUGH, "onyx"]],
      );
      await world.ask("/tts status", /Persona: narrator/);
      const { client } = world.gateway;
      const { personas, active } = (await client.request("tts.personas", {})) as {
        personas: { id: string }[];
        active: string | null;
      };
      assert.deepEqual([personas.map(({ id }) => id), active], [["narrator", "calm"], "narrator"]);
      assert.deepEqual(await client.request("tts.setPersona", { persona: null }), { persona: null });
      await assert.rejects(client.request("tts.setPersona", { persona: "nobody" }), /no persona/);
      const { speech } = (await client.request("talk.catalog", {})) as {
        speech: { providers: { id: string; configured: boolean }[] };
      };
      assert.deepEqual(
        speech.providers.filter(({ configured }) => configured).map(({ id }) => id),
        ["openai"],
      );
    },
  ));

test("guests cannot change what is spoken, nor have it paid for", () =>
  within(says(LONG_ENOUGH), {}, async (world) => {
    world.say("/tts always", GUEST);
    world.say("/tts audio read me this whole text", GUEST);
    world.say("/voice provider microsoft", GUEST);
    world.say("hello", GUEST);
    await until("the answer", () => world.shown(GUEST).includes(LONG_ENOUGH));
    await pause(300);
    assert.deepEqual(world.shown(GUEST), [LONG_ENOUGH]);
    assert.equal(world.speech.spoken.length, 0);
    assert.ok(!existsSync(join(world.place.state, "settings", "tts.json")));
  }));
