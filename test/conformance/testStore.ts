/** Proves that a store keeps the contracts of its ports. Every adapter passes the same suite. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Address, Envelope } from "../../packages/openclaw/src/contracts/envelope.ts";
import type { Principal } from "../../packages/openclaw/src/contracts/principal.ts";
import type { DeviceRequest, DeviceRow, NewPost, NewTurn, PostRow, SessionFilter, Store, TurnResult } from "../../packages/openclaw/src/store/index.ts";

export interface OpenedStore {
  readonly store: Store;
  /** A store over the same data as after `kill -9`: nothing was closed or flushed. The old one is not used any more. */
  reopen(): Promise<OpenedStore>;
  close(): Promise<void>;
}

const OWNER: Principal = { kind: "person", id: "telegram:default:1", role: "owner", scopes: ["operator.read"] };
const RESULT: TurnResult = {
  status: "ok",
  stopReason: "stop",
  texts: ["hello"],
  usage: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0, totalTokens: 3 },
  sessionId: "s1",
  durationMs: 5,
};

const address = (chat: string): Address => ({ channel: "telegram", account: "default", kind: "direct", chat });
const envelope = (nativeId: string, extra: Partial<Envelope> = {}): Envelope => ({ nativeId, address: address("1"), from: { id: "1" }, parts: [{ type: "text", text: "hi" }], at: 1, ...extra });
const message = (id: string, nativeId = id) => ({ id, account: "telegram:default", envelope: envelope(nativeId), receivedAt: 1 });
const turn = (id: string, sessionKey = "agent:main:main"): NewTurn => ({ id, agentId: "main", sessionKey, principal: OWNER, text: "hi", options: {}, createdAt: 1 });
const post = (key: string, chat = "1", at = 1): NewPost => ({ key, address: address(chat), text: `text ${key}`, at });
const device = (deviceId: string): DeviceRow => ({
  deviceId,
  publicKey: "k",
  platform: "linux",
  clientId: "cli",
  clientMode: "cli",
  roles: ["operator"],
  scopes: ["operator.read"],
  approvedVia: "owner",
  createdAtMs: 1,
  approvedAtMs: 2,
  lastSeenAtMs: 3,
  tokens: [{ role: "operator", scopes: ["operator.read"], generation: 1, createdAtMs: 1 }],
});
const request = (requestId: string, ts: number): DeviceRequest => ({
  requestId,
  deviceId: "d",
  publicKey: "k",
  platform: "linux",
  clientId: "cli",
  clientMode: "cli",
  role: "operator",
  scopes: [],
  isRepair: false,
  ts,
});
const ACCOUNT = "telegram:default";
const keys = (rows: readonly PostRow[]) => rows.map(({ key }) => key);
const page = (filter: Partial<SessionFilter> = {}): SessionFilter => ({ limit: 100, offset: 0, ...filter });

