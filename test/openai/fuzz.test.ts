/** Requests that nobody would write: whatever comes, the answer is one that this API has, and the gateway goes on. */
import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { CALL, PIXEL, WEATHER, openDesk, user } from "./_desk.ts";

const desk = await openDesk({ agents: { defaults: { model: { primary: "fake/fake-1" }, skipBootstrap: true } } });
const RUNS = Number(process.env["OPENCLAW_FUZZ_RUNS"] ?? 250);

/** Something that does not belong there. */
const odd = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, "", " ", "x", [], {}, [[]], [null], { type: "function" }, "__proto__"),
  fc.jsonValue({ maxDepth: 2 }),
);
/** Mostly left out, or requests would hardly ever get far. */
const rarely = fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: odd });
const mostly = (usual: unknown) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });
const url = `data:image/png;base64,${PIXEL}`;
const parts = fc.constantFrom<object>(
  { type: "text", text: "t" },
  { type: "input_text", text: "t" },
  { type: "image_url", image_url: { url } },
  { type: "input_image", image_url: url },
  { type: "input_file", file_data: "aGk=", filename: "a.txt" },
  { type: "input_file", source: { data: "aGk=", media_type: "text/plain" } },
);
const oddParts = fc.record({
  type: fc.constantFrom("text", "image_url", "input_image", "input_file"),
  image_url: odd,
  text: odd,
  source: odd,
});
const part = fc.oneof({ weight: 12, arbitrary: parts }, { weight: 1, arbitrary: oddParts });
const content = fc.oneof(fc.string(), fc.array(part, { maxLength: 3 }), odd);
const call = { id: CALL.id, type: "function", function: CALL };
const message = fc.oneof(
  fc.record({ role: fc.constantFrom("user", "assistant", "system", "developer", "tool", "function", "x"), content }),
  fc.constantFrom<object>(
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: CALL.id, content: "7" },
    { type: "function_call", call_id: CALL.id, name: "x", arguments: "{" },
    { type: "function_call_output", call_id: CALL.id, output: [{ type: "input_text", text: "x" }] },
    user("hi"),
  ),
  fc.record({ role: odd, content: odd, tool_calls: odd, type: odd, tool_call_id: odd }, { requiredKeys: [] }),
);
const messages = fc.oneof({ weight: 4, arbitrary: fc.array(message, { maxLength: 6 }) }, { weight: 1, arbitrary: odd });
const body = fc.record({
  model: mostly("openclaw"),
  messages,
  input: messages,
  stream: fc.oneof(mostly(false), mostly(true)),
  user: fc.oneof(rarely, mostly("ada")),
  tools: fc.oneof(rarely, mostly([WEATHER])),
  tool_choice: fc.oneof(rarely, mostly("required")),
  stop: rarely,
  temperature: rarely,
  max_tokens: rarely,
  response_format: rarely,
  stream_options: rarely,
  instructions: rarely,
  previous_response_id: rarely,
});

for (const path of ["/v1/chat/completions", "/v1/responses", "/v1/embeddings"])
  test(`${path} answers whatever comes`, async (t) => {
    const statuses: Record<number, number> = {};
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        desk.replies({ text: ["ok"] });
        const response = await desk.send(path, { body: JSON.stringify(value) });
        const text = await response.text();
        statuses[response.status] = (statuses[response.status] ?? 0) + 1;
        const known = [200, 400, 501, 502];
        assert.ok(known.includes(response.status), `${response.status} ${text}`);
        if (response.status === 502) assert.match(text, /tool_choice=/);
        if (!response.ok) assert.equal(typeof JSON.parse(text).error.message, "string");
        if (response.headers.get("content-type")?.startsWith("text/event-stream"))
          assert.match(text, /data: \[DONE\]\n\n$/);
      }),
      { numRuns: RUNS },
    );
    t.diagnostic(JSON.stringify(statuses));
    assert.doesNotMatch(desk.logged(), / failed |run failed/);
  });

test("headers that nobody would send are refused or ignored", async () => {
  const hi = { messages: [user("hi")] };
  for (const [name, value, status] of [
    ["x-openclaw-session-key", "k".repeat(600), 400],
    ["x-openclaw-session-key", "agent:", 400],
    ["x-openclaw-session-key", "agent:main:", 400],
    ["x-openclaw-session-key", "../../etc/passwd", 200],
    ["x-openclaw-session-key", "   ", 200],
    ["x-openclaw-agent-id", "__proto__", 400],
    ["x-openclaw-agent-id", "constructor", 400],
    ["x-openclaw-model", "/", 404],
    ["x-openclaw-model", "__proto__/x", 404],
    ["x-openclaw-model", "constructor/x", 404],
    ["x-openclaw-message-channel", "../x", 200],
    ["x-openclaw-account-id", "a b", 200],
  ] as const) {
    const { status: seen, body: answer } = await desk.post("/v1/chat/completions", hi, { [name]: value });
    assert.equal(seen, status, `${name}: ${value.slice(0, 40)} → ${JSON.stringify(answer).slice(0, 200)}`);
  }
});
