/** The official OpenAI SDK as a client of the built gateway: what it can do with this API, and the errors it raises. */
import { after, describe, it } from "node:test";
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import OpenAI from "openai";
import type { Reply, SeenRequest } from "../fakes/model-server.ts";
import { startModelServer } from "../fakes/model-server.ts";
import { TOKEN, makePlace, start } from "../harness/gateway.ts";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const CALL = { id: "call_1", name: "get_weather", arguments: '{"city":"Oslo"}' };
const PARAMETERS = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

let reply: (request: SeenRequest) => Reply | Promise<Reply> = () => ({ text: ["Hello", " world"] });
const model = await startModelServer({ api: "openai-completions", script: (request) => reply(request) });
const place = await makePlace(model.url, {
  gateway: { http: { endpoints: { chatCompletions: { enabled: true }, responses: { enabled: true } } } },
  models: {
    providers: {
      fake: {
        // Without a key there is no login that would pause after a failure: every case begins afresh.
        apiKey: undefined,
        models: [
          {
            id: "fake-1",
            name: "Fake",
            reasoning: false,
            input: ["text", "image"],
            contextWindow: 2e6,
            maxTokens: 8192,
          },
        ],
      },
    },
  },
});
const gateway = await start(place);
after(async () => {
  await gateway.stop();
  await model.close();
  place.end();
});

const connect = (options: object = {}) =>
  new OpenAI({ baseURL: `http://127.0.0.1:${place.port}/v1`, apiKey: TOKEN, maxRetries: 0, ...options });
const client = connect();
const hi = { model: "openclaw", messages: [{ role: "user" as const, content: "hi" }] };
const seen = () =>
  (model.requests.at(-1)?.body["messages"] ?? []) as { role: string; content: any; tool_call_id?: string }[];
const says = (...text: string[]) => (reply = () => ({ text }));
/** One call of the tool, then words with its result. */
const callsOnce = () => {
  reply = ({ body }) => {
    const messages = body["messages"] as { role: string; content: string }[];
    const result = messages.findLast(({ role }) => role === "tool");
    return result ? { text: [`It is ${result.content}.`] } : { calls: [CALL] };
  };
};

describe("models", () => {
  it("are listed and retrieved", async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    assert.deepEqual(ids, ["openclaw", "openclaw/default", "openclaw/main"]);
    assert.equal((await client.models.retrieve("openclaw/main")).id, "openclaw/main");
  });
});

