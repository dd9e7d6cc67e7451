import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { speechProvider } from "./_speech/catalog.ts";
import type { SoundPurpose, VoiceWishes } from "./_speech/provider.ts";
import { FakeVoices, ioIn } from "./voice.fixture.ts";

const SOUND = Buffer.from("sound of words");
const OGG = Buffer.concat([Buffer.from("OggS"), Buffer.alloc(60, 1)]);
const json = (value: unknown) => JSON.stringify(value);

interface Case {
  readonly id: string;
  readonly purpose?: SoundPurpose;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly wishes?: VoiceWishes;
  readonly manner?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it goes out; a text where it is no JSON. */
  readonly body: unknown;
  readonly answer?: string | Buffer;
  readonly sound?: Buffer;
  readonly mime: string;
}

const CASES: readonly Case[] = [
  {
    id: "openai",
    settings: { speed: 1.1, instructions: "Calmly." },
    wishes: { voice: "nova" },
    url: "/audio/speech",
    headers: { authorization: "Bearer key" },
    body: {
      model: "gpt-4o-mini-tts",
      input: "Say it.",
      voice: "nova",
      response_format: "mp3",
      speed: 1.1,
      instructions: "Calmly.",
    },
    mime: "audio/mpeg",
  },
  {
    id: "openai",
    purpose: "voice-note",
    settings: { extraBody: { lang: "de" } },
    url: "/audio/speech",
    headers: { authorization: "Bearer key" },
    body: { model: "gpt-4o-mini-tts", input: "Say it.", voice: "alloy", response_format: "opus", lang: "de" },
    mime: "audio/ogg",
  },
  {
    id: "openrouter",
    purpose: "voice-note",
    url: "/audio/speech",
    headers: { authorization: "Bearer key" },
    body: { model: "hexgrad/kokoro-82m", input: "Say it.", voice: "af_alloy", response_format: "mp3" },
    mime: "audio/mpeg",
  },
  {
    id: "deepinfra",
    purpose: "voice-note",
    url: "/audio/speech",
    headers: { authorization: "Bearer key" },
    body: { model: "hexgrad/Kokoro-82M", input: "Say it.", voice: "af_alloy", response_format: "opus" },
    mime: "audio/ogg",
  },
  {
    id: "elevenlabs",
    purpose: "voice-note",
    settings: { voiceId: "abcdefghij1234", voiceSettings: { stability: 0.4 } },
    wishes: { speed: 1.2, languageCode: "de" },
    url: "/v1/text-to-speech/abcdefghij1234?output_format=opus_48000_64",
    headers: { "xi-api-key": "key" },
    body: {
      text: "Say it.",
      model_id: "eleven_multilingual_v2",
      language_code: "de",
      voice_settings: { stability: 0.4, speed: 1.2 },
    },
    mime: "audio/ogg",
  },
  {
    id: "azure-speech",
    purpose: "voice-note",
    url: "/cognitiveservices/v1",
    headers: {
      "ocp-apim-subscription-key": "key",
      "x-microsoft-outputformat": "ogg-24khz-16bit-mono-opus",
      "content-type": "application/ssml+xml",
      "user-agent": "OpenClaw",
    },
    body: '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US"><voice name="en-US-JennyNeural">Say it.</voice></speak>',
    mime: "audio/ogg",
  },
  {
    id: "google",
    settings: { voiceName: "Puck" },
    manner: "Style: warm",
    url: "/models/gemini-3.1-flash-tts-preview:generateContent",
    headers: { "x-goog-api-key": "key" },
    body: {
      contents: [{ role: "user", parts: [{ text: "Style: warm\n\nSay it." }] }],
      generationConfig: {
        responseModalities: ["AUDIO"],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Puck" } } },
      },
    },
    answer: json({
      candidates: [
        {
          content: {
            parts: [{ inlineData: { mimeType: "audio/L16;codec=pcm;rate=24000", data: SOUND.toString("base64") } }],
          },
        },
      ],
    }),
    mime: "audio/wav",
  },
  {
    id: "minimax",
    wishes: { pitch: 2.4, volume: 3, emotion: "happy" },
    url: "/v1/t2a_v2",
    headers: { authorization: "Bearer key" },
    body: {
      model: "speech-2.8-hd",
      text: "Say it.",
      stream: false,
      output_format: "hex",
      voice_setting: { voice_id: "English_expressive_narrator", vol: 3, pitch: 2, emotion: "happy" },
      audio_setting: { format: "mp3", sample_rate: 32_000, bitrate: 128_000, channel: 1 },
    },
    answer: json({ data: { audio: SOUND.toString("hex") }, base_resp: { status_code: 0, status_msg: "success" } }),
    sound: SOUND,
    mime: "audio/mpeg",
  },
  {
    id: "xai",
    wishes: { languageCode: "de" },
    url: "/tts",
    headers: { authorization: "Bearer key" },
    body: { text: "Say it.", voice_id: "eve", language: "de", output_format: { codec: "mp3" } },
    mime: "audio/mpeg",
  },
  {
    id: "inworld",
    purpose: "voice-note",
    url: "/tts/v1/voice:stream",
    headers: { authorization: "Basic key" },
    body: {
      text: "Say it.",
      voiceId: "Sarah",
      modelId: "inworld-tts-1.5-max",
      temperature: 0.7,
      audioConfig: { audioEncoding: "OGG_OPUS" },
    },
    answer: `${json({ result: { audioContent: SOUND.subarray(0, 5).toString("base64") } })}\n${json({ result: { audioContent: SOUND.subarray(5).toString("base64") } })}\n`,
    sound: SOUND,
    mime: "audio/ogg",
  },
  {
    id: "xiaomi",
    url: "/chat/completions",
    headers: { "api-key": "key" },
    body: {
      model: "mimo-v2.5-tts",
      audio: { voice: "mimo_default", format: "mp3" },
      messages: [{ role: "assistant", content: "Say it." }],
    },
    answer: json({ choices: [{ message: { audio: { data: SOUND.toString("base64") } } }] }),
    sound: SOUND,
    mime: "audio/mpeg",
  },
  {
    id: "gradium",
    purpose: "voice-note",
    url: "/api/post/speech/tts",
    headers: { "x-api-key": "key" },
    body: {
      text: "Say it.",
      voice_id: "YTpq7expH9539ERJ",
      model_name: "default",
      output_format: "opus",
      only_audio: true,
    },
    answer: OGG,
    sound: OGG,
    mime: "audio/ogg",
  },
  {
    id: "volcengine",
    settings: { apiKey: "key" },
    wishes: { speed: 1.25 },
    url: "/api/v3/tts/unidirectional",
    headers: { "x-api-key": "key", "x-api-resource-id": "seed-tts-1.0" },
    body: {
      user: { uid: "openclaw" },
      req_params: {
        text: "Say it.",
        speaker: "en_female_anna_mars_bigtts",
        audio_params: { format: "mp3", sample_rate: 24_000, speech_rate: 25 },
      },
    },
    // Objects may follow each other with or without a line between them.
    answer: `${json({ code: 0, data: SOUND.subarray(0, 6).toString("base64") })}${json({ code: 0, data: SOUND.subarray(6).toString("base64") })}\n${json({ code: 20_000_000, message: "OK", data: null })}`,
    sound: SOUND,
    mime: "audio/mpeg",
  },
  {
    id: "volcengine",
    purpose: "voice-note",
    settings: { apiKey: undefined, appId: "4711", token: "secret", voice: "zh_female_vv_uranus_bigtts" },
    url: "/api/v3/tts/unidirectional",
    headers: { "x-api-app-id": "4711", "x-api-access-key": "secret", "x-api-resource-id": "seed-tts-1.0" },
    body: {
      user: { uid: "openclaw" },
      req_params: {
        text: "Say it.",
        speaker: "zh_female_vv_uranus_bigtts",
        audio_params: { format: "ogg_opus", sample_rate: 24_000 },
      },
    },
    answer: json({ code: 0, data: SOUND.toString("base64") }),
    sound: SOUND,
    mime: "audio/ogg",
  },
];

