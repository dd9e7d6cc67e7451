/** What of a conversation goes back to the vendor: pictures, documents, and thoughts to whoever thought them. */
import assert from "node:assert/strict";
import type { it as testIt } from "node:test";
import type { AssistantMessage, Message } from "../../packages/openclaw/src/contracts/message.ts";
import { wireOf } from "../fakes/_wires.ts";
import { exchange, messageOf } from "./_dialect-kit.ts";
import type { RequestChanges } from "./_dialect-kit.ts";
import type { DialectCase } from "./testDialect.ts";

const PICTURE = Buffer.from("FAKE picture, 21 bytes").toString("base64");
const PDF = Buffer.from("%PDF-1.7 FAKE document").toString("base64");
const SIGNATURE = Buffer.from("FAKE proof of a thought").toString("base64");
const RESULT = { role: "toolResult", toolCallId: "call_1", toolName: "exec", isError: false, timestamp: 3 } as const;

export function replay(it: typeof testIt, { dialect, server: { api } }: DialectCase): void {
  const wire = wireOf(api);
  const sent = async (changes: RequestChanges) => {
    const { server, last } = await exchange({ dialect, api }, { text: ["ok"] }, changes);
    messageOf(last);
    return server.requests[0]?.raw ?? "";
  };
  const user = (...content: Exclude<Message & { role: "user" }, never>["content"][number][]) =>
    [{ role: "user", content, timestamp: 1 }] as unknown as Message[];
  const thinker = {
    id: "fake-1",
    name: "Fake",
    reasoning: true,
    input: ["text", "image"],
    contextWindow: 100_000,
    maxTokens: 8192,
  } as const;

  it("shows a picture to a model that sees", async () => {
    const raw = await sent({ messages: user({ type: "image", data: PICTURE, mimeType: "image/png" }) });
    assert.ok(raw.includes(PICTURE));
  });

  it("tells a model that does not see that there was a picture", async () => {
    const model = { ...thinker, reasoning: false, input: ["text"] as const };
    const raw = await sent({
      endpoint: { model },
      messages: user({ type: "image", data: PICTURE, mimeType: "image/png" }),
    });
    assert.ok(!raw.includes(PICTURE));
    assert.match(raw, /picture left out/);
  });

  it("shows the picture of a tool's result", async () => {
    const raw = await sent({
      messages: [
        ...user({ type: "text", text: "look" }),
        assistant(api, [{ type: "toolCall", id: "call_1", name: "exec", arguments: {} }]),
        { ...RESULT, content: [{ type: "image", data: PICTURE, mimeType: "image/png" }] },
      ],
    });
    assert.ok(raw.includes(PICTURE));
  });

  const pdf = user(
    { type: "text", text: "read this" },
    { type: "document", data: PDF, mimeType: "application/pdf", name: "plan.pdf" },
  );
  if (wire.documents)
    it("hands a document to an endpoint that takes them", async () => {
      assert.ok((await sent({ endpoint: { documents: true }, messages: pdf })).includes(PDF));
    });
  it("names a document that the endpoint does not take", async () => {
    const raw = await sent({ messages: pdf });
    assert.ok(!raw.includes(PDF));
    assert.match(raw, /plan\.pdf left out/);
  });

  it("writes arguments and results of a call so that they belong together", async () => {
    const raw = await sent({
      messages: [
        ...user({ type: "text", text: "look" }),
        assistant(api, [{ type: "toolCall", id: "call_1", name: "exec", arguments: { command: "uname -a" } }]),
        { ...RESULT, content: [{ type: "text", text: "Linux box 6.1" }] },
      ],
    });
    assert.ok(raw.includes("uname -a") && raw.includes("Linux box 6.1"));
    if (wire.ids) assert.equal(raw.split('"call_1').length, 3, "once with the call, once with its result");
  });

  if (!wire.signs) return;
  const thought = async () => {
    const answer = {
      thinking: ["Let me see."],
      signature: SIGNATURE,
      calls: [{ id: "call_1", name: "exec", arguments: '{"command":"ls"}' }],
    };
    return messageOf((await exchange({ dialect, api }, answer)).last);
  };
  const asked = (message: AssistantMessage): RequestChanges => ({
    thinking: "low",
    endpoint: { model: thinker },
    messages: [
      ...user({ type: "text", text: "look" }),
      message,
      { ...RESULT, content: [{ type: "text", text: "file" }] },
    ],
  });

  it("replays a thought with its proof to the route that it came from", async () => {
    const raw = await sent(asked(await thought()));
    assert.ok(raw.includes(SIGNATURE));
  });

  it("keeps a thought's proof from everybody else", async () => {
    const raw = await sent(asked({ ...(await thought()), provider: "another" }));
    assert.ok(!raw.includes(SIGNATURE));
    assert.ok(raw.includes("ls"), "the call itself is told");
  });
}

function assistant(api: string, content: AssistantMessage["content"]): AssistantMessage {
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 };
  const { length } = content.filter((part) => part.type === "toolCall");
  return {
    role: "assistant",
    content,
    timestamp: 2,
    api,
    provider: "fake",
    model: "fake-1",
    usage,
    stopReason: length > 0 ? "toolUse" : "stop",
  };
}
