import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { PIXEL, eventsOf, openDesk, user } from "./_desk.ts";

const desk = await openDesk({ agents: { defaults: { model: { primary: "fake/fake-1" }, skipBootstrap: true } } });
const chat = (body: object, headers: Record<string, string> = {}) => desk.post("/v1/chat/completions", body, headers);
const hi = { messages: [user("hi")] };
const stream = (body: object = {}) =>
  desk.send("/v1/chat/completions", { body: { ...hi, stream: true, ...body } }).then(eventsOf);

describe("a whole answer", () => {
  it("has exactly the documented fields", async () => {
    desk.replies({ text: ["Hello", " world"], usage: { input: 10, output: 5, cacheRead: 3 } });
    const { status, body } = await chat({ model: "openclaw/default", ...hi });
    assert.equal(status, 200);
    assert.match(body.id, /^chatcmpl_[0-9a-f-]{36}$/);
    assert.ok(Math.abs(body.created - Date.now() / 1000) < 60);
    assert.deepEqual(body, {
      id: body.id,
      object: "chat.completion",
      created: body.created,
      model: "openclaw/default",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello world" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 13, completion_tokens: 5, total_tokens: 18 },
    });
  });

  it("sums the tokens and joins the texts of a run that used the agent's tools", async () => {
    desk.replies([
      {
        text: ["Let me see."],
        calls: [{ id: "s1", name: "session_status", arguments: "{}" }],
        usage: { input: 10, output: 5 },
      },
      { text: ["It is late."], usage: { input: 20, output: 7 } },
    ]);
    const { body } = await chat({ messages: [user("what time?")] });
    assert.equal(body.choices[0].message.content, "Let me see.\n\nIt is late.");
    assert.deepEqual(body.usage, { prompt_tokens: 30, completion_tokens: 12, total_tokens: 42 });
  });

  it("says when the model ran out of room", async () => {
    desk.replies({ text: ["cut"], stop: "length" });
    const { body } = await chat({ ...hi, max_tokens: 1 });
    assert.equal(body.choices[0].finish_reason, "length");
    assert.equal(desk.asked().body["max_tokens"], 1);
  });
});

describe("a streamed answer", () => {
  it("is role, text, reason and end; usage only where it was asked for", async () => {
    desk.replies({ text: ["Hello", " world"] });
    const events = await stream();
    const choices = events.slice(0, -1).map(({ data }) => data.choices[0]);
    assert.deepEqual(choices[0], { index: 0, delta: { role: "assistant" }, finish_reason: null });
    assert.equal(choices.map(({ delta }) => delta.content ?? "").join(""), "Hello world");
    assert.deepEqual(choices.at(-1), { index: 0, delta: {}, finish_reason: "stop" });
    assert.equal(events.at(-1)?.data, "[DONE]");
    assert.ok(events.every(({ event }) => event === undefined));
    const counted = await stream({ stream_options: { include_usage: true } });
    assert.deepEqual(counted.at(-2)?.data.choices, []);
    assert.deepEqual(counted.at(-2)?.data.usage, { prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 });
  });

  it("begins before the model does", async () => {
    const answer = Promise.withResolvers<void>();
    desk.replies(() => answer.promise.then(() => ({ text: ["late"] })));
    const begun = performance.now();
    const response = await desk.send("/v1/chat/completions", { body: { ...hi, stream: true } });
    const reader = response.body!.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    assert.match(first, /"delta":\{"role":"assistant"\}/);
    assert.ok(performance.now() - begun < 2000);
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    assert.equal(response.headers.get("cache-control"), "no-cache");
    answer.resolve();
    let rest = "";
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      rest += new TextDecoder().decode(piece.value);
    assert.match(rest, /late/);
  });

  it("keeps pieces of different answers a blank line apart", async () => {
    desk.replies([
      { text: ["One."], calls: [{ id: "s2", name: "session_status", arguments: "{}" }] },
      { text: ["Two."] },
    ]);
    const events = await stream();
    assert.equal(
      events
        .slice(0, -1)
        .map(({ data }) => data.choices[0]?.delta.content ?? "")
        .join(""),
      "One.\n\nTwo.",
    );
  });
});

describe("what the model is told", () => {
  it("holds system and developer texts in its prompt, not in the conversation", async () => {
    desk.replies({ text: ["ok"] });
    await chat({
      messages: [
        { role: "system", content: "Speak like a pirate." },
        { role: "developer", content: [{ type: "text", text: "Be brief." }] },
        user("hi"),
      ],
    });
    const { system, messages } = desk.asked();
    assert.match(system, /Speak like a pirate\.\n\nBe brief\./);
    assert.deepEqual(messages, [{ role: "user", content: "hi" }]);
  });

  it("holds them also beside a prompt of the operator's own", async () => {
    const own = await openDesk({
      agents: { defaults: { model: { primary: "fake/fake-1" }, systemPromptOverride: "You are a stone." } },
    });
    await own.post("/v1/chat/completions", { messages: [{ role: "system", content: "Roll." }, user("hi")] });
    assert.match(own.asked().system, /You are a stone\.[\s\S]*Roll\./);
  });

  it("is the text as it stands: no commands, no stop words", async () => {
    desk.replies({ text: ["as said"] });
    for (const text of ["/status", "/new please", "stop"]) {
      const { body } = await chat({ messages: [user(text)] });
      assert.equal(body.choices[0].message.content, "as said");
      assert.deepEqual(desk.asked().messages, [{ role: "user", content: text }]);
    }
  });

  it("holds what came before as the messages they were", async () => {
    desk.replies({ text: ["ok"] });
    await chat({
      messages: [
        user("add 1 and 1"),
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c9", type: "function", function: { name: "add", arguments: '{"a":1}' } }],
        },
        { role: "tool", tool_call_id: "c9", content: "2" },
        { role: "assistant", content: "It is 2." },
        user("thanks"),
      ],
    });
    const { messages } = desk.asked();
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["user", "assistant", "tool", "assistant", "user"],
    );
    assert.equal(messages[1]?.tool_calls?.[0]?.function.arguments, '{"a":1}');
    assert.equal(messages[2]?.tool_call_id, "c9");
  });

  it("is drawn as the caller wishes", async () => {
    const wishes = {
      temperature: 0.3,
      top_p: 0.8,
      seed: 11,
      stop: ["END"],
      frequency_penalty: 0.1,
      presence_penalty: -0.1,
      response_format: { type: "json_object" },
    };
    await chat({ ...hi, ...wishes, max_completion_tokens: 77, max_tokens: 5 });
    const { body } = desk.asked();
    for (const [name, value] of Object.entries(wishes)) assert.deepEqual(body[name], value, name);
    assert.equal(body["max_tokens"], 77);
  });
});

