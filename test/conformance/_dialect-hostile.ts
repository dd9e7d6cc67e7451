/** What no server should send, and what must not happen because of it. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { it as testIt } from "node:test";
import type { Fetch } from "../../packages/openclaw/src/base/fetch.ts";
import type { ModelEvent } from "../../packages/openclaw/src/contracts/model.ts";
import { wireOf } from "../fakes/_wires.ts";
import type { Reply } from "../fakes/model-server.ts";
import {
  assertOrder,
  collect,
  delivering,
  exchange,
  failureOf,
  ioWith,
  messageOf,
  requestFor,
} from "./_dialect-kit.ts";
import type { DialectCase } from "./testDialect.ts";

const MEGABYTE = 1024 * 1024;

export function hostile(it: typeof testIt, { dialect, server: { api, start, bytes } }: DialectCase): void {
  const wire = wireOf(api);
  const read = async (pieces: readonly Uint8Array[]) => {
    const io = ioWith(delivering(pieces, wire.contentType));
    const events = await collect(dialect.stream(requestFor(api, "http://127.0.0.1:1"), io));
    assertOrder(events);
    return events;
  };

  it("passes over events and blocks that nobody defined", async () => {
    const events = wire.events({ text: ["Good ", "morning"] }, "fake-1").map((event) => Buffer.from(event));
    const at = events.findIndex((event) => event.includes("morning"));
    const strange = [...events.slice(0, at), Buffer.from(wire.unknown), ...events.slice(at)];
    const last = (await read(strange)).at(-1) as ModelEvent;
    assert.deepEqual(messageOf(last).content, [{ type: "text", text: "Good morning" }]);
  });

  it("never takes a stream that was cut at any byte for more than it was", async () => {
    const call = { id: "call_1", name: "exec", arguments: '{"command":"rm -r build"}' };
    const whole = bytes(api, { thinking: ["Hm."], text: ["I clean ", "up."], calls: [call] });
    const complete = messageOf((await read([whole])).at(-1) as ModelEvent).content;
    for (let at = 0; at < whole.length; at += 1) {
      const last = (await read([whole.subarray(0, at)])).at(-1) as ModelEvent;
      if (last.type === "done")
        assert.deepEqual(withoutIds(last.message.content), withoutIds(complete), `cut at ${at}`);
      else assert.ok(failureOf(last).partial.content.every((part) => part.type !== "toolCall"));
    }
  });

  it("reads on behind bytes that are no UTF-8", async () => {
    const whole = Buffer.from(bytes(api, { text: ["one ", "MARK", " two"] }));
    const at = whole.indexOf("MARK");
    const broken = Buffer.from(whole);
    broken.set([0xff, 0xfe, 0xc3, 0x28], at);
    const last = (await read([broken])).at(-1) as ModelEvent;
    // A protocol with checksums notices; the others show a sign in place of what cannot be read.
    if (last.type === "error") assert.ok(failureOf(last).failure.class === "server_error");
    else {
      const [part] = messageOf(last).content;
      assert.ok(part?.type === "text" && part.text.isWellFormed());
      assert.match(part.text, /^one .*\uFFFD.* two$/);
    }
  });

  it("takes arguments of 5 MB, however many pieces they come in", async () => {
    const big = JSON.stringify({ content: "ä\n".repeat(MEGABYTE) });
    const { last } = await exchange({ dialect, api }, { calls: [{ id: "call_1", name: "write", arguments: big }] });
    const [call] = messageOf(last).content;
    assert.ok(call?.type === "toolCall" && call.malformed === undefined);
    assert.equal(String(call.arguments["content"]).length, 2 * MEGABYTE);
  });

  it("ends arguments of 10 MB as a call or as a failure, never as half a call", async () => {
    const big = JSON.stringify({ content: "x".repeat(10 * MEGABYTE) });
    const { last } = await exchange({ dialect, api }, { calls: [{ id: "call_1", name: "write", arguments: big }] });
    if (last.type === "error") {
      assert.equal(failureOf(last).failure.class, "server_error");
      return;
    }
    const [call] = messageOf(last).content;
    assert.ok(call?.type === "toolCall" && String(call.arguments["content"]).length === 10 * MEGABYTE);
  });

  it("ends thinking that never ends", async () => {
    const events = wire.events({ thinking: ["Hm, "] }, "fake-1").map((event) => Buffer.from(event));
    const at = events.findIndex((event) => event.includes("Hm, "));
    const script: Reply = {
      kind: "endless",
      first: Buffer.concat(events.slice(0, at + 1)),
      then: Buffer.concat(Array.from({ length: 50 }, () => events[at] as Buffer)),
    };
    const server = await start({ api, script });
    try {
      // The same limit as in service, at a size that a test can wait for.
      const fetch: Fetch = (url, options) => ioWith().fetch(url, { ...options, maxBytes: 2 * MEGABYTE });
      const last = (await collect(dialect.stream(requestFor(api, server.url), ioWith(fetch)))).at(-1) as ModelEvent;
      assert.equal(failureOf(last).failure.class, "server_error");
      assert.equal(await server.requests[0]?.ended, "closed", "nobody listens any more");
    } finally {
      await server.close();
    }
  });

  redirects(it, { dialect, server: { api, start, bytes } });
}

/** A server may send its callers to another path, never to another host: the credential would go with them. */
function redirects(it: typeof testIt, { dialect, server: { api, bytes } }: DialectCase): void {
  const wire = wireOf(api);
  const follow = async (where: "same" | "other") => {
    const seen: { host: string; credential: boolean; path: string }[] = [];
    const servers = await Promise.all(
      ["first", "second"].map(async (name) => {
        const server = createServer((request, response) => {
          const credential = JSON.stringify(request.headers).includes("sk-fake-0123456789");
          seen.push({ host: name, credential, path: request.url ?? "" });
          request.resume();
          if (name === "first" && request.url !== "/elsewhere") {
            const host = where === "same" ? servers[0]?.origin : servers[1]?.origin;
            response.writeHead(307, { location: `${host}/elsewhere` }).end();
          } else {
            response.writeHead(200, { "content-type": wire.contentType });
            response.end(bytes(api, { text: ["found"] }));
          }
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      }),
    );
    try {
      const request = requestFor(api, `${servers[0]?.origin}${wire.base}`);
      return { last: (await collect(dialect.stream(request, ioWith()))).at(-1) as ModelEvent, seen };
    } finally {
      for (const { server } of servers) {
        server.closeAllConnections();
        server.close();
      }
    }
  };

  it("does not follow a redirect to another host", async () => {
    const { last, seen } = await follow("other");
    assert.equal(failureOf(last).failure.code, "EGRESS_REFUSED");
    assert.deepEqual(
      seen.map(({ host }) => host),
      ["first"],
    );
  });

  it("follows a redirect on the configured host, credential and all", async () => {
    const { last, seen } = await follow("same");
    assert.deepEqual(messageOf(last).content, [{ type: "text", text: "found" }]);
    assert.deepEqual(
      seen.map(({ host, path }) => [host, path === "/elsewhere"]),
      [
        ["first", false],
        ["first", true],
      ],
    );
    assert.equal(seen[0]?.credential, seen[1]?.credential);
  });
}

/** Where the protocol has no ids, they are made anew at every reading. */
function withoutIds(content: readonly { readonly type: string }[]): unknown {
  return content.map((part) => ({ ...part, id: undefined }));
}
