/** Amazon's own client as reference: it understands the fake server, reads what we read, and signs as we sign. */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { BedrockRuntimeClient, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import type { ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Env } from "../../base/env.ts";
import type { DialectIo, ModelEvent } from "../../contracts/model.ts";
import { collect, requestFor } from "../../../../../test/conformance/testDialect.ts";
import { failureOf, ioWith, messageOf } from "../../../../../test/conformance/_dialect-kit.ts";
import type { RequestChanges } from "../../../../../test/conformance/_dialect-kit.ts";
import { startModelServer } from "../../../../../test/fakes/model-server.ts";
import type { Answer, Script, SeenRequest } from "../../../../../test/fakes/model-server.ts";
import { regionOf } from "./_aws-sign.ts";
import { bedrockBody } from "./_request-bedrock.ts";
import { dialect } from "./bedrock-converse-stream.ts";

const API = "bedrock-converse-stream";
const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIAFAKE0123456789",
  AWS_SECRET_ACCESS_KEY: "fake/secret+0123456789",
  AWS_REGION: "eu-central-1",
};
const MODEL = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";

const ioIn = (env: Env): DialectIo => ({ ...ioWith(), programs: { env } as NonNullable<DialectIo["programs"]> });

async function serving<T>(
  script: Script,
  work: (server: { url: string; requests: readonly SeenRequest[] }) => Promise<T>,
): Promise<T> {
  const server = await startModelServer({ api: API, script });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

/** A request without a key: whoever calls must sign. */
function unsigned(url: string, changes: RequestChanges = {}) {
  const request = requestFor(API, url, changes);
  const { apiKey: _, ...endpoint } = request.endpoint;
  return { ...request, endpoint: { ...endpoint, model: { ...endpoint.model, id: MODEL } } };
}

const ask = async (env: Env, url: string, changes?: RequestChanges) =>
  (await collect(dialect.stream(unsigned(url, changes), ioIn(env)))).at(-1) as ModelEvent;

function official(url: string): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    endpoint: url,
    region: KEYS.AWS_REGION,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
    credentials: { accessKeyId: KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: KEYS.AWS_SECRET_ACCESS_KEY },
  });
}

