/**
 * Files that people send, by the built gateway over a fake Telegram: pictures, voice notes, documents, albums, what is
 * too large, what is no picture, and a crash in between.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync, chmodSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { startModelServer } from "../fakes/model-server.ts";
import type { ModelServer, Reply, Script, SeenRequest } from "../fakes/model-server.ts";
import { startSpeech } from "../fakes/speech.ts";
import type { FakeSpeech } from "../fakes/speech.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Overlay, Place, Running } from "../harness/gateway.ts";

const CHAT = 11;
const VOICE = Buffer.concat([Buffer.from("OggS"), Buffer.alloc(3000, 7)]);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const says = (...text: string[]): Reply => ({ text }) as Reply;
const photo = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#3a6" } })
    .jpeg()
    .toBuffer();

interface World {
  readonly telegram: FakeTelegram;
  readonly model: ModelServer;
  readonly speech: FakeSpeech;
  readonly place: Place;
  gateway: Running;
  texts(): string[];
  send(more: Readonly<Record<string, unknown>>): void;
}

const SEEING = {
  id: "fake-1",
  name: "Fake",
  reasoning: false,
  input: ["text", "image"],
  contextWindow: 200_000,
  maxTokens: 8192,
};

async function within(
  script: Script,
  overlay: (speech: FakeSpeech, modelUrl: string) => Overlay,
  body: (world: World) => Promise<void>,
): Promise<void> {
  const telegram = await FakeTelegram.start();
  const speech = await startSpeech();
  const model = await startModelServer({ api: "openai-completions", script });
  const place = await makePlace(model.url, {
    channels: {
      telegram: { botToken: telegram.token, apiRoot: telegram.url, allowFrom: [CHAT], dmPolicy: "allowlist" },
    },
    ...overlay(speech, model.url),
  });
  const given: World = {
    telegram,
    model,
    speech,
    place,
    gateway: await start(place),
    texts: () => telegram.chats.standing(CHAT).map(({ text }) => text),
    send: (more) => void telegram.inject({ chat: CHAT, more }),
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

const seeing = (_: FakeSpeech, baseUrl: string): Overlay => ({
  models: { providers: { fake: { baseUrl, apiKey: "sk-fake", api: "openai-completions", models: [SEEING] } } },
});
const hearing = (speech: FakeSpeech): Overlay => ({
  tools: { media: { audio: { enabled: true, baseUrl: speech.url, models: [{ provider: "openai" }] } } },
  env: { vars: { OPENAI_API_KEY: "sk-speech" } },
});

async function until(what: string, ready: () => boolean, seconds = 20): Promise<void> {
  for (let i = 0; i < seconds * 50; i += 1) {
    if (ready()) return;
    await pause(20);
  }
  assert.fail(`not within ${seconds} s: ${what}`);
}

/** The newest message of the user, as the model got it. */
function told(request: SeenRequest | undefined): { text: string; images: string[] } {
  const messages = (request?.body["messages"] ?? []) as { role: string; content: unknown }[];
  const content = messages.findLast(({ role }) => role === "user")?.content;
  if (typeof content === "string") return { text: content, images: [] };
  const parts = (content ?? []) as { type: string; text?: string; image_url?: { url: string } }[];
  return {
    text: parts.flatMap((part) => part.text ?? []).join("\n"),
    images: parts.flatMap((part) => part.image_url?.url ?? []),
  };
}

test("a photo is seen by a model that sees, made to fit, and lies in the workspace", () =>
  within(says("A green field."), seeing, async (world) => {
    const id = world.telegram.upload(await photo(3000, 1500), { path: "photos/file", type: "image/jpeg" });
    world.send({ photo: [{ file_id: "none" }, { file_id: id }], caption: "What is this?" });
    await until("the answer", () => world.texts().includes("A green field."));
    const { text, images } = told(world.model.requests.at(-1));
    assert.match(text, /\[media attached: media\/inbound\/image-\w+\.jpg \(image\/jpeg, [\d.]+ KB\)\]\nWhat is this\?/);
    const seen = Buffer.from(images[0]?.split(",")[1] ?? "", "base64");
    assert.deepEqual(
      await sharp(seen)
        .metadata()
        .then(({ width, height }) => [width, height]),
      [2000, 1000],
    );
    assert.equal(readdirSync(join(world.place.home, "workspace", "media", "inbound")).length, 1);
    const stored = readdirSync(join(world.place.state, "media", "inbound"));
    assert.equal(stored.filter((name) => name.endsWith(".jpg")).length, 1);
  }));

