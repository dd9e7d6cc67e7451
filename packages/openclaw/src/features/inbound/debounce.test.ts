import { test } from "node:test";
import assert from "node:assert/strict";
import { systemClock } from "../../base/time.ts";
import type { EnvelopePart } from "../../contracts/envelope.ts";
import type { InboxRow } from "../../store/index.ts";
import { Debounce } from "./_debounce.ts";
import type { Meaning } from "./interpret.ts";

const QUIET = 40;

interface Wrote {
  readonly id: string;
  readonly from?: string;
  readonly chat?: string;
  readonly channel?: string;
  readonly parts?: readonly EnvelopePart[];
  readonly options?: Record<string, unknown>;
}

function meaning({ id, from = "ann", chat = "1", channel = "sim", parts, options }: Wrote): Meaning {
  const row = {
    id,
    account: `${channel}:default`,
    envelope: {
      nativeId: `n-${id}`,
      address: { channel, account: "default", kind: "direct", chat },
      from: { id: from },
      parts: parts ?? [{ type: "text", text: id }],
      at: 1,
    },
    ...(options ? { options } : {}),
  } as unknown as InboxRow;
  const principal = { kind: "person", id: `${channel}:default:${from}`, role: "owner", scopes: [] } as const;
  return { row, principal, agentId: "main", sessionKey: "agent:main:main", text: id } as unknown as Meaning;
}

/** What was handed over, as texts and row ids. Fake. */
function held(fail = 0, closing = new AbortController().signal) {
  const handed: { text: string; newest: string; rows: string[]; images: number }[] = [];
  let failures = fail;
  const debounce = new Debounce({
    clock: systemClock,
    quietMs: (channel) => (channel === "sim" ? QUIET : 0),
    submit: async ({ text, row }, rows) => {
      if (failures-- > 0) throw new Error("no room");
      const images = row.envelope.parts.filter(({ type }) => type === "image").length;
      handed.push({ text, newest: row.id, rows: rows.map(({ id }) => id), images });
    },
    closing,
  });
  return { debounce, handed, take: (wrote: Wrote) => debounce.take(meaning(wrote)) };
}

/** Timers of the clock do not keep a process alive; a test that waits for one does. */
async function alive<T>(work: Promise<T>): Promise<T> {
  const keep = setInterval(() => {}, 1000);
  return work.finally(() => clearInterval(keep));
}

const image: EnvelopePart = { type: "image", data: "AA==", mimeType: "image/png" };

test("what one person writes in a row is one turn, with the ids of the newest", async () => {
  const { handed, take } = held();
  await alive(Promise.all(["a", "b", "c"].map((id) => take({ id }))));
  assert.deepEqual(handed, [{ text: "a\nb\nc", newest: "c", rows: ["a", "b", "c"], images: 0 }]);
});

test("people, conversations and messages with wishes of their own are held apart", async () => {
  const { handed, take } = held();
  await alive(
    Promise.all([
      take({ id: "a" }),
      take({ id: "b", from: "bob" }),
      take({ id: "c", chat: "2" }),
      take({ id: "d", options: { thinking: "high" } }),
    ]),
  );
  assert.deepEqual(handed.map(({ rows }) => rows.join()).sort(), ["a", "b", "c", "d"]);
});

test("the order of one person's messages is kept where they cannot be taken together", async () => {
  const { handed, take } = held();
  await alive(Promise.all([take({ id: "a" }), take({ id: "b", options: { thinking: "high" } }), take({ id: "c" })]));
  assert.deepEqual(
    handed.map(({ text }) => text),
    ["a", "b", "c"],
  );
});

test("a picture waits for nothing and takes what is held along", async () => {
  const { handed, take } = held();
  void take({ id: "a" });
  await take({ id: "look", parts: [{ type: "text", text: "look" }, image] });
  assert.deepEqual(handed, [{ text: "a\nlook", newest: "look", rows: ["a", "look"], images: 1 }]);
  await take({ id: "alone", parts: [image] });
  await take({ id: "voice", parts: [{ type: "text", text: "<media:audio>" }] });
  assert.equal(handed.length, 3);
});

test("without a quiet time, and for callers who wait for their run, nothing is held", async () => {
  const { handed, take } = held();
  await take({ id: "a", channel: "other" });
  await take({ id: "b", options: { runId: "r" } });
  assert.deepEqual(
    handed.map(({ text }) => text),
    ["a", "b"],
  );
});

test("what is held is handed over before a command", async () => {
  const { debounce, handed, take } = held();
  void take({ id: "a" });
  await debounce.flush(meaning({ id: "/status" }).row);
  assert.deepEqual(
    handed.map(({ text }) => text),
    ["a"],
  );
});

test("somebody who never pauses is answered all the same", async () => {
  const { handed, take } = held();
  for (let n = 0; n < 60; n += 1) void take({ id: `${n}` });
  await systemClock.sleep(1);
  assert.equal(handed[0]?.rows.length, 50);
});

test("a failure reaches everybody whose message was held, so that each is tried again", async () => {
  const { handed, take } = held(1);
  const outcomes = await alive(Promise.allSettled([take({ id: "a" }), take({ id: "b" })]));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  await alive(Promise.all([take({ id: "a" }), take({ id: "b" })]));
  assert.deepEqual(handed[0]?.rows, ["a", "b"]);
});

test("a gateway that stops hands nothing over: the rows are there for the next one", async () => {
  const closing = new AbortController();
  const { handed, take } = held(0, closing.signal);
  void take({ id: "a" });
  closing.abort();
  await systemClock.sleep(2 * QUIET);
  assert.deepEqual(handed, []);
});
