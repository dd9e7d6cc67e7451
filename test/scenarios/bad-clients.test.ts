/** Clients that do not know the protocol, the token or their place; and messages that come twice. */
import assert from "node:assert/strict";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { WebSocket } from "ws";
import type { ClientOptions } from "ws";
import { TOKEN } from "../harness/gateway.ts";
import type { Place } from "../harness/gateway.ts";
import { command, history, open, refusal, textOf, until, works } from "./_bad.ts";

interface Answer {
  readonly ok?: boolean;
  readonly event?: string;
  readonly id?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly details?: Record<string, unknown> };
}

/** A socket as a program opens it that was written without knowing the protocol. */
class Raw {
  readonly socket: WebSocket;
  readonly heard: Answer[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  /** Status of an upgrade that was refused. */
  refused: number | undefined;

  constructor({ port }: Place, options: ClientOptions = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}`, options);
    this.socket.on("message", (data: Buffer) => this.heard.push(JSON.parse(data.toString("utf8")) as Answer));
    this.socket.on("close", (code, reason) => (this.closed = { code, reason: reason.toString("utf8") }));
    this.socket.on("unexpected-response", (_, response) => {
      this.refused = response.statusCode;
      this.socket.terminate();
    });
    this.socket.on("error", () => {});
  }

  greeted(): Promise<void> {
    return until("the challenge", () => this.heard.some(({ event }) => event === "connect.challenge"));
  }

  async answer(id: string): Promise<Answer> {
    await until(`the answer to ${id}`, () => this.heard.some((each) => each.id === id));
    return this.heard.find((each) => each.id === id) as Answer;
  }

  async end(): Promise<{ readonly code: number; readonly reason: string }> {
    await until("the end of the socket", () => this.closed !== undefined);
    return this.closed as { code: number; reason: string };
  }

  send(id: string, method: string, params: unknown): void {
    this.socket.send(JSON.stringify({ type: "req", id, method, params }));
  }

  async login(over: Record<string, unknown> = {}): Promise<Answer> {
    await this.greeted();
    this.send("login", "connect", {
      minProtocol: 3,
      maxProtocol: 4,
      client: { id: "gateway-client", mode: "backend", version: "0", platform: "linux" },
      role: "operator",
      scopes: ["operator.read"],
      auth: { token: TOKEN },
      ...over,
    });
    return this.answer("login");
  }
}

test("a wrong token is refused in words a person can act on; the right one still gets in", async (t) => {
  const world = await open(t);
  const { port } = world.place;
  const wrong = new Raw(world.place);
  const answer = await wrong.login({ auth: { token: "wrong" } });
  assert.equal(answer.ok, false);
  assert.equal(answer.error?.details?.["code"], "AUTH_TOKEN_MISMATCH");
  assert.equal((await wrong.end()).code, 1008);

  const args = ["health", "--url", `ws://127.0.0.1:${port}`];
  const refused = await command(world.place, [...args, "--token", "wrong"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /unauthorized/i);
  assert.match(refused.stderr, /Get the current token with: openclaw dashboard/);
  assert.ok(!refused.stderr.includes(TOKEN));
  assert.equal((await command(world.place, [...args, "--token", TOKEN])).code, 0);
  await works(world);
});

test("a client of another protocol is told which ones are spoken", async (t) => {
  const world = await open(t);
  for (const [minProtocol, maxProtocol] of [
    [1, 2],
    [5, 9],
  ]) {
    const raw = new Raw(world.place);
    const { error } = await raw.login({ minProtocol, maxProtocol });
    assert.equal(error?.details?.["code"], "PROTOCOL_MISMATCH");
    assert.match(error?.message ?? "", /protocol/);
    assert.equal((await raw.end()).code, 1002);
  }
  assert.equal((await new Raw(world.place).login()).ok, true);
  await works(world);
});

test("a megabyte before login closes that socket and no other", async (t) => {
  const world = await open(t);
  for (let i = 0; i < 5; i += 1) {
    const raw = new Raw(world.place);
    await raw.greeted();
    raw.send("big", "connect", { pad: "x".repeat(1_048_576) });
    assert.equal((await raw.end()).code, 1009);
  }
  await works(world);
});

test("binary rubbish closes a socket before login and is answered after it", async (t) => {
  const world = await open(t);
  const rubbish = Buffer.from([0x00, 0xff, 0xfe, 0x80, 0x7b]);
  const stranger = new Raw(world.place);
  await stranger.greeted();
  stranger.socket.send(rubbish);
  assert.deepEqual(await stranger.end(), { code: 1008, reason: "invalid request frame" });

  const known = new Raw(world.place);
  await known.login();
  known.socket.send(rubbish);
  assert.equal((await known.answer("invalid")).error?.code, "INVALID_REQUEST");
  known.send("then", "health", {});
  assert.equal((await known.answer("then")).ok, true);
  await works(world);
});

test("an unknown method and a missing scope are named, and the connection goes on", async (t) => {
  const world = await open(t);
  const unknown = await refusal(world.client.request("no.such.method"));
  assert.equal(unknown.code, "INVALID_REQUEST");
  assert.equal(unknown.message, "unknown method: no.such.method");

  const reader = new Raw(world.place);
  await reader.login();
  reader.send("write", "chat.send", { sessionKey: "main", message: "let me", idempotencyKey: "scope-1" });
  const { error } = await reader.answer("write");
  assert.equal(error?.message, "missing scope: operator.write");
  reader.send("read", "chat.history", { sessionKey: "main" });
  assert.equal((await reader.answer("read")).ok, true, "what it may do, it can");
  assert.equal(world.model.requests.length, 0);

  const said = await command(world.place, ["gateway", "call", "no.such.method"]);
  assert.equal(said.code, 1);
  assert.match(said.stderr, /unknown method: no\.such\.method/);
  await works(world);
});

test("a message that is sent again under its key is asked once, also after a restart; another under that key is refused", async (t) => {
  const world = await open(t);
  const send = (message: string) =>
    world.client.request("chat.send", { sessionKey: "main", message, idempotencyKey: "once-1" });
  const twice = (await Promise.all([send("ask this once"), send("ask this once")])) as { status: string }[];
  assert.deepEqual(twice.map(({ status }) => status === "started").filter(Boolean).length, 1);
  await until("the answer", async () => (await history(world.client)).length === 2);
  assert.equal(((await send("ask this once")) as { status: string }).status, "ok");

  const other = await refusal(send("something else"));
  assert.equal(other.message, "This idempotency key was used for another message.");
  assert.equal(other.remedy, "Use a fresh key for each message.");

  await world.restart("kill");
  assert.equal(((await send("ask this once")) as { status: string }).status, "ok");
  assert.equal((await refusal(send("something else"))).details?.["reason"], "chat-request-conflict");
  assert.equal(world.model.requests.length, 1);
  assert.deepEqual((await history(world.client)).map(textOf), ["ask this once", "answer to ask this once"]);
  await works(world);
});

test("a page of another site and a rebound name get nothing, the gateway's own page does", async (t) => {
  const world = await open(t);
  const { port } = world.place;
  const foreign = new Raw(world.place, { origin: "https://evil.example" });
  await until("the refusal", () => foreign.refused !== undefined || foreign.heard.length > 0);
  if (foreign.refused === undefined) {
    const answer = await foreign.login({ client: { id: "webchat", mode: "webchat", version: "0", platform: "web" } });
    assert.equal(answer.ok, false);
    assert.match(answer.error?.message ?? "", /origin/i);
    assert.equal((await foreign.end()).code, 1008);
  }
  const rebound = new Raw(world.place, {
    headers: { Host: `evil.example:${port}` },
    origin: `http://evil.example:${port}`,
  });
  await until("the refusal", () => rebound.refused !== undefined);
  assert.equal(rebound.refused, 403);
  for (const host of [`evil.example:${port}`, `127.0.0.1:${port}`])
    assert.ok(!(await page(port, host)).includes(TOKEN), "the page is for everybody and holds no secret");
  const own = new Raw(world.place, { origin: `http://127.0.0.1:${port}` });
  await own.greeted();
  assert.equal((await own.login()).ok, true);
  await works(world);
});

async function page(port: number, host: string): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ port, host: "127.0.0.1", path: "/", headers: { Host: host } }, resolve)
      .on("error", reject)
      .end();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

test("a tab that is closed in mid-stream ends nothing: the reply is in the history of the next one", async (t) => {
  const world = await open(t);
  world.script = () => ({ text: ["one ", "two ", "three ", "four ", "five"], everyMs: 60 });
  const tab = new Raw(world.place);
  await tab.login({ scopes: ["operator.read", "operator.write"] });
  tab.send("ask", "chat.send", { sessionKey: "main", message: "count", idempotencyKey: "tab-1" });
  await until("the first words", () => tab.heard.some(({ event }) => event === "chat"));
  tab.socket.terminate();
  const { status } = (await world.client.request("agent.wait", { runId: "tab-1", timeoutMs: 10_000 })) as {
    status: string;
  };
  assert.equal(status, "ok");
  assert.deepEqual((await history(world.client)).map(textOf), ["count", "one two three four five"]);
  world.script = undefined;
  await works(world);
});
