import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { quietLog } from "../../../../../test/harness/log.ts";
import { derivedUuid, systemRandom } from "../../base/ids.ts";
import { createSpawn } from "../../base/spawn.ts";
import { systemClock } from "../../base/time.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import type { Access, ModelsService } from "../../models/index.ts";
import { MediaFiles } from "./_store.ts";
import type { Incoming } from "./_store.ts";
import type { LookDeps } from "./_understand/look.ts";
import { chosen, inScope } from "./_understand/select.ts";
import type { Chat } from "./_understand/select.ts";
import { expand } from "./_understand/template.ts";
import { understand } from "./_understand/understand.ts";
import type { Situation } from "./_understand/understand.ts";
import type { CapabilitySettings } from "./_understand/settings.ts";

const state = mkdtempSync(join(tmpdir(), "openclaw-understand-"));
const spawn = createSpawn();
after(async () => {
  await spawn.killAll(0);
  rmSync(state, { recursive: true, force: true });
});
const files = new MediaFiles(state);
let nth = 0;
const OGG = `OggS${"x".repeat(2000)}`;

const sound = (more: Partial<Incoming> = {}, content = OGG) =>
  files.keep({
    id: derivedUuid(`s${(nth += 1)}`),
    body: [Buffer.from(content, "latin1")],
    maxBytes: 1e8,
    at: 1,
    ...more,
  });
const picture = () => sound({}, "\u0089PNG\r\n\u001a\n".concat("x".repeat(2000)));

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** FAKE of providers: `answers` by host; `keys` are those that are set up. */
function world(
  media: unknown,
  { answers = {}, keys = [] }: { answers?: Record<string, unknown>; keys?: readonly string[] } = {},
) {
  const asked: Asked[] = [];
  const fetch = (async (url: string, options: { headers: Record<string, string>; body: Uint8Array | string }) => {
    asked.push({ url, headers: options.headers, body: Buffer.from(options.body).toString("latin1") });
    const answer = answers[new URL(url).host];
    if (typeof answer === "number") return new Response(`no, sk-${new URL(url).host}`, { status: answer });
    return new Response(JSON.stringify(answer ?? {}));
  }) as unknown as Platform["fetch"];
  const access = async (provider: string): Promise<Access> => {
    if (!keys.includes(provider)) throw new Error(`no key for ${provider}`);
    return { provider, baseUrl: "", apiKey: `key-${provider}`, headers: {}, configured: false };
  };
  const platform = {
    clock: systemClock,
    random: systemRandom,
    env: { PATH: "/nowhere" },
    fetch,
    spawn,
    paths: { state, home: state, config: "" },
  } as unknown as Platform;
  const deps: LookDeps = {
    use: (async () => ({ access }) as unknown as ModelsService) as unknown as Use,
    platform,
    log: quietLog,
    files,
    pictures: () => assert.fail("no picture is made smaller here"),
  };
  const at = (path: string): unknown =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], {
      tools: { media },
    });
  const situation: Situation = {
    config: { at } as unknown as ConfigSnapshot,
    agentId: "main",
    sessionKey: "agent:main:telegram:direct:1",
    channel: "telegram",
    chatType: "direct",
    seesImages: true,
    signal: new AbortController().signal,
  };
  return { deps, situation, asked };
}

const hosts = {
  "api.openai.com": { text: "from openai" },
  "api.groq.com": { text: "from groq" },
  "api.mistral.ai": { text: "from mistral" },
  "api.deepinfra.com": { text: "from deepinfra" },
  "api.x.ai": { text: "from xai" },
  "api.elevenlabs.io": { text: "from elevenlabs" },
  "api.deepgram.com": { results: { channels: [{ alternatives: [{ transcript: "from deepgram" }] }] } },
  "generativelanguage.googleapis.com": {
    candidates: [{ content: { parts: [{ text: "thinking", thought: true }, { text: "from google" }] } }],
  },
  "openrouter.ai": { choices: [{ message: { content: "from openrouter" } }] },
};

const wires: [provider: string, url: string, header: [string, string], inBody: RegExp][] = [
  [
    "openai",
    "https://api.openai.com/v1/audio/transcriptions",
    ["authorization", "Bearer key-openai"],
    /name="model"\r\n\r\ngpt-4o-mini-transcribe/,
  ],
  [
    "groq",
    "https://api.groq.com/openai/v1/audio/transcriptions",
    ["authorization", "Bearer key-groq"],
    /whisper-large-v3-turbo/,
  ],
  [
    "mistral",
    "https://api.mistral.ai/v1/audio/transcriptions",
    ["authorization", "Bearer key-mistral"],
    /voxtral-mini-latest/,
  ],
  [
    "deepinfra",
    "https://api.deepinfra.com/v1/openai/audio/transcriptions",
    ["authorization", "Bearer key-deepinfra"],
    /openai\/whisper-large-v3-turbo/,
  ],
  ["xai", "https://api.x.ai/v1/stt", ["authorization", "Bearer key-xai"], /grok-stt/],
  [
    "elevenlabs",
    "https://api.elevenlabs.io/v1/speech-to-text",
    ["xi-api-key", "key-elevenlabs"],
    /name="model_id"\r\n\r\nscribe_v2/,
  ],
  [
    "deepgram",
    "https://api.deepgram.com/v1/listen?model=nova-3&language=de&smart_format=true",
    ["authorization", "Token key-deepgram"],
    /^OggS/,
  ],
  [
    "google",
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-3-flash-preview:generateContent",
    ["x-goog-api-key", "key-google"],
    /"mime_type":"audio\/ogg"/,
  ],
];
for (const [provider, url, [header, value], inBody] of wires)
  test(`${provider} is asked as it documents it`, async () => {
    const { deps, situation, asked } = world(
      { audio: { models: [{ provider }], language: "de", providerOptions: { deepgram: { smart_format: true } } } },
      { answers: hosts, keys: [provider] },
    );
    const understood = await understand(deps, [await sound()], situation);
    assert.equal(understood?.transcript, `from ${provider}`);
    assert.deepEqual([asked[0]?.url, asked[0]?.headers[header]], [url, value]);
    assert.match(asked[0]?.body ?? "", inBody);
  });

