/**
 * Google's own client as reference, by recordings: it runs a script of one of its dependencies when it is installed,
 * so it is none of ours. How they are made: `test/recordings/google-genai.mjs`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { questions } from "../../../../../test/recordings/google-genai-cases.ts";
import { collect, delivering, ioWith, messageOf } from "../../../../../test/conformance/_dialect-kit.ts";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import type { ModelEvent } from "../../contracts/model.ts";
import { googleCall } from "./_request-google.ts";
import { dialect } from "./google-generative-ai.ts";

interface Recorded {
  readonly streams: Readonly<
    Record<
      string,
      {
        readonly stream: string;
        readonly read: {
          readonly thoughts: string;
          readonly text: string;
          readonly calls: readonly { readonly id?: string; readonly name: string; readonly args: object }[];
          readonly signatures: readonly string[];
          readonly finishReason: string;
          readonly responseId: string;
          readonly usage: Readonly<Record<string, number>>;
        };
      }
    >
  >;
  readonly requests: Readonly<Record<string, { readonly path: string; readonly key: string }>>;
}
const recorded = JSON.parse(
  readFileSync(new URL("../../../../../test/recordings/google-genai.json", import.meta.url), "utf8"),
) as Recorded;

describe("google-generative-ai beside the official client", () => {
  for (const [what, { stream, read }] of Object.entries(recorded.streams))
    it(`assembles the same message from ${what}`, async () => {
      const io = ioWith(delivering([Buffer.from(stream)], "text/event-stream"));
      const events = await collect(dialect.stream(requestFor("google-generative-ai", "http://127.0.0.1:1"), io));
      const { content, stopReason, responseId, usage } = messageOf(events.at(-1) as ModelEvent);
      const joined = (pick: (part: (typeof content)[number]) => string | undefined) =>
        content.map((part) => pick(part) ?? "").join("");
      assert.equal(
        joined((part) => (part.type === "text" ? part.text : "")),
        read.text,
      );
      assert.equal(
        joined((part) => (part.type === "thinking" ? part.thinking : "")),
        read.thoughts,
      );
      const calls = content.flatMap((part) => (part.type === "toolCall" ? [part] : []));
      assert.deepEqual(
        calls.map(({ name, arguments: args }) => ({ name, args })),
        read.calls.map(({ name, args }) => ({ name, args })),
      );
      assert.deepEqual(
        calls.map(({ id }, at) => read.calls[at]?.id ?? id),
        calls.map(({ id }) => id),
      );
      assert.deepEqual(
        content.flatMap((part) =>
          part.type === "toolCall"
            ? (part.thoughtSignature ?? [])
            : part.type === "text"
              ? (part.textSignature ?? [])
              : [],
        ),
        read.signatures,
      );
      assert.equal(stopReason, read.finishReason === "MAX_TOKENS" ? "length" : calls.length > 0 ? "toolUse" : "stop");
      assert.equal(responseId, read.responseId);
      assert.equal(usage.totalTokens, read.usage["totalTokenCount"]);
      assert.equal(usage.cacheRead, read.usage["cachedContentTokenCount"] ?? 0);
    });

  for (const [what, { ours, official }] of Object.entries(questions))
    it(`sends the same request for ${what}`, () => {
      const { model, ...asked } = ours;
      const base = requestFor("google-generative-ai", "https://generativelanguage.googleapis.com");
      const cachedContent = (official.config as { cachedContent?: string } | undefined)?.cachedContent;
      const endpoint = { ...base.endpoint, apiKey: "FAKE-key", model: { ...base.endpoint.model, ...model } };
      const call = googleCall({
        ...base,
        ...asked,
        endpoint: { ...endpoint, ...(cachedContent !== undefined && { params: { cachedContent } }) },
      });
      const { path, key, ...body } = recorded.requests[what] ?? assert.fail("not recorded");
      assert.equal(new URL(call.url).pathname.replace("/v1beta/", "/v1/"), path.replace("?alt=sse", ""));
      assert.equal(new URL(call.url).search, "?alt=sse");
      assert.equal(call.headers["x-goog-api-key"], key);
      assert.deepEqual(plain(JSON.parse(call.body)), plain(body));
    });
});

/** The client writes types of schemas in capitals and empty settings; the vendor reads both alike. */
function plain(body: unknown): unknown {
  return JSON.parse(
    JSON.stringify(body, (key, value: unknown) => {
      if (key === "generationConfig" && JSON.stringify(value) === "{}") return undefined;
      return key === "type" && typeof value === "string" ? value.toLowerCase() : value;
    }),
  );
}