export function testStore(name: string, open: () => Promise<OpenedStore>): void {
  const check = (title: string, run: (store: Store, reopen: () => Promise<Store>) => Promise<void>) =>
    test(title, async () => {
      let opened = await open();
      try {
        await run(opened.store, async () => (opened = await opened.reopen()).store);
      } finally {
        await opened.close();
      }
    });

  describe(`${name}: inbox`, () => {
    check("a message is accepted once per account, and a repeat gets the first id", async (store) => {
      assert.deepEqual(await store.inbox.accept(message("a", "n1")), { accepted: true, id: "a" });
      assert.deepEqual(await store.inbox.accept(message("b", "n1")), { accepted: false, id: "a" });
      assert.deepEqual(await store.inbox.accept({ ...message("c", "n1"), account: "telegram:other" }), { accepted: true, id: "c" });
    });
    check("of many copies that come at once exactly one is accepted", async (store) => {
      const results = await Promise.all(Array.from({ length: 50 }, (_, n) => store.inbox.accept(message(`m${n}`, "same"))));
      assert.equal(results.filter(({ accepted }) => accepted).length, 1);
      assert.equal(new Set(results.map(({ id }) => id)).size, 1);
    });
    check("a row comes back as it was given", async (store, reopen) => {
      const row = {
        ...message("a"),
        envelope: envelope("a", { parts: [{ type: "text", text: "ü\u0000\ud83d\ude00" }], native: { thread: 3 }, replyTo: "7" }),
        principal: OWNER,
        options: { thinking: "high" },
      };
      await store.inbox.accept(row);
      assert.deepEqual(await store.inbox.get("a"), { ...row, state: "received", attempts: 0 });
      assert.deepEqual(await (await reopen()).inbox.get("a"), { ...row, state: "received", attempts: 0 });
      assert.equal(await (await reopen()).inbox.get("none"), undefined);
    });
    check("pending rows come in the order of arrival, at most as many as asked for", async (store) => {
      for (const id of ["z", "a", "m"]) await store.inbox.accept(message(id));
      assert.deepEqual((await store.inbox.pending(10)).map(({ id }) => id), ["z", "a", "m"]);
      assert.deepEqual((await store.inbox.pending(2)).map(({ id }) => id), ["z", "a"]);
    });
    check("a settled row is done with its reason, its posts are in the outbox, and it stays as settled first", async (store, reopen) => {
      await store.inbox.accept(message("a"));
      await store.inbox.settle("a", { kind: "reply", reason: "command:status" }, [post("p1")]);
      await store.inbox.settle("a", { kind: "ignored", reason: "again" }, [post("p2")]);
      const after = await reopen();
      assert.deepEqual(await after.inbox.pending(10), []);
      const row = await after.inbox.get("a");
      assert.deepEqual([row?.state, row?.outcome], ["done", { kind: "reply", reason: "command:status" }]);
      assert.deepEqual(keys(await after.outbox.due(ACCOUNT, 10, 10)), ["p1"]);
    });
    check("a row that keeps failing is dead after the last attempt", async (store) => {
      await store.inbox.accept(message("a"));
      assert.equal(await store.inbox.fail("a", "boom", 3), "retry");
      assert.equal(await store.inbox.fail("a", "boom", 3), "retry");
      assert.equal((await store.inbox.pending(1))[0]?.attempts, 2);
      assert.equal(await store.inbox.fail("a", "boom", 3), "dead");
      assert.deepEqual((await store.inbox.get("a"))?.outcome, { kind: "dead", reason: "boom" });
      assert.deepEqual(await store.inbox.pending(1), []);
    });
  });

  describe(`${name}: turns`, () => {
    check("submitting queues the turn and settles its messages in one step", async (store, reopen) => {
      await store.inbox.accept(message("m1"));
      await store.inbox.accept(message("m2"));
      const { created, turn: row } = await store.turns.submit({ ...turn("t1"), images: [{ data: "AA==", mimeType: "image/png" }], replyTo: { address: address("1"), replyTo: "9" } }, ["m1", "m2"]);
      assert.deepEqual([created, row.state, row.attempts, row.images?.length, row.replyTo?.replyTo], [true, "queued", 0, 1, "9"]);
      const after = await reopen();
      assert.deepEqual(await after.inbox.pending(10), []);
      assert.equal((await after.inbox.get("m2"))?.outcome?.turnId, "t1");
      assert.deepEqual(await after.turns.get("t1"), row);
    });
    check("a known id queues nothing and returns what is known", async (store) => {
      await store.turns.submit(turn("t1"), []);
      await store.turns.finish("t1", { state: "done", at: 5, result: RESULT, posts: [] });
      const again = await store.turns.submit({ ...turn("t1"), text: "other" }, []);
      assert.deepEqual([again.created, again.turn.text, again.turn.state, again.turn.result], [false, "hi", "done", RESULT]);
      assert.deepEqual(await store.turns.open(), []);
    });
    check("open turns are the queued and running ones, oldest first, of one session or all", async (store) => {
      for (const [id, key] of [["c", "k1"], ["a", "k2"], ["b", "k1"]] as const) await store.turns.submit(turn(id, key), []);
      await store.turns.begin("c", 2);
      assert.deepEqual((await store.turns.open()).map(({ id }) => id), ["c", "a", "b"]);
      await store.turns.finish("c", { state: "failed", at: 3, result: RESULT, posts: [] });
      assert.deepEqual((await store.turns.open("k1")).map(({ id }) => id), ["b"]);
    });
    check("every beginning is counted, and a turn that has ended cannot begin", async (store, reopen) => {
      await store.turns.submit(turn("t1"), []);
      assert.equal((await store.turns.begin("t1", 10))?.attempts, 1);
      const after = await reopen();
      const second = await after.turns.begin("t1", 20);
      assert.deepEqual([second?.state, second?.attempts, second?.startedAt], ["running", 2, 20]);
      await after.turns.finish("t1", { state: "aborted", at: 30, result: RESULT, posts: [] });
      assert.equal(await after.turns.begin("t1", 40), undefined);
      assert.equal(await after.turns.begin("unknown", 40), undefined);
    });
    check("finishing stores state, result, posts and the session's accounting together, once", async (store, reopen) => {
      await store.sessions.ensure({ key: "k", agentId: "main", entry: { sessionId: "s", updatedAt: 1, totalTokens: 1 } });
      await store.turns.submit(turn("t1", "k"), []);
      await store.turns.begin("t1", 2);
      const end = { state: "done", at: 9, result: RESULT, posts: [post("p1"), post("p2")], session: { set: { updatedAt: 9, model: "m" }, bump: { totalTokens: 3, runs: 1 } } } as const;
      await store.turns.finish("t1", end);
      await store.turns.finish("t1", { ...end, state: "failed", posts: [post("p3")] });
      const after = await reopen();
      const row = await after.turns.get("t1");
      assert.deepEqual([row?.state, row?.endedAt, row?.result], ["done", 9, RESULT]);
      assert.deepEqual((await after.sessions.get("k"))?.entry, { sessionId: "s", updatedAt: 9, totalTokens: 4, model: "m", runs: 1 });
      assert.deepEqual(await after.outbox.counts(), { pending: 2, sending: 0, sent: 0, dead: 0 });
    });
    check("a finish that cannot be stored whole stores nothing", async (store) => {
      await store.sessions.ensure({ key: "other", agentId: "main", entry: { sessionId: "o", updatedAt: 1, label: "taken" } });
      await store.sessions.ensure({ key: "k", agentId: "main", entry: { sessionId: "s", updatedAt: 1 } });
      await store.turns.submit(turn("t1", "k"), []);
      await assert.rejects(store.turns.finish("t1", { state: "done", at: 9, result: RESULT, posts: [post("p1")], session: { set: { label: "taken" } } }));
      assert.equal((await store.turns.get("t1"))?.state, "queued");
      assert.equal((await store.outbox.counts()).pending, 0);
    });
    check("ended turns are pruned by age and number, open and recent ones stay", async (store) => {
      for (const id of ["a", "b", "c", "open", "fresh"]) await store.turns.submit(turn(id), []);
      for (const [n, id] of ["a", "b", "c"].entries()) await store.turns.finish(id, { state: "done", at: n + 1, result: RESULT, posts: [] });
      await store.turns.finish("fresh", { state: "done", at: Date.now(), result: RESULT, posts: [] });
      assert.equal(await store.turns.prune(3, 1), 1);
      assert.equal(await store.turns.get("a"), undefined);
      assert.equal(await store.turns.prune(Number.MAX_SAFE_INTEGER, 100), 2);
      assert.ok((await store.turns.get("open")) && (await store.turns.get("fresh")));
    });
  });

  describe(`${name}: outbox`, () => {
    check("a key is posted once, and a row comes back as it was given", async (store) => {
      const full: NewPost = { ...post("p1"), replyTo: "5", native: { thread: 1 }, turnId: "t" };
      await store.outbox.post([full, { ...full, text: "again" }]);
      await store.outbox.post([full]);
      const [row, ...more] = await store.outbox.due(ACCOUNT, 10, 10);
      assert.deepEqual(more, []);
      assert.deepEqual(row, { ...full, id: row!.id, state: "pending", maybeSent: false, attempts: 0, notBefore: 0 });
    });
    check("only the first post of each conversation is due", async (store) => {
      await store.outbox.post([post("a1", "A"), post("a2", "A"), post("b1", "B"), post("a3", "A")]);
      assert.deepEqual(keys(await store.outbox.due(ACCOUNT, 10, 10)), ["a1", "b1"]);
      assert.deepEqual(keys(await store.outbox.due(ACCOUNT, 10, 1)), ["a1"]);
      assert.deepEqual(await store.outbox.due("telegram:other", 10, 10), []);
    });
    check("nothing of a conversation is due while one of its posts is being sent or waits for its retry", async (store) => {
      await store.outbox.post([post("a1", "A"), post("a2", "A")]);
      const [first] = await store.outbox.due(ACCOUNT, 10, 10);
      await store.outbox.sending(first!.id);
      await store.outbox.post([post("a0", "A", 0)]);
      assert.deepEqual(await store.outbox.due(ACCOUNT, 10, 10), []);
      await store.outbox.sent(first!.id, { nativeId: "n", at: 1 });
      const [next] = await store.outbox.due(ACCOUNT, 10, 10);
      assert.equal(next!.key, "a0");
      await store.outbox.sending(next!.id);
      await store.outbox.failed(next!.id, { error: "429", maybeSent: false, retryAt: 100.5 });
      assert.deepEqual(await store.outbox.due(ACCOUNT, 99, 10), []);
      assert.deepEqual(keys(await store.outbox.due(ACCOUNT, 101, 10)), ["a0"]);
    });
    check("a post that is given up lets the next one through", async (store) => {
      await store.outbox.post([post("a1", "A"), post("a2", "A")]);
      const [first] = await store.outbox.due(ACCOUNT, 10, 10);
      await store.outbox.failed(first!.id, { error: "403", maybeSent: false });
      assert.deepEqual(keys(await store.outbox.due(ACCOUNT, 10, 10)), ["a2"]);
      assert.deepEqual(await store.outbox.counts(), { pending: 1, sending: 0, sent: 0, dead: 1 });
    });
    check("posts that were being sent at a crash are pending again and may have been sent", async (store, reopen) => {
      await store.outbox.post([post("a1", "A"), post("b1", "B")]);
      const [first] = await store.outbox.due(ACCOUNT, 10, 10);
      await store.outbox.sending(first!.id);
      const after = await reopen();
      assert.deepEqual(keys(await after.outbox.due(ACCOUNT, 10, 10)), ["b1"]);
      assert.equal(await after.outbox.recover(), 1);
      assert.equal(await after.outbox.recover(), 0);
      const [again, other] = await after.outbox.due(ACCOUNT, 10, 10);
      assert.deepEqual([again?.key, again?.maybeSent, again?.attempts, other?.maybeSent], ["a1", true, 1, false]);
      await after.outbox.failed(again!.id, { error: "x", maybeSent: false, retryAt: 1 });
      assert.equal((await after.outbox.due(ACCOUNT, 10, 10))[0]?.maybeSent, true);
    });
    check("a post whose transcript is the delivery counts as sent", async (store) => {
      await store.outbox.post([{ ...post("web"), delivered: true }]);
      assert.deepEqual(await store.outbox.due(ACCOUNT, 10, 10), []);
      assert.equal((await store.outbox.counts()).sent, 1);
    });
    check("under any interleaving, each conversation is sent in order and one at a time", async (store) => {
      const total = 60;
      await Promise.all(Array.from({ length: total }, (_, n) => store.outbox.post([post(`${n}`, `c${n % 4}`, n)])));
      const sent: Record<string, number[]> = {};
      const under = new Set<string>();
      const worker = async () => {
        for (let idle = 0; idle < 20; ) {
          const [row] = (await store.outbox.due(ACCOUNT, 10, 10)).filter(({ address: { chat } }) => !under.has(chat));
          if (!row) {
            idle += 1;
            await new Promise((resolve) => setImmediate(resolve));
            continue;
          }
          const { chat } = row.address;
          under.add(chat);
          await store.outbox.sending(row.id);
          (sent[chat] ??= []).push(Number(row.key));
          await store.outbox.sent(row.id, { nativeId: row.key, at: 1 });
          under.delete(chat);
        }
      };
      await Promise.all([worker(), worker(), worker()]);
      assert.equal(Object.values(sent).flat().length, total);
      for (const order of Object.values(sent)) assert.deepEqual(order, order.toSorted((a, b) => a - b));
    });
  });

  describe(`${name}: sessions`, () => {
    const entry = (updatedAt: number, extra: Record<string, unknown> = {}) => ({ sessionId: `s${updatedAt}`, updatedAt, ...extra });
    check("a row is made once, whoever comes first", async (store) => {
      const results = await Promise.all([1, 2, 3].map((n) => store.sessions.ensure({ key: "k", agentId: "main", entry: entry(n) })));
      assert.deepEqual(results.map(({ created }) => created), [true, false, false]);
      assert.ok(results.every(({ row }) => row.entry.sessionId === "s1"));
    });
    check("a patch sets, clears and adds, and leaves unknown fields alone", async (store, reopen) => {
      await store.sessions.ensure({ key: "k", agentId: "main", entry: entry(1, { custom: { a: [1] }, model: "m", inputTokens: 5 }) });
      await store.sessions.patch("k", { set: { updatedAt: 2, model: null, thinkingLevel: "high" }, bump: { inputTokens: 2, outputTokens: 3 } });
      const expected = { sessionId: "s1", updatedAt: 2, custom: { a: [1] }, inputTokens: 7, thinkingLevel: "high", outputTokens: 3 };
      assert.deepEqual((await (await reopen()).sessions.get("k"))?.entry, expected);
      assert.equal(await (await reopen()).sessions.patch("none", { set: {} }), undefined);
    });
    check("patches that come at once are all applied", async (store) => {
      await store.sessions.ensure({ key: "k", agentId: "main", entry: entry(1) });
      await Promise.all(Array.from({ length: 100 }, () => store.sessions.patch("k", { set: {}, bump: { totalTokens: 1 } })));
      assert.equal((await store.sessions.get("k"))?.entry.totalTokens, 100);
    });
    check("a patch that does not say when sets the time of change itself", async (store) => {
      await store.sessions.ensure({ key: "k", agentId: "main", entry: entry(1) });
      const row = await store.sessions.patch("k", { set: { model: "m" } });
      assert.ok(row!.entry.updatedAt > 1);
    });
    check("a label belongs to one session of an agent", async (store) => {
      await store.sessions.ensure({ key: "a", agentId: "main", entry: entry(1, { label: "L" }) });
      await store.sessions.ensure({ key: "b", agentId: "main", entry: entry(2) });
      await store.sessions.ensure({ key: "c", agentId: "other", entry: entry(3, { label: "L" }) });
      const inUse = (error: unknown) => (error as Error).message === "label already in use: L";
      await assert.rejects(store.sessions.patch("b", { set: { label: "L", model: "m" } }), inUse);
      await assert.rejects(store.sessions.ensure({ key: "d", agentId: "main", entry: entry(4, { label: "L" }) }), inUse);
      assert.deepEqual((await store.sessions.get("b"))?.entry, entry(2));
      await store.sessions.patch("a", { set: { label: "L", model: "m" } });
      await store.sessions.patch("a", { set: { label: null } });
      assert.equal((await store.sessions.patch("b", { set: { label: "L" } }))?.entry.label, "L");
    });
    check("lists are newest first, filtered, paged, and say how many there are", async (store) => {
      await store.sessions.ensure({ key: "agent:main:a", agentId: "main", entry: entry(10, { displayName: "Über 100%_x" }) });
      await store.sessions.ensure({ key: "agent:main:b", agentId: "main", entry: entry(30, { label: "Work" }) });
      await store.sessions.ensure({ key: "agent:other:c", agentId: "other", entry: entry(20) });
      await store.sessions.ensure({ key: "agent:main:d", agentId: "main", entry: entry(40, { archived: true }) });
      const found = async (filter: Partial<SessionFilter>) => {
        const { rows, total } = await store.sessions.list(page(filter));
        return [rows.map(({ key }) => key.at(-1)).join(""), total];
      };
      assert.deepEqual(await found({}), ["bca", 3]);
      assert.deepEqual(await found({ archived: "all" }), ["dbca", 4]);
      assert.deepEqual(await found({ archived: true }), ["d", 1]);
      assert.deepEqual(await found({ agentId: "main" }), ["ba", 2]);
      assert.deepEqual(await found({ activeSince: 20 }), ["bc", 2]);
      assert.deepEqual(await found({ label: "Work" }), ["b", 1]);
      assert.deepEqual(await found({ search: "über 100%_" }), ["a", 1]);
      assert.deepEqual(await found({ search: "WORK" }), ["b", 1]);
      assert.deepEqual(await found({ limit: 1, offset: 1 }), ["c", 3]);
      assert.deepEqual(await found({ limit: 0 }), ["", 3]);
    });
    check("deleting returns the row and removes it", async (store) => {
      await store.sessions.ensure({ key: "k", agentId: "main", entry: entry(1) });
      assert.equal((await store.sessions.delete("k"))?.entry.sessionId, "s1");
      assert.equal(await store.sessions.delete("k"), undefined);
      assert.equal(await store.sessions.get("k"), undefined);
    });
  });

  describe(`${name}: devices, values, audit`, () => {
    check("devices and their requests are kept, replaced and removed", async (store, reopen) => {
      await store.devices.put(device("d2"));
      await store.devices.put(device("d1"));
      await store.devices.put({ ...device("d1"), label: "Laptop" });
      await store.devices.putRequest(request("r2", 2));
      await store.devices.putRequest(request("r1", 1));
      const after = await reopen();
      assert.deepEqual(await after.devices.get("d1"), { ...device("d1"), label: "Laptop" });
      assert.deepEqual((await after.devices.list()).map(({ deviceId }) => deviceId), ["d1", "d2"]);
      assert.deepEqual((await after.devices.requests()).map(({ requestId }) => requestId), ["r1", "r2"]);
      assert.deepEqual([await after.devices.remove("d1"), await after.devices.remove("d1")], [true, false]);
      assert.deepEqual([await after.devices.removeRequest("r1"), await after.devices.removeRequest("r1")], [true, false]);
    });
    check("values are kept by space and key", async (store, reopen) => {
      await store.kv.set("a", "k", "1");
      await store.kv.set("a", "k", "2");
      await store.kv.set("a", "b", "3");
      await store.kv.set("other", "k", "4");
      const after = await reopen();
      assert.equal(await after.kv.get("a", "k"), "2");
      assert.deepEqual(await after.kv.list("a"), [{ key: "b", value: "3" }, { key: "k", value: "2" }]);
      await after.kv.delete("a", "k");
      assert.equal(await after.kv.get("a", "k"), undefined);
    });
    check("a read sees every write that was made before it, awaited or not", async (store) => {
      for (let n = 0; n < 20; n += 1) {
        void store.kv.set("a", "k", `${n}`);
        assert.equal(await store.kv.get("a", "k"), `${n}`);
      }
    });
    check("audit rows come back newest first and survive within a second", async (store, reopen) => {
      const row = { at: 1, actor: "telegram:1", action: "exec", target: "ls", verdict: "allow", rule: "profile:full" } as const;
      store.audit.record(row);
      store.audit.record({ ...row, at: 2, data: { argv: ["ls"] } });
      assert.deepEqual(await store.audit.recent(10), [{ ...row, at: 2, data: { argv: ["ls"] } }, row]);
      store.audit.record({ ...row, at: 3 });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.equal((await (await reopen()).audit.recent(1))[0]?.at, 3);
    });
    check("what was closed refuses further work", async (store) => {
      await store.close();
      await assert.rejects(store.kv.set("a", "k", "1"));
      await assert.rejects(store.kv.get("a", "k"));
      await store.close();
    });
    check("one write that fails takes none of its neighbours with it, and the order stays", async (store) => {
      await store.sessions.ensure({ key: "x", agentId: "main", entry: { sessionId: "x", updatedAt: 1, label: "L" } });
      const work = [
        store.kv.set("a", "k", "1"),
        store.sessions.ensure({ key: "y", agentId: "main", entry: { sessionId: "y", updatedAt: 1, label: "L" } }),
        store.kv.set("a", "k", "2"),
      ];
      const results = await Promise.allSettled(work);
      assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
      assert.equal(await store.kv.get("a", "k"), "2");
    });
  });
}
