import assert from "node:assert/strict";
import { request } from "node:http";
import { test, type TestContext } from "node:test";
import { ask, bearer as wrong } from "./_http.ts";
import { eventually, TOKEN, wholeGateway, type Whole } from "./_whole.ts";

const bearer = { Authorization: `Bearer ${TOKEN}` };
const HOOK = "the-hook-token-0123456789";
const hooks = { enabled: true, token: HOOK };

async function api(
  gateway: Whole,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = bearer,
) {
  const raw = typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body);
  const answer = await ask(gateway.port, path, { method, headers, ...(raw === undefined ? {} : { body: raw }) });
  const json = answer.body.startsWith("{") ? (JSON.parse(answer.body) as Record<string, never>) : {};
  return { ...answer, json: json as Record<string, unknown> & { error?: Record<string, unknown> } };
}

/** A turn of the session `hook:chat`, waited for. */
async function say(gateway: Whole, message: string): Promise<void> {
  const before = gateway.model.requests.length;
  const headers = { authorization: `Bearer ${HOOK}` };
  await api(gateway, "POST", "/hooks/agent", { message, sessionKey: "hook:chat", wakeMode: "next-heartbeat" }, headers);
  await eventually(() => (gateway.model.requests.length > before ? true : undefined), "a run");
  await eventually(async () => {
    const { json } = await api(gateway, "GET", "/sessions/hook%3Achat/history");
    const items = (json["items"] ?? []) as { role: string }[];
    return items.at(-1)?.role === "assistant" && JSON.stringify(items).includes(message) ? true : undefined;
  }, "an answer");
}

test("the history of a session comes in pages, to those who may read it", async (t) => {
  const gateway = await wholeGateway(t, { config: { hooks } });
  await say(gateway, "first words");
  await say(gateway, "second words");
  const path = "/sessions/hook%3Achat/history";
  assert.equal((await api(gateway, "GET", path, undefined, {})).status, 401);
  assert.equal((await api(gateway, "GET", path, undefined, wrong)).status, 401);
  assert.equal((await api(gateway, "POST", path)).status, 405);
  const all = (await api(gateway, "GET", path)).json;
  const items = all["items"] as { role: string; __openclaw: { seq: number; id: string } }[];
  assert.deepEqual(
    items.map(({ role }) => role),
    ["user", "assistant", "user", "assistant"],
  );
  assert.deepEqual(
    items.map(({ __openclaw }) => __openclaw.seq),
    [1, 2, 3, 4],
  );
  assert.deepEqual([all["sessionKey"], all["hasMore"], all["messages"]], ["agent:main:hook:chat", false, items]);
  const newest = (await api(gateway, "GET", `${path}?limit=1`)).json;
  assert.deepEqual([newest["items"], newest["hasMore"], newest["nextCursor"]], [[items[3]], true, "4"]);
  const before = (await api(gateway, "GET", `${path}?limit=2&cursor=4`)).json;
  assert.deepEqual([before["items"], before["nextCursor"]], [[items[1], items[2]], "2"]);
  const first = (await api(gateway, "GET", `${path}?limit=2&cursor=2`)).json;
  assert.deepEqual([first["items"], first["hasMore"], "nextCursor" in first], [[items[0]], false, false]);
  for (const query of ["limit=0", "limit=x", "limit=-1", "cursor=0", "limit=1.5"])
    assert.equal((await api(gateway, "GET", `${path}?${query}`)).status, 400, query);
  const missing = await api(gateway, "GET", "/sessions/nobody/history");
  assert.deepEqual(
    [missing.status, missing.json],
    [404, { ok: false, error: { type: "not_found", message: "Session not found: nobody" } }],
  );
  assert.equal((await api(gateway, "GET", "/sessions/%zz/history")).status, 400);
});

