import { EventEmitter } from "node:events";
import { test } from "node:test";
import assert from "node:assert/strict";
import type { RouteCall } from "../../contracts/route.ts";
import { EventStream } from "./_sse.ts";

/** FAKE of a connection that takes what it is told to take, and of a clock that is moved by hand. */
function connection() {
  const timers = new Set<{ at: number; fire: () => void }>();
  let now = 0;
  const response = Object.assign(new EventEmitter(), {
    written: [] as string[],
    takes: true,
    destroyed: false,
    writableEnded: false,
    writeHead() {},
    write(chunk: string) {
      response.written.push(chunk);
      return response.takes;
    },
    end(chunk: string) {
      response.written.push(chunk);
      response.writableEnded = true;
      response.emit("close");
    },
    destroy() {
      response.destroyed = true;
      response.emit("close");
    },
  });
  const timer = (ms: number, fire: () => void) => {
    const entry = { at: now + ms, fire };
    timers.add(entry);
    return () => void timers.delete(entry);
  };
  return {
    call: { response, platform: { clock: { timer } } } as unknown as RouteCall,
    response,
    timers,
    pass(ms: number) {
      now += ms;
      for (const entry of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(entry);
        entry.fire();
      }
    },
  };
}

test("text goes out as it comes", () => {
  const { call, response } = connection();
  const out = new EventStream(call, (text) => `[${text}]`);
  out.open("first");
  out.text("a");
  out.text("b");
  out.end("last");
  assert.deepEqual(response.written, ["first", "[a]", "[b]", "last"]);
});

test("text that the client does not take is merged, and stays before what follows", () => {
  const { call, response } = connection();
  const out = new EventStream(call, (text) => `[${text}]`);
  out.open("first");
  response.takes = false;
  out.text("a");
  out.text("b");
  out.text("c");
  assert.deepEqual(response.written, ["first", "[a]"]);
  response.takes = true;
  response.emit("drain");
  assert.deepEqual(response.written, ["first", "[a]", "[bc]"]);
  response.takes = false;
  out.text("d");
  out.text("e");
  out.end("last");
  assert.deepEqual(response.written.slice(3), ["[d]", "[e]last"]);
});

test("silence is broken every 15 seconds, not while something is sent", () => {
  const { call, response, pass } = connection();
  const out = new EventStream(call, (text) => text);
  out.open("first");
  pass(14_000);
  out.text("a");
  pass(14_000);
  assert.deepEqual(response.written, ["first", "a"]);
  pass(1000);
  pass(15_000);
  assert.deepEqual(response.written.slice(2), [": ping\n\n", ": ping\n\n"]);
});

test("a client that takes nothing for a minute is let go, one that takes a little is not", () => {
  const { call, response, pass } = connection();
  const out = new EventStream(call, (text) => text);
  response.takes = false;
  out.open("first");
  pass(59_000);
  response.emit("drain");
  pass(59_000);
  assert.equal(response.destroyed, false);
  out.text("more");
  pass(60_000);
  assert.equal(response.destroyed, true);
});

test("nothing stays behind when the stream ends, however it ends", () => {
  for (const finish of ["end", "destroy"] as const) {
    const { call, response, timers } = connection();
    const out = new EventStream(call, (text) => text);
    out.open("first");
    response[finish]("");
    assert.equal(timers.size, 0, finish);
    out.text("late");
    assert.ok(!response.written.includes("late"));
  }
});