test("openrouter hears through a chat with the model that is named", async () => {
  const { deps, situation } = world(
    { audio: { models: [{ provider: "openrouter" }, { provider: "openrouter", model: "a/b" }] } },
    { answers: hosts, keys: ["openrouter"] },
  );
  assert.equal((await understand(deps, [await sound()], situation))?.line, "audio ok (openrouter/a/b)");
});

test("an entry without a key, one that fails, and one that says nothing give way to the next", async () => {
  const { deps, situation, asked } = world(
    { audio: { models: ["mistral", "openai", "groq", "deepgram"].map((provider) => ({ provider })) } },
    {
      answers: { ...hosts, "api.openai.com": 500, "api.groq.com": { text: "  " } },
      keys: ["openai", "groq", "deepgram"],
    },
  );
  const understood = await understand(deps, [await sound()], situation);
  assert.equal(understood?.transcript, "from deepgram");
  assert.equal(asked.length, 3);
});

test("nobody answers: the outcome says why, without the key", async () => {
  const { deps, situation } = world(
    { audio: { models: [{ provider: "openai" }] } },
    { answers: { "api.openai.com": 401 }, keys: ["openai"] },
  );
  const understood = await understand(deps, [await sound()], situation);
  assert.match(understood?.line ?? "", /^audio failed \(status 401/);
  assert.doesNotMatch(understood?.line ?? "", /key-openai/);
  assert.equal(understood?.transcript, undefined);
  assert.equal(understood?.body("hi"), "hi");
});

test("sound of four hours and sound of nothing are skipped before anybody is asked", async () => {
  const { deps, situation, asked } = world({ audio: { models: [{ provider: "openai" }] } }, { keys: ["openai"] });
  const long = { ...(await sound()), bytes: 230_000_000 };
  assert.equal((await understand(deps, [long], situation))?.line, "audio skipped (maxBytes)");
  const short = await sound({}, "OggS tiny");
  assert.equal((await understand(deps, [short], situation))?.line, "audio skipped (empty)");
  assert.equal(asked.length, 0);
});

test("an entry may take more than its capability does", async () => {
  const { deps, situation } = world(
    { audio: { maxBytes: 100, models: [{ provider: "openai" }, { provider: "groq", maxBytes: 1e6 }] } },
    { answers: hosts, keys: ["openai", "groq"] },
  );
  assert.equal((await understand(deps, [await sound()], situation))?.line, "audio ok (groq/whisper-large-v3-turbo)");
});

test("a second attempt asks nobody", async () => {
  const { deps, situation, asked } = world(
    { audio: { models: [{ provider: "openai" }] } },
    { answers: hosts, keys: ["openai"] },
  );
  const file = await sound();
  await understand(deps, [file], situation);
  assert.equal((await understand(deps, [file], situation))?.transcript, "from openai");
  assert.equal(asked.length, 1);
});

test("pictures are left to a model that sees", async () => {
  const { deps, situation } = world({ image: { models: [{ provider: "openai", model: "x" }] } });
  assert.equal((await understand(deps, [await picture()], situation))?.line, "image skipped (native)");
});

test("nobody set anything up: a voice note is heard, a song is not, and nothing when it is off", async () => {
  const heard = async (media: unknown, isVoice: boolean) => {
    const { deps, situation } = world(media, { answers: hosts, keys: ["groq", "openai"] });
    return (await understand(deps, [await sound({ isVoice })], situation))?.line;
  };
  assert.equal(await heard({}, true), "audio ok (openai/gpt-4o-mini-transcribe)");
  assert.equal(await heard({}, false), undefined);
  assert.equal(await heard({ audio: { enabled: true } }, false), "audio ok (openai/gpt-4o-mini-transcribe)");
  assert.equal(await heard({ audio: { enabled: false, models: [{ provider: "openai" }] } }, true), undefined);
});

test("blocks stand in the order of the files, numbered where there are several, with what was written first", async () => {
  const { deps, situation } = world(
    { audio: { models: [{ provider: "openai" }], attachments: { mode: "all", maxAttachments: 2 } } },
    { answers: hosts, keys: ["openai"] },
  );
  const one = await sound();
  assert.equal(
    (await understand(deps, [one], situation))?.body("listen"),
    "[Audio]\nUser text:\nlisten\nTranscript:\nfrom openai",
  );
  const both = await understand(deps, [one, await sound(), await sound()], situation);
  assert.equal(
    both?.body("listen"),
    "User text:\nlisten\n[Audio 1/2]\nTranscript:\nfrom openai\n[Audio 2/2]\nTranscript:\nfrom openai",
  );
  assert.equal(both?.transcript, "from openai\nfrom openai");
});

test("the shared list comes after the own one, by what each provider is known for", async () => {
  const { deps, situation } = world(
    { models: [{ provider: "openai" }, { provider: "groq" }], audio: { models: [{ provider: "mistral" }] } },
    { answers: hosts, keys: ["openai", "groq"] },
  );
  assert.equal((await understand(deps, [await sound()], situation))?.line, "audio ok (groq/whisper-large-v3-turbo)");
});

const program = (args: readonly string[], more: object = {}) => ({
  audio: { models: [{ type: "cli", command: "/bin/sh", args: ["-c", ...args], ...more }] },
});

const programs: [title: string, media: unknown, line: RegExp, transcript?: string][] = [
  ["what a program prints is the answer", program(["echo heard; exit 0"]), /ok \(cli\/sh\)/, "heard"],
  ["a program that fails gives way", program(["echo heard; exit 3"]), /failed \(it ended with code 3\)/],
  ["a program that prints without end is ended", program(["/usr/bin/yes"]), /failed \(it printed more than/],
  [
    "a program that never ends is ended",
    program(["/bin/sleep 100"], { timeoutSeconds: 1 }),
    /failed \(no answer within 1 s\)/,
  ],
  [
    "the one text file that a program wrote is the answer, where it prints nothing",
    program(['echo written > "$1/out.txt"', "sh", "{{OutputDir}}"]),
    /ok/,
    "written",
  ],
  [
    "two text files are none",
    program(['echo a > "$1/a.txt"; echo b > "$1/b.txt"', "sh", "{{OutputDir}}"]),
    /failed \(the answer was empty\)/,
  ],
  [
    "a program that is not there gives way",
    { audio: { models: [{ type: "cli", command: "/nowhere/whisper" }] } },
    /failed/,
  ],
];
for (const [title, media, line, transcript] of programs)
  test(title, async () => {
    const { deps, situation } = world(media);
    const understood = await understand(deps, [await sound()], situation);
    assert.match(understood?.line ?? "", line);
    assert.equal(understood?.transcript, transcript);
    // A program that is ended takes its folder along a moment later.
    const tmp = join(state, "media", "tmp");
    while (readdirSync(tmp).length > 0) await new Promise((resolve) => setImmediate(resolve));
  });

test("a longer answer is cut between characters", async () => {
  const { deps, situation } = world(program(["printf '🦞🦞🦞🦞'"], { maxChars: 5 }));
  const { transcript = "" } = (await understand(deps, [await sound()], situation)) ?? {};
  assert.match(transcript, /^🦞+$/u);
  assert.ok(transcript.length <= 5);
});

test("templates know names with blanks, in their case, and nothing else", () => {
  const values = { MediaPath: "/a b", Prompt: "{{MediaPath}}" };
  assert.equal(
    expand("{{ MediaPath }}|{{mediapath}}|{{Unknown}}|{{constructor}}|{{Prompt}}|{x}", values),
    "/a b||||{{MediaPath}}|{x}",
  );
});

const chat: Chat = { channel: "telegram", chatType: "direct", sessionKey: "agent:main:main" };
const scopes: [title: string, scope: CapabilitySettings["scope"], expected: boolean][] = [
  ["no scope allows", undefined, true],
  ["the default counts where no rule fits", { default: "deny" }, false],
  [
    "the first rule that fits counts",
    { default: "deny", rules: [{ action: "allow", match: { channel: "Telegram" } }, { action: "deny" }] },
    true,
  ],
  ["all of a rule must fit", { rules: [{ action: "deny", match: { channel: "telegram", chatType: "group" } }] }, true],
  [
    "a rule may name the beginning of the key",
    { rules: [{ action: "deny", match: { keyPrefix: "agent:main:" } }] },
    false,
  ],
];
for (const [title, scope, expected] of scopes)
  test(title, () => assert.equal(inScope({ ...(scope && { scope }) }, chat), expected));

test("which files are looked at: the first, the last, or as many as said", async () => {
  const given = await Promise.all([sound(), picture(), sound(), sound()]);
  const of = (attachments: CapabilitySettings["attachments"]) =>
    chosen(given, "audio", { ...(attachments && { attachments }) }).map((file) => given.indexOf(file));
  assert.deepEqual(of(undefined), [0]);
  assert.deepEqual(of({ prefer: "last" }), [3]);
  assert.deepEqual(of({ mode: "all", maxAttachments: 2 }), [0, 2]);
  assert.deepEqual(of({ mode: "all", maxAttachments: 2, prefer: "last" }), [2, 3]);
});