test("a model that does not see gets a reference, and no picture", () =>
  within(
    says("I cannot see it."),
    () => ({}),
    async (world) => {
      const id = world.telegram.upload(await photo(60, 30), { path: "photos/file", type: "image/jpeg" });
      world.send({ photo: [{ file_id: id }] });
      await until("the answer", () => world.texts().includes("I cannot see it."));
      const { text, images } = told(world.model.requests.at(-1));
      assert.match(text, /\[media attached: media:\/\/inbound\/[0-9a-f-]{36} \(image\/jpeg, /);
      assert.deepEqual(images, []);
    },
  ));

test("a model that does not see is told what another one saw", () =>
  within(
    ({ body }) => says(body["model"] === "eyes" ? "A green field under the sky." : "Nice field."),
    (_, baseUrl) => ({
      models: {
        providers: {
          fake: {
            baseUrl,
            apiKey: "sk-fake",
            api: "openai-completions",
            models: [{ ...SEEING, input: ["text"] }],
          },
        },
      },
      tools: { media: { image: { models: [{ provider: "fake", model: "eyes" }] } } },
    }),
    async (world) => {
      const id = world.telegram.upload(await photo(60, 30), { path: "photos/file", type: "image/jpeg" });
      world.send({ photo: [{ file_id: id }], caption: "where is this?" });
      await until("the answer", () => world.texts().includes("Nice field."));
      const [looked, asked] = world.model.requests;
      assert.equal(told(looked).images.length, 1);
      assert.match(told(looked).text, /Describe the image\. Use at most 500 characters\./);
      const text = /\[Image\]\nUser text:\nwhere is this\?\nDescription:\nA green field under the sky\.$/;
      assert.match(told(asked).text, text);
      assert.deepEqual(told(asked).images, []);
    },
  ));

test("an album is one message", () =>
  within(says("Three fields."), seeing, async (world) => {
    for (const size of [40, 50, 60]) {
      const id = world.telegram.upload(await photo(size, size), { path: `photos/${size}`, type: "image/jpeg" });
      const caption = size === 40 ? { caption: "all of these" } : {};
      world.send({ photo: [{ file_id: id }], media_group_id: "77", ...caption });
    }
    await until("the answer", () => world.texts().includes("Three fields."));
    assert.equal(world.model.requests.length, 1);
    const { text, images } = told(world.model.requests[0]);
    assert.equal(images.length, 3);
    assert.match(text, /all of these/);
  }));

test("a voice note is heard, and what was spoken is read", () =>
  within(says("You are welcome."), hearing, async (world) => {
    world.speech.says = "thank you very much";
    const id = world.telegram.upload(VOICE, { path: "voice/file", type: "audio/ogg" });
    world.send({ voice: { file_id: id, duration: 2, mime_type: "audio/ogg" } });
    await until("the answer", () => world.texts().includes("You are welcome."));
    const [heard] = world.speech.heard;
    assert.deepEqual(
      [heard?.path, heard?.authorization, heard?.model, heard?.bytes],
      ["/v1/audio/transcriptions", "Bearer sk-speech", "gpt-4o-mini-transcribe", VOICE.length],
    );
    assert.match(told(world.model.requests.at(-1)).text, /\[Audio\]\nTranscript:\nthank you very much/);
  }));

test("a spoken command is one", () =>
  within(says("never asked"), hearing, async (world) => {
    world.speech.says = "/status";
    const id = world.telegram.upload(VOICE, { path: "voice/file", type: "audio/ogg" });
    world.send({ voice: { file_id: id, duration: 2 } });
    await until("the card", () => world.texts().some((text) => text.includes("OpenClaw")));
    assert.match(world.texts().join("\n"), /📎 Media: audio ok \(openai\/gpt-4o-mini-transcribe\)/);
    assert.equal(world.model.requests.length, 0);
  }));

test("when nobody hears it, the message runs all the same", () =>
  within(says("I got a voice note."), hearing, async (world) => {
    world.speech.says = 500;
    const id = world.telegram.upload(VOICE, { path: "voice/file", type: "audio/ogg" });
    world.send({ voice: { file_id: id, duration: 2 } });
    await until("the answer", () => world.texts().includes("I got a voice note."));
    assert.match(told(world.model.requests.at(-1)).text, /\[media attached: media\/inbound\/audio-\w+\.ogg/);
  }));

test("a program that hears is asked without a shell, and one that never ends is ended", () =>
  within(
    says("Heard."),
    () => ({
      tools: {
        media: {
          audio: {
            enabled: true,
            models: [
              { type: "cli", command: "/bin/sh", args: ["-c", "sleep 100"], timeoutSeconds: 1 },
              { type: "cli", command: "/bin/sh", args: ["-c", "yes"], timeoutSeconds: 20 },
              { type: "cli", command: "/bin/echo", args: ["$(id)", "{{ MediaType }}"] },
            ],
          },
        },
      },
    }),
    async (world) => {
      const id = world.telegram.upload(VOICE, { path: "voice/file", type: "audio/ogg" });
      world.send({ voice: { file_id: id, duration: 2 } });
      await until("the answer", () => world.texts().includes("Heard."));
      assert.match(told(world.model.requests.at(-1)).text, /Transcript:\n\$\(id\) audio\/ogg/);
    },
  ));

test("a document is a line with its path, and its name leads nowhere else", () =>
  within(
    says("Read it."),
    () => ({}),
    async (world) => {
      const id = world.telegram.upload(Buffer.from("a,b\n1,2\n"), { path: "documents/x", type: "text/csv" });
      world.send({ document: { file_id: id, file_name: "../../../etc/../table.csv", mime_type: "text/csv" } });
      await until("the answer", () => world.texts().includes("Read it."));
      assert.match(
        told(world.model.requests.at(-1)).text,
        /\[media attached: media\/inbound\/table\.csv \(text\/csv, 8 bytes\)\]/,
      );
      assert.equal(readFileSync(join(world.place.home, "workspace/media/inbound/table.csv"), "utf8"), "a,b\n1,2\n");
    },
  ));

test("what is too large, no picture or a bomb is a note, and the message runs", () =>
  within(says("All right."), seeing, async (world) => {
    const { telegram } = world;
    const large = telegram.upload(Buffer.alloc(6 * 1024 * 1024, 1), { path: "documents/large" });
    const page = telegram.upload(Buffer.from("<!doctype html><p>Sign in"), { path: "photos/page", type: "image/jpeg" });
    const bomb = Buffer.from(
      "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0....IEND....",
      "latin1",
    );
    const huge = telegram.upload(bomb, { path: "photos/bomb", type: "image/png" });
    world.send({ document: { file_id: large, file_size: 6 * 1024 * 1024 }, caption: "one" });
    await until("the first answer", () => world.model.requests.length === 1);
    assert.match(told(world.model.requests[0]).text, /\[media omitted: 6 MB exceeds 5 MB limit\]\none/);
    assert.deepEqual(telegram.downloads, []);
    await until("it is said", () => world.texts().length === 1);
    world.send({ photo: [{ file_id: page }], caption: "two" });
    await until("the second answer", () => world.model.requests.length === 2);
    assert.match(told(world.model.requests[1]).text, /\[media omitted: .*web page.*\]\ntwo/);
    await until("it is said", () => world.texts().length === 2);
    world.send({ photo: [{ file_id: huge }], caption: "three" });
    await until("the third answer", () => world.model.requests.length === 3);
    const third = told(world.model.requests[2]);
    assert.match(third.text, /\[media omitted: .*60000 × 60000 pixels/);
    assert.deepEqual(third.images, []);
  }));

test("strangers' files are not fetched", () =>
  within(
    says("never"),
    () => ({}),
    async (world) => {
      const id = world.telegram.upload(VOICE);
      world.telegram.inject({ chat: 666, more: { voice: { file_id: id, duration: 2 } } });
      await until("it is confirmed", () => world.telegram.unconfirmed === 0);
      await pause(500);
      assert.deepEqual(world.telegram.downloads, []);
      assert.equal(existsSync(join(world.place.state, "media", "inbound")), false);
    },
  ));

test("a connection that breaks in the middle of a file is made again", () =>
  within(
    says("Got it."),
    () => ({}),
    async (world) => {
      const id = world.telegram.upload(Buffer.alloc(50_000, 65), { path: "documents/x", type: "text/plain" });
      let broken = 0;
      world.telegram.mishap = ({ method }) => (method === "file" && (broken += 1) === 1 ? "drop-after" : undefined);
      world.send({ document: { file_id: id, file_name: "a.txt" } });
      await until("the answer", () => world.texts().includes("Got it."));
      assert.equal(readFileSync(join(world.place.home, "workspace/media/inbound/a.txt")).length, 50_000);
    },
  ));

test("a death while a voice note is heard costs nothing twice", () =>
  within(says("Welcome back."), hearing, async (world) => {
    world.speech.says = "hang";
    const id = world.telegram.upload(VOICE, { path: "voice/file", type: "audio/ogg" });
    world.send({ voice: { file_id: id, duration: 2 } });
    await until("it is asked", () => world.speech.heard.length === 1);
    await world.gateway.kill();
    world.speech.says = "I am back";
    world.gateway = await start(world.place);
    await until("the answer", () => world.texts().includes("Welcome back."));
    assert.equal(world.telegram.downloads.length, 1);
    assert.equal(world.speech.heard.length, 2);
  }));

test("while a voice note is heard, a command is answered, and what is written waits for its turn", () =>
  within(
    ({ body }) => says(JSON.stringify(body).includes("and then this") ? "Both." : "One."),
    hearing,
    async (world) => {
      world.speech.says = "hang";
      const id = world.telegram.upload(VOICE, { path: "voice/file", type: "audio/ogg" });
      world.send({ voice: { file_id: id, duration: 2 } });
      await until("it is asked", () => world.speech.heard.length === 1);
      world.send({ text: "and then this" });
      world.send({ text: "/status" });
      await until("the card", () => world.texts().some((text) => text.includes("OpenClaw")));
      assert.equal(world.model.requests.length, 0);
      world.speech.says = "first this";
      await world.gateway.kill();
      world.gateway = await start(world.place);
      await until("both are answered", () => world.texts().includes("Both."));
      const spoken = world.model.requests.map((request) => told(request).text);
      const first = spoken.findIndex((text) => text.includes("first this"));
      const second = spoken.findIndex((text) => text.includes("and then this"));
      assert.ok(first >= 0 && first <= second);
    },
  ));

test("a picture of the workspace is sent, made to fit", () =>
  within(
    says("Here.\nMEDIA:big.png"),
    () => ({}),
    async (world) => {
      const path = join(world.place.home, "workspace", "big.png");
      await until(
        "the workspace",
        () => existsSync(join(world.place.home, "workspace")) || (world.send({ text: "hi" }), false),
        5,
      );
      writeFileSync(
        path,
        await sharp({ create: { width: 4000, height: 100, channels: 3, background: "#00f" } })
          .png()
          .toBuffer(),
      );
      chmodSync(path, 0o600);
      world.send({ text: "send it" });
      await until("the picture", () => world.telegram.sent.some(({ file }) => file?.method === "sendPhoto"));
    },
  ));

test("attachments of chat.send: a picture is seen, a document is a path, a lie and a bomb are refused", () =>
  within(says("Seen."), seeing, async ({ gateway, model, place }) => {
    const sent = (idempotencyKey: string, attachments: readonly object[]) =>
      gateway.client.request("chat.send", { sessionKey: "main", message: "look", idempotencyKey, attachments });
    const picture = await photo(2600, 1300);
    await sent("one", [
      { type: "image", mimeType: "image/jpeg", fileName: "field.jpg", content: picture.toString("base64") },
      { mimeType: "text/plain", fileName: "notes.txt", content: Buffer.from("milk, eggs").toString("base64") },
    ]);
    await until("it is asked", () => model.requests.length === 1);
    const { text, images } = told(model.requests[0]);
    assert.match(text, /\[media attached: media\/inbound\/notes\.txt \(text\/plain, 10 bytes\)\]\nlook/);
    assert.equal(images.length, 1);
    assert.equal(readFileSync(join(place.home, "workspace/media/inbound/notes.txt"), "utf8"), "milk, eggs");
    const lie = { mimeType: "image/png", content: Buffer.from("no picture").toString("base64") };
    await assert.rejects(sent("two", [lie]), /not the picture/);
    const bomb = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0....IEND", "latin1");
    await assert.rejects(sent("three", [{ mimeType: "image/png", content: bomb.toString("base64") }]), /too many/);
    assert.equal(model.requests.length, 1);
  }));
