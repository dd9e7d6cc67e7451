/** A fake model's answer as Bedrock's ConverseStream sends it: binary messages with checksums. */
import { crc32 } from "node:zlib";
import { DEFAULT_USAGE, pieces, stopOf } from "./_model-wire.ts";
import type { Answer, Wire } from "./_model-wire.ts";

export const bedrockWire: Wire = {
  base: "",
  contentType: "application/vnd.amazon.eventstream",
  events: bedrockEvents,
  error: (type, message) => ({ __type: `com.amazon.coral.service#${type}`, message }),
  errorEvent: (type, message) =>
    frame(
      {
        ":message-type": "exception",
        ":exception-type": type === "overloaded_error" ? "serviceUnavailableException" : "throttlingException",
      },
      JSON.stringify({ message }),
    ),
  unknown: Buffer.concat([
    event("contentBlockStart", { contentBlockIndex: 90, start: { hologram: { depth: 3 } } }),
    event("contentBlockDelta", { contentBlockIndex: 90, delta: { hologram: { depth: 4 } } }),
    event("hologramStop", { contentBlockIndex: 90 }),
  ]),
  garbage: frame({ ":message-type": "event", ":event-type": "contentBlockDelta" }, "hello"),
  endless: Uint8Array.of(0x7f, 0xff, 0xff, 0xff),
  signs: true,
  documents: true,
  ids: true,
  answerIds: false,
  pieces: true,
  cache: { read: true, write: true },
};

function bedrockEvents(answer: Answer): Uint8Array[] {
  const usage = { ...DEFAULT_USAGE, ...answer.usage };
  const blocks: ((index: number) => Uint8Array[])[] = [
    ...(answer.thinking ? [(index: number) => thinkingBlock(index, answer)] : []),
    ...(answer.text ? [(index: number) => (answer.text ?? []).map((text) => delta(index, { text }))] : []),
    ...(answer.calls ?? []).map((call) => (index: number) => [
      event("contentBlockStart", {
        contentBlockIndex: index,
        start: { toolUse: { toolUseId: call.id, name: call.name } },
      }),
      ...pieces(call.arguments).map((input) => delta(index, { toolUse: { input } })),
    ]),
  ];
  return [
    event("messageStart", { role: "assistant" }),
    ...blocks.flatMap((block, index) => [...block(index), event("contentBlockStop", { contentBlockIndex: index })]),
    event("messageStop", {
      stopReason: { stop: "end_turn", length: "max_tokens", toolUse: "tool_use", refused: "guardrail_intervened" }[
        stopOf(answer)
      ],
    }),
    event("metadata", {
      usage: {
        inputTokens: usage.input,
        outputTokens: usage.output,
        totalTokens: usage.input + usage.output,
        cacheReadInputTokens: usage.cacheRead,
        cacheWriteInputTokens: usage.cacheWrite,
      },
      metrics: { latencyMs: 5 },
    }),
  ];
}

function thinkingBlock(index: number, { thinking = [], signature = "c2lnbmVk" }: Answer): Uint8Array[] {
  return [
    ...thinking.map((text) => delta(index, { reasoningContent: { text } })),
    delta(index, { reasoningContent: { signature } }),
  ];
}

function delta(contentBlockIndex: number, value: object): Uint8Array {
  // The service pads its deltas, so that their length tells nothing.
  return event("contentBlockDelta", { contentBlockIndex, delta: value, p: "abcdefgh" });
}

function event(type: string, payload: object): Uint8Array {
  const headers = { ":event-type": type, ":content-type": "application/json", ":message-type": "event" };
  return frame(headers, JSON.stringify(payload));
}

/** Length, length of headers, checksum of both; headers; payload; checksum of all. */
function frame(headers: Readonly<Record<string, string>>, payload: string): Uint8Array {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const text = Buffer.from(value);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(text.length);
      return Buffer.concat([Buffer.of(name.length), Buffer.from(name), Buffer.of(7), length, text]);
    }),
  );
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(12 + head.length + body.length + 4, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const whole = Buffer.concat([prelude, head, body, Buffer.alloc(4)]);
  whole.writeUInt32BE(crc32(whole.subarray(0, -4)), whole.length - 4);
  return whole;
}