describe("pictures", () => {
  const image = (url: string) => ({ type: "image_url", image_url: { url } });
  const png = `data:image/png;base64,${PIXEL}`;
  const refused = async (content: unknown) => {
    const { status, body } = await chat({ messages: [user(content)] });
    return `${status} ${body.error.message}`;
  };

  it("reach a model that sees, from the newest message of the user only", async () => {
    desk.replies({ text: ["a dot"] });
    await chat({
      messages: [
        user([{ type: "text", text: "old" }, image(png)]),
        { role: "assistant", content: "a dot" },
        user([image(png)]),
      ],
    });
    const { messages } = desk.asked();
    assert.equal(messages[0]?.content, "old");
    assert.deepEqual(messages[2]?.content, [
      { type: "text", text: "User sent image(s) with no text." },
      { type: "image_url", image_url: { url: png } },
    ]);
  });

  it("are refused by address, by type, by number and by what they hold", async () => {
    const sentence = "400 Invalid image_url content in `messages`.";
    for (const [url, reason] of [
      ["http://127.0.0.1:9/x.png", /chatCompletions\.images\.allowUrl/],
      ["data:text/plain;base64,aGk=", /text\/plain is not supported/],
      ["data:image/png,raw", /base64/],
      ["data:image/png;base64,%%%", /base64/],
      ["file:///etc/passwd", /neither/],
    ] as const) {
      const answer = await refused([image(url)]);
      assert.ok(answer.startsWith(sentence), answer);
      assert.match(answer, reason);
    }
    assert.match(await refused(Array.from({ length: 9 }, () => image(png))), /more than 8/);
    assert.match(await refused([image(`data:image/png;base64,${"A".repeat(15_000_000)}`)]), /larger than/);
    const before = desk.count();
    assert.equal(desk.count(), before);
  });
});

describe("a request that makes no sense", () => {
  const cases: readonly (readonly [object, string])[] = [
    [{}, "Missing user message in `messages`."],
    [{ messages: [] }, "Missing user message in `messages`."],
    [{ messages: [{ role: "assistant", content: "I begin" }] }, "Missing user message in `messages`."],
    [{ messages: [user("  ")] }, "Missing user message in `messages`."],
    [{ ...hi, temperature: 3 }, "`temperature` must be between 0 and 2."],
    [{ ...hi, temperature: "hot" }, "temperature: Invalid input: expected number, received string"],
    [{ ...hi, top_p: -1 }, "`top_p` must be between 0 and 1."],
    [{ ...hi, frequency_penalty: 2.5 }, "`frequency_penalty` must be between -2 and 2."],
    [{ ...hi, seed: 1.5 }, "seed: Invalid input: expected int, received number"],
    [{ ...hi, stop: ["a", "b", "c", "d", "e"] }, "Invalid stop: stop supports at most 4 sequences"],
    [{ ...hi, stop: [""] }, "Invalid stop: a sequence must not be empty"],
    [{ ...hi, max_tokens: 0 }, "`max_tokens` must be at least 1."],
    [{ ...hi, stream: "yes" }, "stream: Invalid input: expected boolean, received string"],
    [{ ...hi, user: 1 }, "user: Invalid input: expected string, received number"],
    [{ ...hi, model: 4 }, "model: Invalid input: expected string, received number"],
    [{ ...hi, tools: "x" }, "tools: Invalid input: expected array, received string"],
    [{ ...hi, tools: [{ type: "web_search" }] }, "Invalid tools/tool_choice: only function tools are supported"],
    [{ ...hi, tool_choice: "required" }, "Invalid tools/tool_choice: tool_choice=required but no tools were provided"],
    [
      { ...hi, tool_choice: { type: "function", function: { name: "x" } } },
      "Invalid tools/tool_choice: tool_choice requested unknown tool: x",
    ],
    [
      { ...hi, tool_choice: { type: "allowed_tools" } },
      "Invalid tools/tool_choice: tool_choice allowed_tools is not supported",
    ],
    [{ ...hi, model: "gpt-4" }, "Invalid `model`. Use `openclaw` or `openclaw/<agentId>`."],
    [{ ...hi, model: "openclaw/nope" }, "Unknown agent 'nope'."],
  ];
  for (const [body, message] of cases)
    it(`is told: ${message}`, async () => {
      const before = desk.count();
      assert.deepEqual(await chat(body), { status: 400, body: { error: { message, type: "invalid_request_error" } } });
      assert.equal(desk.count(), before);
    });

  it("is forgiven what this API does not know", async () => {
    desk.replies({ text: ["ok"] });
    const { status, body } = await chat({ ...hi, n: 3, logprobs: true, store: true, metadata: {}, whatever: [1] });
    assert.equal(status, 200);
    assert.equal(body.choices.length, 1);
  });
});
