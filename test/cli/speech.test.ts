/** `infer tts …` and `infer audio …`, against a fake of a service for speech. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { startSpeech } from "../fakes/speech.ts";
import { makeHome } from "./_run.ts";

const SOUND = Buffer.concat([Buffer.from("OggS"), Buffer.alloc(3000, 7)]);

async function desk(t: TestContext, more: object = {}) {
  const [home, speech] = await Promise.all([makeHome(t), startSpeech()]);
  t.after(() => speech.close());
  mkdirSync(home.state, { mode: 0o700 });
  const tts = { openai: { apiKey: "sk-speech", baseUrl: speech.url } };
  const audio = { baseUrl: speech.url };
  writeFileSync(
    home.config,
    JSON.stringify({ gateway: { mode: "local" }, messages: { tts }, tools: { media: { audio } }, ...more }),
  );
  const memo = join(home.cwd, "memo.ogg");
  writeFileSync(memo, SOUND);
  const json = async (...args: string[]) => JSON.parse((await home.run("infer", ...args, "--json")).stdout);
  const hear = (...args: string[]) =>
    home.runWith({ env: { OPENAI_API_KEY: "sk-hears" } }, "infer", "audio", "transcribe", ...args);
  return { ...home, speech, json, hear, memo };
}

test("a text is spoken into a file, in the voice that was asked for", async (t) => {
  const { cwd, json, speech } = await desk(t);
  const done = await json(
    "tts",
    "convert",
    "--text",
    "Good **morning**, Ada.",
    "--output",
    "out.mp3",
    "--voice",
    "nova",
  );
  assert.deepEqual([done.ok, done.capability, done.provider], [true, "tts.convert", "openai"]);
  assert.equal(done.outputs[0].path, join(cwd, "out.mp3"));
  assert.match(readFileSync(join(cwd, "out.mp3"), "latin1"), /^ID3/);
  const { input, voice, format } = speech.spoken[0] ?? {};
  assert.deepEqual([input, voice, format], ["Good morning, Ada.", "nova", "mp3"]);
});

test("nothing to speak, nobody to speak and a service that refuses are said", async (t) => {
  const { json, run, runWith, speech, config } = await desk(t);
  assert.match((await run("infer", "tts", "convert", "--text", " ")).stderr, /--text is missing or empty/);
  speech.speaks = 402;
  assert.deepEqual((await json("tts", "convert", "--text", "Say this.")).error.code, "SPEECH_FAILED");
  writeFileSync(config, JSON.stringify({ gateway: { mode: "local" } }));
  const none = await runWith({}, "infer", "tts", "convert", "--text", "Say this.");
  assert.equal(none.code, 1);
  assert.match(none.stderr, /No speech provider can be used[\s\S]*provider microsoft/);
});

test("who speaks is listed and chosen for the machine", async (t) => {
  const { json, run, state } = await desk(t);
  const { outputs } = await json("tts", "providers");
  assert.deepEqual(
    outputs.filter((one: { configured: boolean }) => one.configured).map((one: { id: string }) => one.id),
    ["openai"],
  );
  assert.ok(outputs.some((one: { id: string }) => one.id === "microsoft"));
  assert.match((await run("infer", "tts", "set-provider", "edge")).stdout, /Speech provider/);
  assert.equal(JSON.parse(readFileSync(join(state, "settings", "tts.json"), "utf8")).provider, "microsoft");
  assert.match((await run("infer", "tts", "set-provider", "nobody")).stderr, /no speech provider "nobody"/);
  await run("infer", "tts", "enable");
  assert.match((await run("infer", "tts", "status")).stdout, /Spoken answers: always/);
  await run("infer", "tts", "disable");
  assert.match((await run("infer", "tts", "status")).stdout, /Spoken answers: off/);
  assert.match((await run("capability", "tts", "voices")).stdout, /^openai\/alloy$/m);
});

test("what is said in a file is written down, and nothing of the file is kept", async (t) => {
  const { hear, memo, speech, state } = await desk(t);
  speech.says = "thank you very much";
  const heard = await hear("--file", memo, "--language", "en");
  assert.deepEqual([heard.code, heard.stdout], [0, "thank you very much\n"]);
  const [asked] = speech.heard;
  assert.deepEqual(
    [asked?.authorization, asked?.model, asked?.language, asked?.bytes, asked?.fileName],
    ["Bearer sk-hears", "gpt-4o-mini-transcribe", "en", SOUND.length, "memo.ogg"],
  );
  const named = await hear("--file", "memo.ogg", "--model", "groq/whisper-large-v3", "--json");
  const failed = JSON.parse(named.stdout);
  assert.deepEqual([named.code, failed.ok, failed.error.code], [1, false, "AUDIO_FAILED"]);
  assert.match(failed.error.message, /groq/);
  assert.ok(!existsSync(join(state, "media")) || readdirSync(join(state, "media")).length === 0);
});

test("a file that is not there, or holds no sound, and an ear that is deaf are said", async (t) => {
  const { cwd, hear, memo, run, speech } = await desk(t);
  assert.match((await hear("--file", "gone.ogg")).stderr, /gone\.ogg cannot be listened to: it does not exist/);
  writeFileSync(join(cwd, "notes.txt"), "words");
  assert.match((await hear("--file", "notes.txt")).stderr, /holds no sound \(text\/plain\)/);
  assert.match((await hear()).stderr, /--file/);
  speech.says = 500;
  assert.match((await hear("--file", memo)).stderr, /Nothing was understood: openai:/);
  assert.match((await run("infer", "audio", "transcribe", "--file", memo)).stderr, /Nobody can listen to it/);
});

test("who listens is listed, programs of this machine too", async (t) => {
  const { json, runWith } = await desk(t, {
    tools: { media: { audio: { models: [{ type: "cli", command: "/opt/bin/my-ear", args: ["{{MediaPath}}"] }] } } },
  });
  const { outputs } = (await json("audio", "providers")) as { outputs: { id: string; ready: boolean }[] };
  assert.deepEqual(
    outputs.filter(({ ready }) => ready).map(({ id }) => id),
    ["my-ear"],
  );
  const listed = await runWith({ env: { DEEPGRAM_API_KEY: "key" } }, "infer", "audio", "providers");
  assert.match(listed.stdout, /^deepgram +nova-3 +ready$/m);
  assert.match(listed.stdout, /^groq .* no key$/m);
});