/** Signature version 4, computed from what the server saw (AWS General Reference, "Create a signed request"). */
function signatureOf({ method, path, headers, raw }: SeenRequest): string {
  const [, scope = "", names = ""] =
    /Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+)/.exec(headers.authorization ?? "") ?? [];
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const canonicalPath = path
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
  const lines = names.split(";").map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, " ")}\n`);
  const canonical = [method, canonicalPath, "", lines.join(""), names, sha(raw)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((above, part) => hmac(above, part), `AWS4${KEYS.AWS_SECRET_ACCESS_KEY}`);
  return hmac(key, toSign).toString("hex");
}

describe("bedrock-converse-stream beside the official client", () => {
  const ANSWERS: Readonly<Record<string, Answer>> = {
    text: { text: ["Good ", "morning ", "🌍"], usage: { input: 11, output: 4, cacheRead: 7, cacheWrite: 3 } },
    "thinking, text and parallel tools": {
      thinking: ["Hm", "m."],
      signature: "c2lnbmVk",
      text: ["Looking."],
      calls: [
        { id: "call_1", name: "exec", arguments: '{"command":"ls","timeout":5}' },
        { id: "call_2", name: "read", arguments: '{"path":"ä/ö.md"}' },
      ],
    },
    "a cut answer": { text: ["And"], stop: "length" },
  };
  for (const [what, answer] of Object.entries(ANSWERS)) {
    it(`assembles the same message from ${what}`, async () => {
      const { ours, theirs } = await serving(answer, async ({ url }) => {
        const input = { modelId: MODEL, messages: [{ role: "user" as const, content: [{ text: "hi" }] }] };
        const { stream } = await official(url).send(new ConverseStreamCommand(input));
        const found = { text: "", thinking: "", signature: "", calls: [] as string[], stop: "", input: 0, cached: 0 };
        for await (const { contentBlockStart, contentBlockDelta, messageStop, metadata } of stream ?? []) {
          if (contentBlockStart?.start?.toolUse) found.calls.push("");
          found.text += contentBlockDelta?.delta?.text ?? "";
          found.thinking += contentBlockDelta?.delta?.reasoningContent?.text ?? "";
          found.signature += contentBlockDelta?.delta?.reasoningContent?.signature ?? "";
          const piece = contentBlockDelta?.delta?.toolUse?.input;
          if (piece) found.calls.push(`${found.calls.pop() ?? ""}${piece}`);
          found.stop ||= messageStop?.stopReason ?? "";
          found.input ||= metadata?.usage?.inputTokens ?? 0;
          found.cached ||= metadata?.usage?.cacheReadInputTokens ?? 0;
        }
        return { ours: messageOf(await ask(KEYS, url)), theirs: found };
      });
      const stop = { stop: "end_turn", length: "max_tokens", toolUse: "tool_use" }[ours.stopReason as "stop"];
      const found = {
        text: "",
        thinking: "",
        signature: "",
        calls: [] as unknown[],
        stop,
        input: ours.usage.input,
        cached: ours.usage.cacheRead,
      };
      for (const part of ours.content) {
        if (part.type === "text") found.text += part.text;
        else if (part.type === "toolCall") found.calls.push(part.arguments);
        else {
          found.thinking += part.thinking;
          found.signature += part.thinkingSignature ?? "";
        }
      }
      assert.deepEqual(found, { ...theirs, calls: theirs.calls.map((text) => JSON.parse(text) as unknown) });
    });
  }

  it("writes a body that the official client writes the same way", async () => {
    const request = unsigned("http://h.test", {
      cacheRetention: "short",
      temperature: 0.5,
      endpoint: { documents: true },
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "look" },
            { type: "image", data: "QUJD", mimeType: "image/jpeg" },
            { type: "document", data: "QUJD", mimeType: "application/pdf", name: "plan_(1).pdf" },
          ],
          timestamp: 1,
        },
      ],
    });
    const body = bedrockBody(request);
    await serving({ text: ["ok"] }, async ({ url, requests }) => {
      const input = withBytes(body) as ConverseStreamCommandInput;
      await official(url).send(new ConverseStreamCommand({ ...input, modelId: MODEL }));
      assert.deepEqual(requests[0]?.body, body);
      assert.equal(requests[0]?.path, `/model/${encodeURIComponent(MODEL)}/converse-stream`);
      await ask(KEYS, url);
      assert.equal(requests[1]?.path, requests[0]?.path);
    });
  });
});

/** The client wants bytes where the wire has base64. */
function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "bytes" ? Buffer.from(String(inner), "base64") : withBytes(inner),
    ]),
  );
}

describe("who asks Bedrock", () => {
  it("signs with the keys of the environment", async () => {
    await serving({ text: ["ok"] }, async ({ url, requests }) => {
      messageOf(await ask(KEYS, url));
      const [seen] = requests;
      assert.ok(seen);
      const { authorization = "" } = seen.headers;
      assert.match(
        authorization,
        /^AWS4-HMAC-SHA256 Credential=AKIAFAKE0123456789\/\d{8}\/eu-central-1\/bedrock\/aws4_request/,
      );
      assert.equal(/Signature=([0-9a-f]+)/.exec(authorization)?.[1], signatureOf(seen));
    });
  });

  it("sends the token of a session along", async () => {
    await serving({ text: ["ok"] }, async ({ url, requests }) => {
      messageOf(await ask({ ...KEYS, AWS_SESSION_TOKEN: "fake-session" }, url));
      assert.equal(requests[0]?.headers["x-amz-security-token"], "fake-session");
    });
  });

  it("is the bearer of a token where there is one", async () => {
    await serving({ text: ["ok"] }, async ({ url, requests }) => {
      await collect(dialect.stream(requestFor(API, url), ioIn(KEYS)));
      assert.equal(requests[0]?.headers.authorization, "Bearer sk-fake-0123456789");
    });
  });

  it("signs with the profile that is named, before keys", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aws-"));
    const file = join(folder, "credentials");
    writeFileSync(file, "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = other\n");
    const before = process.env["AWS_SHARED_CREDENTIALS_FILE"];
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = file;
    try {
      await serving({ text: ["ok"] }, async ({ url, requests }) => {
        messageOf(await ask({ ...KEYS, AWS_PROFILE: "work" }, url));
        assert.match(requests[0]?.headers.authorization ?? "", /Credential=AKIAWORK\//);
      });
    } finally {
      if (before === undefined) delete process.env["AWS_SHARED_CREDENTIALS_FILE"];
      else process.env["AWS_SHARED_CREDENTIALS_FILE"] = before;
      await rm(folder, { recursive: true });
    }
  });

  it("is told what to set when nothing says who asks", async () => {
    const last = await ask({ AWS_PROFILE: "a-profile-that-nobody-has" }, "http://127.0.0.1:9");
    const { failure } = failureOf(last);
    assert.equal(failure.class, "auth");
    assert.match(failure.message, /AWS gave no credentials: .*Set AWS_BEARER_TOKEN_BEDROCK/);
  });

  for (const [host, env, region] of [
    ["bedrock-runtime.us-west-2.amazonaws.com", KEYS, "us-west-2"],
    ["bedrock-runtime-fips.us-gov-west-1.amazonaws.com", KEYS, "us-gov-west-1"],
    ["vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", KEYS, "eu-west-1"],
    ["127.0.0.1", KEYS, "eu-central-1"],
    ["127.0.0.1", {}, "us-east-1"],
  ] as const)
    it(`asks ${host} as one of ${region}`, () => assert.equal(regionOf(host, env), region));
});

describe("a request to Bedrock", () => {
  const body = (changes: RequestChanges) => bedrockBody(unsigned("http://h.test", changes));
  const model = { ...requestFor(API, "x").endpoint.model, id: MODEL, reasoning: true, maxTokens: 8192 };

  it("tells calls in words where there are no tools to call", () => {
    const raw = JSON.stringify(
      body({
        tools: [],
        messages: [
          { role: "user", content: "look", timestamp: 1 },
          {
            ...messageless,
            content: [{ type: "toolCall", id: "c1", name: "exec", arguments: { command: "ls" } }],
          },
          {
            role: "toolResult",
            toolCallId: "c1",
            toolName: "exec",
            content: [{ type: "text", text: "file" }],
            isError: false,
            timestamp: 3,
          },
        ],
      }),
    );
    assert.ok(!raw.includes("toolUse") && !raw.includes("toolResult"));
    assert.ok(raw.includes("ls") && raw.includes("file"));
  });

  it("marks what Claude may keep, and nothing for others", () => {
    assert.equal(
      JSON.stringify(body({ cacheRetention: "long" })).split('{"cachePoint":{"type":"default","ttl":"1h"}}').length,
      4,
    );
    const other = bedrockBody(requestFor(API, "http://h.test", { cacheRetention: "long" }));
    assert.ok(!JSON.stringify(other).includes("cachePoint"));
  });

  it("asks Claude to think with a budget, without a temperature", () => {
    const asked = bedrockBody({
      ...unsigned("http://h.test", { thinking: "low", temperature: 0.3 }),
      endpoint: { ...unsigned("http://h.test").endpoint, model },
    });
    assert.deepEqual(asked["additionalModelRequestFields"], { thinking: { type: "enabled", budget_tokens: 2048 } });
    assert.deepEqual(asked["inferenceConfig"], { maxTokens: 8192 });
  });

  it("puts the account's guardrail in its way", () => {
    const params = { guardrail: { id: "gr-1", version: "3", streamProcessingMode: "async", trace: "enabled" } };
    assert.deepEqual(body({ endpoint: { params } })["guardrailConfig"], {
      guardrailIdentifier: "gr-1",
      guardrailVersion: "3",
      streamProcessingMode: "async",
      trace: "enabled",
    });
  });
});

const messageless = {
  role: "assistant",
  timestamp: 2,
  api: API,
  provider: "fake",
  model: MODEL,
  usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
  stopReason: "toolUse",
} as const;
