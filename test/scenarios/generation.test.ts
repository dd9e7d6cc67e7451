/**
 * Pictures and videos that the assistant makes, by the built gateway over a fake Telegram and fake providers: a picture
 * as photo, a video through a crash, a video whose telling fails, and the same from the command line.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { MP4, PNG, startGeneration } from "../fakes/generation.ts";
import type { FakeGeneration } from "../fakes/generation.ts";
import { startModelServer } from "../fakes/model-server.ts";
import type { ModelServer, Reply, SeenRequest } from "../fakes/model-server.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { COMMAND, makePlace, start } from "../harness/gateway.ts";
import type { Place, Running } from "../harness/gateway.ts";
import { until } from "../harness/until.ts";

const CHAT = 11;
const says = (text: string): Reply => ({ text: [text] }) as Reply;
const calls = (name: string, args: object): Reply =>
  ({ calls: [{ id: "call_1", name, arguments: JSON.stringify(args) }] }) as Reply;

interface World {
  readonly telegram: FakeTelegram;
  readonly maker: FakeGeneration;
  readonly model: ModelServer;
  readonly place: Place;
  gateway: Running;
  send(text: string): void;
}

/** The last message that the model was sent, as text. */
function told(request: SeenRequest): { role: string; text: string } {
  const { role = "", content } =
    ((request.body["messages"] ?? []) as { role: string; content: unknown }[]).at(-1) ?? {};
  const parts = Array.isArray(content)
    ? (content as { text?: string }[]).map(({ text }) => text ?? "")
    : [String(content)];
  return { role, text: parts.join("\n") };
}

/** Sends what it is given to send, as an assistant does. */
function assistant(begin: Reply, onWake?: Reply) {
  return (request: SeenRequest): Reply => {
    const { role, text } = told(request);
    const media = /^MEDIA:.+$/m.exec(text)?.[0];
    if (role === "tool") return says(media === undefined ? "It takes some minutes." : `Here it is.\n${media}`);
    if (text.includes("that you started (task"))
      return onWake ?? says(media === undefined ? "It failed." : `Ready.\n${media}`);
    return begin;
  };
}

async function within(script: (request: SeenRequest) => Reply, body: (world: World) => Promise<void>): Promise<void> {
  const telegram = await FakeTelegram.start();
  const maker = await startGeneration();
  const model = await startModelServer({ api: "openai-completions", script });
  const provider = (id: string) => ({ baseUrl: `${maker.url}/${id}`, apiKey: "sk-maker-0123456789", models: [] });
  const place = await makePlace(model.url, {
    channels: {
      telegram: { botToken: telegram.token, apiRoot: telegram.url, allowFrom: [CHAT], dmPolicy: "allowlist" },
    },
    models: { providers: { openai: provider("openai"), google: provider("google") } },
  });
  const world: World = {
    telegram,
    maker,
    model,
    place,
    gateway: await start(place),
    send: (text) => void telegram.inject({ chat: CHAT, text }),
  };
  try {
    await body(world);
    assert.deepEqual(telegram.complaints, []);
  } finally {
    await world.gateway.kill();
    await Promise.all([telegram.stop(), model.close(), maker.close()]);
    place.end();
  }
}

const files = ({ telegram }: World) => telegram.chats.standing(CHAT).flatMap(({ file }) => file ?? []);

test("a picture that was asked for arrives as a photo", () =>
  within(assistant(calls("image_generate", { prompt: "a lighthouse", model: "openai" })), async (world) => {
    world.send("Draw me a lighthouse");
    await until(() => files(world).length > 0);
    assert.deepEqual(
      files(world).map(({ method }) => method),
      ["sendPhoto"],
    );
    assert.equal(world.telegram.chats.standing(CHAT)[0]?.text, "Here it is.");
    assert.equal(world.maker.paid, 1);
  }));

test("a video comes by itself, also when the gateway is killed meanwhile, and is paid for once", () =>
  within(assistant(calls("video_generate", { prompt: "a storm", model: "google" })), async (world) => {
    world.maker.pending = Number.MAX_SAFE_INTEGER;
    world.send("Make a video of a storm");
    await until(() => world.maker.seen.some(({ path }) => path.includes("/operations/")));
    await until(() => world.telegram.chats.standing(CHAT).some(({ text }) => text === "It takes some minutes."));
    await world.gateway.kill();
    world.maker.pending = 0;
    world.gateway = await start(world.place);
    await until(() => files(world).length > 0);
    assert.deepEqual(
      files(world).map(({ method, bytes }) => [method, bytes]),
      [["sendVideo", MP4.length]],
    );
    assert.equal(world.maker.paid, 1);
  }));

test("a video whose session cannot tell it is delivered as it is, once", () =>
  within(
    assistant(calls("video_generate", { prompt: "a storm", model: "google" }), {
      kind: "refuse",
      status: 400,
      message: "bad request",
    } as Reply),
    async (world) => {
      world.send("Make a video of a storm");
      const cards = () => world.telegram.chats.standing(CHAT).filter(({ text }) => text.includes("Session:")).length;
      await until(() => files(world).length > 0);
      // What stands behind it in the chat was said: the network has confirmed the file.
      world.send("/status");
      await until(() => cards() === 1);
      await world.gateway.kill();
      world.gateway = await start(world.place);
      world.send("/status");
      await until(() => cards() === 2);
      assert.equal(files(world).length, 1);
      assert.equal(world.maker.paid, 1);
    },
  ));

test("the command line makes a picture without a gateway", () =>
  within(
    () => says("unused"),
    async ({ place, maker }) => {
      const path = join(place.home, "light.png");
      const args = ["infer", "image", "generate", "--prompt", "a lighthouse", "--model", "openai/gpt-image-2"];
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [COMMAND, ...args, "--aspect-ratio", "16:9", "--output", path, "--json"],
        { env: place.env },
      );
      const answer = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual(
        [answer["ok"], answer["capability"], answer["provider"], answer["model"]],
        [true, "image.generate", "openai", "gpt-image-2"],
      );
      assert.deepEqual(readFileSync(path), PNG);
      assert.equal(maker.paid, 1);
    },
  ));