describe("what a provider is asked", () => {
  const voices = new FakeVoices();
  let baseUrl = "";
  before(async () => (baseUrl = await voices.start()));
  after(() => voices.close());

  async function ask({ id, purpose = "file", settings = {}, wishes = {}, manner }: Omit<Case, "url" | "mime">) {
    const provider = speechProvider(id);
    assert.ok(provider);
    const { synthesize } = await provider.load();
    const usual = { model: provider.models[0] ?? "", voice: provider.voices[0] ?? "" };
    const access = { baseUrl, headers: {}, ...(provider.vendor === undefined ? {} : { apiKey: "key" }) };
    const { signal } = new AbortController();
    const own = provider.vendor === undefined ? { baseUrl, ...settings } : settings;
    const job = { text: "Say it.", purpose, wishes, settings: own, usual, access, signal };
    return synthesize({ ...job, ...(manner === undefined ? {} : { manner }) }, ioIn("/nowhere"));
  }

  for (const one of CASES)
    it(`is what its documents say: ${one.id}, ${one.purpose ?? "file"}`, async () => {
      voices.answer = (_, response) => response.end(one.answer ?? SOUND);
      const { audio, mimeType } = await ask(one);
      const seen = voices.seen.at(-1);
      assert.equal(seen?.url, one.url);
      for (const [name, value] of Object.entries(one.headers)) assert.equal(seen?.headers[name], value, name);
      assert.deepEqual(typeof one.body === "string" ? seen?.body : JSON.parse(seen?.body ?? ""), one.body);
      assert.equal(mimeType, one.mime);
      if (one.sound) assert.deepEqual(Buffer.from(audio), one.sound);
    });

  for (const id of new Set(CASES.map((one) => one.id)))
    it(`fails with a sentence, not with noise, when it is refused or gets nothing: ${id}`, async () => {
      const settings = { apiKey: "key" };
      voices.answer = (_, response) => response.writeHead(402).end(json({ error: { message: "no credit" } }));
      await assert.rejects(ask({ id, settings, headers: {}, body: "" }), /HTTP 402: no credit/);
      voices.answer = (_, response) => response.end("");
      await assert.rejects(ask({ id, settings, headers: {}, body: "" }), /sent no sound/);
    });

  const broken: [id: string, answer: unknown, says: RegExp][] = [
    ["google", { candidates: [] }, /sent no sound/],
    ["minimax", { base_resp: { status_code: 1004, status_msg: "invalid api key" } }, /invalid api key/],
    ["minimax", { data: { audio: "not hex" } }, /sent no sound/],
    ["xiaomi", { choices: [{ message: {} }] }, /sent no sound/],
    ["volcengine", { code: 45_000_000, message: "speaker permission denied" }, /speaker permission denied/],
    ["volcengine", { code: 20_000_000 }, /sent no sound/],
  ];
  for (const [id, answer, says] of broken)
    it(`says why there is no sound in an answer: ${id}, ${says.source}`, async () => {
      voices.answer = (_, response) => response.end(json(answer));
      await assert.rejects(ask({ id, settings: { apiKey: "key" }, headers: {}, body: "" }), says);
    });

  it("is no address made of a region that is none", async () => {
    const settings = { region: "evil.example/" };
    await assert.rejects(ask({ id: "azure-speech", settings, headers: {}, body: "" }), /is no region/);
  });
});