describe("chat completions", () => {
  it("answer whole", async () => {
    says("Hello", " world");
    const completion = await client.chat.completions.create(hi);
    assert.equal(completion.choices[0]?.message.content, "Hello world");
    assert.equal(completion.choices[0]?.finish_reason, "stop");
    assert.equal(completion.usage?.total_tokens, 27);
  });

  it("answer as a stream, also through the helper", async () => {
    says("Hello", " world");
    const stream = await client.chat.completions.create({
      ...hi,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let tokens = 0;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? "";
      tokens = usage?.total_tokens ?? tokens;
    }
    assert.deepEqual([text, tokens], ["Hello world", 27]);
    const helped = client.chat.completions.stream(hi);
    assert.equal(await helped.finalContent(), "Hello world");
  });

  it("take tools there and back", async () => {
    callsOnce();
    const tools = [{ type: "function" as const, function: { name: "get_weather", parameters: PARAMETERS } }];
    const first = await client.chat.completions.create({ ...hi, tools });
    const message = first.choices[0]!.message;
    assert.equal(first.choices[0]?.finish_reason, "tool_calls");
    assert.deepEqual(message.tool_calls?.[0], {
      id: CALL.id,
      type: "function",
      function: { name: CALL.name, arguments: CALL.arguments },
    });
    const second = await client.chat.completions.create({
      ...hi,
      tools,
      messages: [...hi.messages, message, { role: "tool", tool_call_id: CALL.id, content: "cold" }],
    });
    assert.equal(second.choices[0]?.message.content, "It is cold.");
  });

  it("run the SDK's own loop over tools, whole and streamed", async () => {
    callsOnce();
    for (const stream of [false, true] as const) {
      const cities: string[] = [];
      const tool = {
        type: "function" as const,
        function: {
          name: "get_weather",
          description: "Weather of a city.",
          parameters: PARAMETERS,
          parse: JSON.parse,
          function: ({ city }: { city: string }) => (cities.push(city), "snow"),
        },
      };
      const runner = client.chat.completions.runTools({ ...hi, stream, tools: [tool] } as never) as {
        finalContent(): Promise<string | null>;
      };
      assert.equal(await runner.finalContent(), "It is snow.");
      assert.deepEqual(cities, ["Oslo"]);
    }
  });

  it("take pictures", async () => {
    says("a dot");
    const url = `data:image/png;base64,${PIXEL}`;
    const content = [
      { type: "text" as const, text: "what is it?" },
      { type: "image_url" as const, image_url: { url } },
    ];
    await client.chat.completions.create({ ...hi, messages: [{ role: "user", content }] });
    assert.deepEqual(seen().at(-1)?.content, content);
  });

  it("stop with the client", async () => {
    for (const stream of [true, false] as const) {
      reply = () => ({ kind: "hang", after: "text" });
      const before = model.requests.length;
      const leave = new AbortController();
      const asked = (async () => {
        const answer = await client.chat.completions.create({ ...hi, stream } as typeof hi, { signal: leave.signal });
        if (stream) for await (const _ of answer as unknown as AsyncIterable<unknown>);
      })().catch((error: unknown) => error);
      while (model.requests.length === before) await pause(5);
      await pause(50);
      leave.abort();
      const error = await asked;
      assert.ok(error === undefined || error instanceof OpenAI.APIUserAbortError);
      assert.equal(await model.requests.at(-1)?.ended, "closed");
    }
  });

  it("keep a user's session", async () => {
    says("Noted.");
    await client.chat.completions.create({ ...hi, user: "sdk", messages: [{ role: "user", content: "I am Ada." }] });
    await client.chat.completions.create({ ...hi, user: "sdk", messages: [{ role: "user", content: "Who am I?" }] });
    assert.deepEqual(
      seen()
        .filter(({ role }) => role !== "system")
        .map(({ content }) => content),
      ["I am Ada.", "Noted.", "Who am I?"],
    );
  });
});

describe("responses", () => {
  const question = { model: "openclaw", input: "hi" };
  const tools = [
    { type: "function" as const, name: "get_weather", parameters: PARAMETERS, strict: false, description: "Weather." },
  ];

  it("answer whole", async () => {
    says("Hello", " world");
    const response = await client.responses.create(question);
    assert.equal(response.output_text, "Hello world");
    assert.equal(response.status, "completed");
    assert.equal(response.usage?.total_tokens, 27);
  });

  it("answer as a stream of typed events", async () => {
    says("Hello", " world");
    const types: string[] = [];
    let text = "";
    for await (const event of await client.responses.create({ ...question, stream: true })) {
      types.push(event.type);
      if (event.type === "response.output_text.delta") text += event.delta;
    }
    assert.equal(text, "Hello world");
    assert.deepEqual(
      [...new Set(types)],
      [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
      ],
    );
  });

  it("satisfy the SDK's accumulator, with text and with calls", async () => {
    says("Hello", " world");
    assert.equal((await client.responses.stream(question).finalResponse()).output_text, "Hello world");
    reply = () => ({ text: ["One moment."], calls: [CALL] });
    const types = new Set<string>();
    const stream = client.responses.stream({ ...question, tools });
    for await (const { type } of stream) types.add(type);
    const final = await stream.finalResponse();
    const call = final.output.find((item) => item.type === "function_call");
    assert.deepEqual([final.output_text, call?.arguments], ["One moment.", CALL.arguments]);
    assert.ok(
      types.has("response.function_call_arguments.delta") && types.has("response.function_call_arguments.done"),
    );
  });

  it("take tools there and back, by the id of the response or by the items", async () => {
    callsOnce();
    const first = await client.responses.create({ ...question, tools });
    const call = first.output.find((item) => item.type === "function_call");
    assert.equal(call?.call_id, CALL.id);
    const output = { type: "function_call_output" as const, call_id: CALL.id, output: "cold" };
    const byId = await client.responses.create({ ...question, tools, previous_response_id: first.id, input: [output] });
    assert.equal(byId.output_text, "It is cold.");
    const byItems = await client.responses.create({
      ...question,
      tools,
      input: [{ role: "user", content: "hi" }, ...(first.output as never[]), output],
    });
    assert.equal(byItems.output_text, "It is cold.");
  });

  it("take pictures and files", async () => {
    says("ok");
    await client.responses.create({
      model: "openclaw",
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "compare" },
            { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${PIXEL}` },
            {
              type: "input_file",
              filename: "notes.txt",
              file_data: `data:text/plain;base64,${Buffer.from("the notes").toString("base64")}`,
            },
          ],
        },
      ],
    });
    assert.equal(seen().at(-1)?.content[1].type, "image_url");
    assert.match(String(seen()[0]?.content), /the notes/);
  });
});

describe("errors", () => {
  const raises = (work: Promise<unknown>, kind: new (...args: never[]) => Error, message: RegExp) =>
    assert.rejects(work, (error: unknown) => {
      assert.ok(error instanceof kind, `${String(error)} is no ${kind.name}`);
      assert.match(error.message, message);
      return true;
    });
  const fails = (status: number, headers = {}) => (reply = () => ({ kind: "refuse", status, headers }));

  it("are of the SDK's own classes", async () => {
    await raises(connect({ apiKey: "wrong" }).models.list(), OpenAI.AuthenticationError, /Unauthorized/);
    await raises(
      client.chat.completions.create({ ...hi, model: "gpt-4" }),
      OpenAI.BadRequestError,
      /^400 Invalid `model`/,
    );
    await raises(client.models.retrieve("openclaw/nope"), OpenAI.NotFoundError, /not found/);
    await raises(client.images.generate({ prompt: "x" }), OpenAI.NotFoundError, /404/);
    await raises(
      client.embeddings.create({ model: "openclaw", input: "x" }),
      OpenAI.InternalServerError,
      /no embedding provider configured/,
    );
    fails(429, { "retry-after": "120" });
    await raises(client.chat.completions.create(hi), OpenAI.RateLimitError, /^429/);
    fails(401);
    await raises(client.chat.completions.create(hi), OpenAI.InternalServerError, /^502 upstream provider error/);
    await raises(client.responses.create({ model: "openclaw", input: "x" }), OpenAI.InternalServerError, /^502/);
  });

  it("are raised from streams too", async () => {
    fails(401);
    const read = async () => {
      for await (const _ of await client.chat.completions.create({ ...hi, stream: true }));
    };
    await raises(read(), OpenAI.APIError, /upstream provider error/);
    const final = client.responses.stream({ model: "openclaw", input: "x" }).finalResponse();
    assert.equal((await final.catch((error: Error) => ({ status: error.name }))).status !== "completed", true);
  });

  it("do not make the SDK ask again what the gateway has tried already", async () => {
    fails(401);
    const before = model.requests.length;
    await assert.rejects(connect({ maxRetries: 2 }).chat.completions.create(hi));
    assert.equal(model.requests.length - before, 1);
  });

  it("name a request that is too large", async () => {
    const content = "x".repeat(21_000_000);
    await raises(
      client.chat.completions.create({ ...hi, messages: [{ role: "user", content }] }),
      OpenAI.APIError,
      /413 Payload too large|Connection error/,
    );
  });
});
