import { test } from "node:test";
import assert from "node:assert/strict";
import { Type, closed } from "../../../contracts/schema.ts";
import { defineTool, text } from "../../../contracts/tool.ts";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { AssistantMessage, Message } from "../../../contracts/message.ts";
import { CLIENT } from "./client.ts";
import { delegated } from "../../context/index.ts";
import { calls, fails, rig, says } from "../_fakes.ts";

const schema = (name: string) => ({ name, description: "", parameters: Type.Object({}) });
const wishes = { clientTools: [schema("weather")] };
const own = defineTool({
  name: "own",
  group: "fs",
  label: "Own",
  summary: "own",
  description: "Own.",
  effect: "read",
  params: closed({ n: Type.Number() }),
  load: async () => ({ preview: () => ({ target: "x", exact: {} }), run: async () => text("did it") }),
});
const roles = (messages: readonly Message[]) => messages.map(({ role }) => role);
const answer = (...content: AssistantMessage["content"]): AssistantMessage => ({
  role: "assistant",
  content,
  timestamp: 1,
  api: "fake",
  provider: "p0",
  model: "m0",
  usage: NO_USAGE,
  stopReason: "toolUse",
});
const call = { type: "toolCall", id: "weather-0", name: "weather", arguments: { n: 0 } } as const;

test("tools of the caller are offered beside the agent's own, in order of name", async () => {
  const world = rig([says("ok")], { tools: [own] });
  await world.turn("hi", { wishes: { clientTools: [schema("zeta"), schema("alpha")] } });
  assert.deepEqual(
    world.requests[0]?.tools.map(({ name }) => name),
    ["alpha", "own", "zeta"],
  );
});

test("a call of the caller's tool ends the run and tells what is to be done", async () => {
  const world = rig([calls("weather")]);
  await world.turn("weather?", { wishes });
  assert.equal(world.requests.length, 1);
  assert.deepEqual(world.ended[0]?.result.calls, [{ id: "weather-0", name: "weather", arguments: '{"n":0}' }]);
  assert.equal(world.ended[0]?.result.status, "ok");
  assert.deepEqual(roles(world.messages), ["user", "assistant", "toolResult"]);
});

test("the agent's own tools of the same answer are run", async () => {
  const world = rig([calls("own", "weather")], { tools: [own] });
  await world.turn("both", { wishes });
  assert.match(JSON.stringify(world.messages), /did it/);
  assert.deepEqual(
    world.ended[0]?.result.calls?.map(({ name }) => name),
    ["weather"],
  );
});

test("a tool of the caller that is called like one of the agent's is refused", async () => {
  const world = rig([says("ok")], { tools: [own] });
  await world.turn("hi", { wishes: { clientTools: [schema("own")] } });
  assert.equal(world.ended[0]?.result.error?.code, "CLIENT_TOOL_TAKEN");
  assert.equal(world.ended[0]?.result.error?.status, 400);
});

test("results of the caller's tools go on where the call was made, without a new question", async () => {
  const result = { role: "toolResult", toolCallId: "weather-0", toolName: "weather", isError: false } as const;
  const world = rig([calls("weather"), says("sunny")]);
  await world.turn("weather?", { wishes, id: "one" });
  await world.turn("", {
    id: "two",
    wishes: {
      ...wishes,
      conversation: [
        { role: "user", content: "weather?", timestamp: 1 },
        { ...answer(call), provider: CLIENT },
        { ...result, content: [{ type: "text", text: "22 °C" }], timestamp: 1 },
      ],
    },
  });
  assert.deepEqual(roles(world.requests[1]?.messages ?? []), ["user", "assistant", "toolResult"]);
  assert.match(JSON.stringify(world.requests[1]?.messages), /22 °C/);
  assert.deepEqual(world.ended[1]?.result.texts, ["sunny"]);
});

test("a conversation that the caller brings along is replayed as it was, and is no answer of this run", async () => {
  const world = rig([says("fine")]);
  const conversation: Message[] = [
    { role: "user", content: "hi", timestamp: 1 },
    { ...answer({ type: "text", text: "Hello" }), provider: CLIENT },
  ];
  await world.turn("how are you?", { wishes: { conversation } });
  assert.deepEqual(roles(world.requests[0]?.messages ?? []), ["user", "assistant", "user"]);
  assert.deepEqual(world.ended[0]?.result.texts, ["fine"]);
});

test("wishes reach the model", async () => {
  const world = rig([says("ok")]);
  await world.turn("hi", { wishes: { ...wishes, toolChoice: "required", sampling: { temperature: 0.1, seed: 3 } } });
  const { toolChoice, temperature, seed } = world.requests[0] ?? {};
  assert.deepEqual({ toolChoice, temperature, seed }, { toolChoice: "required", temperature: 0.1, seed: 3 });
});

test("whoever waits is not kept waiting longer than it said", async () => {
  const overloaded = fails({ class: "overloaded" });
  const patient = rig(Array.from({ length: 10 }, () => overloaded));
  await patient.turn("hi");
  assert.deepEqual(patient.slept, [500, 1000, 2000, 2500, 5000, 10_000, 20_000, 30_000, 30_000]);
  const impatient = rig([overloaded]);
  await impatient.turn("hi", { wishes: { patienceMs: 400 } });
  assert.deepEqual(impatient.slept, []);
  assert.deepEqual(impatient.ended[0]?.result.error?.failure, { class: "overloaded" });
});

test("a call is shown while it is written; what was shown is not asked again of another model", async () => {
  const world = rig(
    [
      (request) => [
        { type: "toolcall", id: "own-0", name: "own" },
        { type: "arguments", id: "own-0", delta: "{}" },
        { type: "toolcall", id: "w", name: "weather" },
        { type: "arguments", id: "w", delta: '{"city"' },
        {
          type: "error",
          failure: { class: "overloaded", message: "gone" },
          partial: { ...answer(), model: request.endpoint.model.id, stopReason: "error" },
        },
      ],
    ],
    { models: 2, tools: [own] },
  );
  await world.turn("weather?", { wishes });
  const shown = world.events.flatMap(({ stream, data }) => (stream === "call" ? [data] : []));
  assert.deepEqual(shown, [
    { index: 0, id: "w", name: "weather" },
    { index: 0, delta: '{"city"' },
  ]);
  assert.equal(world.requests.length, 1);
  assert.equal(world.ended[0]?.result.status, "error");
});

test("a process that died after the call left the same outcome behind", async () => {
  const before = [
    { message: { role: "user", content: "weather?", timestamp: 1 } as Message, runId: "run" },
    { message: answer(call), runId: "run" },
  ];
  const world = rig([], { before });
  await world.turn("weather?", { attempts: 2, wishes });
  assert.equal(world.requests.length, 0);
  assert.equal(world.ended[0]?.result.calls?.[0]?.name, "weather");
  assert.deepEqual(world.messages[2], { ...delegated(call, 1), timestamp: (world.messages[2] as Message).timestamp });
});

test("a process that died while the conversation was written goes on with what is missing", async () => {
  const conversation: Message[] = [
    { role: "user", content: "hi", timestamp: 1 },
    { ...answer({ type: "text", text: "Hello" }), provider: CLIENT, stopReason: "stop" },
  ];
  for (const written of [0, 1, 2]) {
    const before = conversation.slice(0, written).map((message) => ({ message, runId: "run" }));
    const world = rig([says("fine")], { before });
    await world.turn("and?", { attempts: 2, wishes: { conversation } });
    assert.deepEqual(roles(world.messages), ["user", "assistant", "user", "assistant"], `after ${written}`);
  }
});
