import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { CALL, WEATHER, eventsOf, openDesk, user } from "./_desk.ts";

const desk = await openDesk({ agents: { defaults: { model: { primary: "fake/fake-1" }, skipBootstrap: true } } });
const chat = (body: object) => desk.post("/v1/chat/completions", body);
const asking = { messages: [user("weather in Oslo?")], tools: [WEATHER] };
const assistant = {
  role: "assistant",
  content: "",
  tool_calls: [{ id: CALL.id, type: "function", function: { name: CALL.name, arguments: CALL.arguments } }],
};
const result = { role: "tool", tool_call_id: CALL.id, content: "7 °C" };

describe("a tool of the client", () => {
  it("is offered beside the agent's own, and its call is the answer", async () => {
    desk.replies({ calls: [CALL] });
    const { status, body } = await chat(asking);
    assert.equal(status, 200);
    assert.deepEqual(body.choices, [{ index: 0, message: assistant, finish_reason: "tool_calls" }]);
    const tools = desk.asked().body["tools"] as { function: { name: string; parameters: object } }[];
    assert.deepEqual(tools.find((t) => t.function.name === "get_weather")?.function, WEATHER.function);
    assert.ok(tools.some((t) => t.function.name === "session_status"));
  });

  it("is streamed as name, then arguments", async () => {
    desk.replies({ text: ["One moment."], calls: [CALL, { ...CALL, id: "call_2" }] });
    const events = await desk.send("/v1/chat/completions", { body: { ...asking, stream: true } }).then(eventsOf);
    const deltas = events.slice(0, -1).map(({ data }) => data.choices[0]);
    const calls = deltas.flatMap(({ delta }) => delta.tool_calls ?? []);
    assert.deepEqual(calls[0], {
      index: 0,
      id: "call_1",
      type: "function",
      function: { name: "get_weather", arguments: "" },
    });
    for (const index of [0, 1]) {
      const text = calls.filter((c) => c.index === index).map((c) => c.function.arguments);
      assert.equal(text.join(""), CALL.arguments);
    }
    assert.deepEqual(deltas.at(-1), { index: 0, delta: {}, finish_reason: "tool_calls" });
    assert.equal(deltas.map(({ delta }) => delta.content ?? "").join(""), "One moment.");
  });

  it("is shown while the model writes its arguments, the agent's own are not", async () => {
    desk.replies({ calls: [{ ...CALL, id: "own_1", name: "session_status", arguments: "{}" }, CALL], everyMs: 60 });
    const response = await desk.send("/v1/chat/completions", { body: { ...asking, stream: true } });
    const times: number[] = [];
    let text = "";
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (piece.includes('"arguments"')) times.push(performance.now());
    }
    assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) > 50, "arguments came at once");
    assert.doesNotMatch(text, /session_status/);
    const calls = (await eventsOf(new Response(text))).flatMap(({ data }) => data.choices?.[0]?.delta.tool_calls ?? []);
    assert.ok(calls.length > 2);
    assert.ok(calls.every(({ index }) => index === 0));
    assert.equal(calls.map((c) => c.function.arguments).join(""), CALL.arguments);
  });

  it("that takes no arguments gets an empty object", async () => {
    desk.replies({ calls: [{ ...CALL, arguments: "" }] });
    const events = await desk.send("/v1/chat/completions", { body: { ...asking, stream: true } }).then(eventsOf);
    const calls = events.flatMap(({ data }) => data.choices?.[0]?.delta.tool_calls ?? []);
    assert.equal(calls.map((c) => c.function.arguments).join(""), "{}");
  });

  it("gets its result by a second request, alone or in a session", async () => {
    for (const who of [{}, { user: "ada" }]) {
      desk.replies({ calls: [CALL] });
      await chat({ ...asking, ...who });
      desk.replies({ text: ["Cold: 7 °C."] });
      const { body } = await chat({ ...asking, ...who, messages: [...asking.messages, assistant, result] });
      assert.equal(body.choices[0].message.content, "Cold: 7 °C.");
      const { messages } = desk.asked();
      assert.deepEqual(
        messages.map(({ role }) => role),
        ["user", "assistant", "tool"],
      );
      assert.equal(messages[2]?.content, "7 °C");
      assert.equal(messages[2]?.tool_call_id, CALL.id);
    }
    await chat({ messages: [user("and tomorrow?")], user: "ada" });
    assert.deepEqual(
      desk.asked().messages.map(({ role }) => role),
      ["user", "assistant", "tool", "assistant", "user"],
    );
  });

  it("may stay without a result: the history is valid all the same", async () => {
    desk.replies({ calls: [CALL] });
    await chat({ ...asking, user: "bob" });
    desk.replies({ text: ["Fine."] });
    await chat({ messages: [user("never mind")], user: "bob" });
    const { messages } = desk.asked();
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["user", "assistant", "tool", "user"],
    );
    assert.match(String(messages[2]?.content), /not known yet/);
  });

  it("gives its arguments as the model wrote them, even where they are no JSON", async () => {
    desk.replies({ calls: [{ ...CALL, arguments: '{"city": Oslo' }] });
    const { body } = await chat(asking);
    assert.equal(body.choices[0].message.tool_calls[0].function.arguments, '{"city": Oslo');
  });

  it("must not be called like a tool of the agent", async () => {
    const clash = { ...WEATHER, function: { ...WEATHER.function, name: "session_status" } };
    for (const stream of [false, true]) {
      const { status, body } = await chat({ ...asking, tools: [clash], stream });
      assert.equal(status, 400);
      assert.match(body.error.message, /^Invalid tools\/tool_choice: .*session_status/);
    }
  });

  it("is called like a tool that the agent does not have", async () => {
    const other = await openDesk({ tools: { deny: ["session_status"] } });
    other.replies({ text: ["ok"] });
    const taken = { ...WEATHER, function: { ...WEATHER.function, name: "session_status" } };
    const { status } = await other.post("/v1/chat/completions", { ...asking, tools: [taken] });
    assert.equal(status, 200);
  });
});

describe("tool_choice", () => {
  const choices = [
    ["required", "required"],
    [{ type: "function", function: { name: "get_weather" } }, "get_weather"],
  ] as const;

  it("none takes the client's tools away", async () => {
    desk.replies({ text: ["ok"] });
    await chat({ ...asking, tool_choice: "none" });
    const tools = desk.asked().body["tools"] as { function: { name: string } }[];
    assert.ok(!tools.some((t) => t.function.name === "get_weather"));
    assert.ok(!("tool_choice" in desk.asked().body));
  });

  for (const [choice, name] of choices)
    it(`${name} is passed on, and 502 when it is not met`, async () => {
      desk.replies({ text: ["I'd rather not."] });
      const { status, body } = await chat({ ...asking, tool_choice: choice });
      const error = { message: `tool_choice=${name} was not satisfied by the agent response`, type: "api_error" };
      assert.deepEqual({ status, body }, { status: 502, body: { error } });
      assert.deepEqual(desk.asked().body["tool_choice"], choice);
      const events = await desk
        .send("/v1/chat/completions", { body: { ...asking, tool_choice: choice, stream: true } })
        .then(eventsOf);
      assert.deepEqual(
        events.slice(-2).map(({ data }) => data),
        [{ error }, "[DONE]"],
      );
      desk.replies({ calls: [CALL] });
      assert.equal((await chat({ ...asking, tool_choice: choice })).status, 200);
    });
});
