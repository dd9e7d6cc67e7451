/**
 * A conversation with tools over each protocol of a vendor, by the built gateway: the fake servers refuse what the
 * vendors refuse, so every request that is answered was sound; also after the process was killed between two turns.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import type { Reply, SeenRequest, WireApi } from "../fakes/model-server.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { makePlace, start } from "../harness/gateway.ts";

const CHAT = 11;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const PROOF = Buffer.from("FAKE proof of a thought").toString("base64");

async function until(what: string, ready: () => boolean): Promise<void> {
  for (let i = 0; i < 1000; i += 1) {
    if (ready()) return;
    await pause(20);
  }
  assert.fail(`not within 20 s: ${what}`);
}

/** Looks before it answers; knows by the request where it stands. */
function answerTo({ raw }: SeenRequest): Reply {
  if (raw.includes("and again")) return { text: ["The second answer."] };
  if (raw.includes("call1")) return { text: ["The first answer."], thinking: ["Found."], signature: PROOF };
  return {
    thinking: ["Let me look."],
    signature: PROOF,
    text: ["I look."],
    calls: [{ id: "call1", name: "session_status", arguments: "{}" }],
  };
}

const PROTOCOLS: Readonly<Partial<Record<WireApi, { readonly model: string; readonly compat: object }>>> = {
  "openai-responses": { model: "gpt-fake", compat: { supportsStore: true, supportsReasoningEffort: true } },
  "google-generative-ai": { model: "gemini-3-fake", compat: {} },
};

for (const [api, { model, compat }] of Object.entries(PROTOCOLS))
  test(`a conversation with a tool, a restart and a second turn over ${api}`, async () => {
    const telegram = await FakeTelegram.start();
    const server = await startModelServer({ api: api as WireApi, script: answerTo });
    const row = { id: model, name: "Fake", reasoning: true, input: ["text"], contextWindow: 200_000, maxTokens: 8192 };
    const place = await makePlace(server.url, {
      session: { dmScope: "per-channel-peer" },
      agents: { defaults: { model: { primary: `vendor/${model}` } } },
      models: {
        providers: { vendor: { baseUrl: server.url, apiKey: "sk-fake", api, models: [{ ...row, compat }] } },
      },
      channels: {
        telegram: { botToken: telegram.token, apiRoot: telegram.url, allowFrom: [CHAT], dmPolicy: "allowlist" },
      },
    });
    let gateway = await start(place);
    const texts = () => telegram.chats.standing(CHAT).map(({ text }) => text);
    const has = (text: string) => () => texts().some((one) => one.includes(text));
    try {
      telegram.inject({ chat: CHAT, text: "what is going on?" });
      await until("the first answer", has("The first answer."));
      const [first, second] = server.requests;
      assert.ok(!first?.raw.includes(PROOF));
      assert.ok(second?.raw.includes(PROOF), "the thought goes back with its call");

      await gateway.kill();
      gateway = await start(place);
      telegram.inject({ chat: CHAT, text: "and again" });
      await until("the second answer", has("The second answer."));
      const last = server.requests.at(-1);
      assert.ok(last?.raw.includes(PROOF), "also after a restart");
      assert.equal(last?.raw.split('"call1"').length, 3, "the call and its result");
      assert.equal(server.requests.length, 3, "nothing was refused and asked again");
    } finally {
      await gateway.kill();
      await telegram.stop();
      await server.close();
      place.end();
    }
  });