test("a watched history begins with the page and goes on with every message", async (t) => {
  const gateway = await wholeGateway(t, { config: { hooks } });
  await say(gateway, "first words");
  const stream = watch(t, gateway, "/sessions/agent%3Amain%3Ahook%3Achat/history");
  await eventually(() => (stream.text().includes("event: history") ? true : undefined), "the page");
  assert.match(stream.text(), /^retry: 1000\n\nevent: history\ndata: \{"sessionKey":"agent:main:hook:chat"/);
  await say(gateway, "second words");
  const seen = await eventually(() => {
    const found = [...stream.text().matchAll(/event: message\ndata: (.*)\n\n/g)].map(([, data]) =>
      JSON.parse(data ?? ""),
    );
    return found.length >= 2 ? found : undefined;
  }, "two messages");
  assert.deepEqual(
    seen.map(({ sessionKey, messageSeq, message }) => [sessionKey, messageSeq, message.role]),
    [
      ["agent:main:hook:chat", 3, "user"],
      ["agent:main:hook:chat", 4, "assistant"],
    ],
  );
  assert.equal(stream.text().split("event: history").length, 2);
});

test("no more than 32 histories are watched at once", async (t) => {
  const gateway = await wholeGateway(t, { config: { hooks } });
  await say(gateway, "first words");
  const path = "/sessions/hook%3Achat/history";
  const streams = Array.from({ length: 32 }, () => watch(t, gateway, path));
  await eventually(() => (streams.every((one) => one.text() !== "") ? true : undefined), "32 pages");
  const headers = { ...bearer, Accept: "text/event-stream" };
  const refused = await api(gateway, "GET", path, undefined, headers);
  assert.deepEqual([refused.status, refused.headers["retry-after"]], [503, "5"]);
  streams[0]?.close();
  const again = await eventually(async () => {
    const one = watch(t, gateway, path);
    await new Promise((resolve) => setTimeout(resolve, 30));
    return one.text().startsWith("retry") ? one : undefined;
  }, "a free place");
  assert.ok(again);
});

test("kill stops the turn under way", async (t) => {
  const gateway = await wholeGateway(t, { config: { hooks }, script: { kind: "hang", after: "headers" } });
  const headers = { authorization: `Bearer ${HOOK}` };
  const body = { message: "takes long", sessionKey: "hook:chat", wakeMode: "next-heartbeat" };
  await api(gateway, "POST", "/hooks/agent", body, headers);
  await eventually(() => gateway.model.requests[0], "a model call");
  const path = "/sessions/hook%3Achat/kill";
  assert.equal((await api(gateway, "GET", path)).status, 405);
  assert.equal((await api(gateway, "POST", path, undefined, {})).status, 401);
  assert.equal((await api(gateway, "POST", "/sessions/nobody/kill")).status, 404);
  assert.deepEqual((await api(gateway, "POST", path)).json, { ok: true, killed: true });
  await gateway.model.requests[0]?.ended;
  await eventually(async () => {
    const { json } = await api(gateway, "POST", path);
    return json["killed"] === false ? true : undefined;
  }, "an end");
});

test("tools are called by name, with the tool's raw result", async (t) => {
  const gateway = await wholeGateway(t);
  const invoke = (body: unknown, headers = bearer) => api(gateway, "POST", "/tools/invoke", body, headers);
  assert.equal((await invoke({}, {} as never)).status, 401);
  assert.equal((await api(gateway, "GET", "/tools/invoke")).status, 405);
  const nameless = await invoke({});
  assert.deepEqual(
    [nameless.status, nameless.json],
    [400, { ok: false, error: { type: "invalid_request", message: "tools.invoke requires name" } }],
  );
  const status = await invoke({ name: "session_status", tool: "ignored", args: "no object" });
  assert.equal(status.status, 200, status.body);
  assert.equal(status.json["ok"], true);
  assert.ok(Array.isArray((status.json["result"] as { content?: unknown }).content));
  assert.equal(status.headers["cache-control"], "no-store");
  for (const name of ["exec", "write", "read", "cron", "apply_patch", "nothing_like_it"]) {
    const refused = await invoke({ tool: name });
    const error = { type: "not_found", message: `Tool not available: ${name}` };
    assert.deepEqual([refused.status, refused.json], [404, { ok: false, error }]);
  }
  const malformed = await invoke("{");
  assert.deepEqual([malformed.status, malformed.json["error"]?.["type"]], [400, "invalid_request_error"]);
  const large = await invoke({ name: "session_status", args: { x: "y".repeat(2_200_000) } });
  assert.deepEqual([large.status, large.json["error"]?.["message"]], [413, "Payload too large"]);
});

test("a tool call names its place, and lists of the configuration hold", async (t) => {
  const gateway = await wholeGateway(t, {
    config: {
      agents: { list: [{ id: "main", default: true }, { id: "work" }] },
      gateway: { tools: { deny: ["session_status"] } },
    },
  });
  const invoke = (body: unknown) =>
    api(gateway, "POST", "/tools/invoke", { name: "session_status", ...(body as object) });
  assert.equal((await invoke({})).status, 404);
  const message = async (body: unknown) => {
    const { status, json } = await invoke(body);
    return [status, json.error?.["message"]];
  };
  assert.deepEqual(await message({ agentId: "nope" }), [400, 'Unknown agent id "nope"']);
  assert.deepEqual(await message({ sessionKey: "agent:nope:main" }), [400, 'Unknown agent id "nope"']);
  assert.deepEqual(await message({ agentId: "main", sessionKey: "agent:work:main" }), [
    400,
    'agent "main" does not match session key agent "work"',
  ]);
});

/** Reads an event stream until the test ends. */
function watch(t: TestContext, gateway: Whole, path: string) {
  let text = "";
  const headers = { ...bearer, Accept: "text/event-stream" };
  const asking = request({ port: gateway.port, path, headers, agent: false }, (response) => {
    response.on("data", (chunk: Buffer) => (text += chunk.toString()));
    response.on("error", () => {});
  });
  asking.on("error", () => {});
  asking.end();
  const close = () => void asking.destroy();
  t.after(close);
  return { text: () => text, close };
}
