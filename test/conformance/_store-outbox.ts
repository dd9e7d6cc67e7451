import assert from "node:assert/strict";
import type { NewPost } from "../../packages/openclaw/src/store/index.ts";
import { ACCOUNT, keys, post } from "./_store-kit.ts";
import type { Check } from "./_store-kit.ts";

export function outboxChecks(check: Check): void {
  check("posts are found by their keys, whatever became of them", async (store) => {
    await store.outbox.post([post("a"), post("b")]);
    const [first] = await store.outbox.find(["a"]);
    await store.outbox.sending(first!.id);
    await store.outbox.sent(first!.id, { nativeId: "77", at: 5 });
    const found = await store.outbox.find(["b", "a", "unknown"]);
    assert.deepEqual(
      found.map(({ key, state, receipt }) => ({ key, state, id: receipt?.nativeId })),
      [
        { key: "a", state: "sent", id: "77" },
        { key: "b", state: "pending", id: undefined },
      ],
    );
  });
  check("a key is posted once, and a row comes back as it was given", async (store) => {
    const media = { path: "/m/a.png", kind: "image", mimeType: "image/png", fileName: "a.png", bytes: 3 } as const;
    const full: NewPost = {
      ...post("p1"),
      replyTo: "5",
      native: { thread: 1 },
      choices: [[{ value: "/x", label: "X" }]],
      turnId: "t",
      media,
      replaces: { nativeId: "7", at: 5 },
      settles: "4",
      part: { answer: 0, to: 12, digest: "d", media: ["a.png"] },
    };
    await store.outbox.post([full, { ...full, text: "again" }]);
    await store.outbox.post([full]);
    const [row, ...more] = await store.outbox.due(ACCOUNT, 10, 10);
    assert.deepEqual(more, []);
    assert.deepEqual(row, { ...full, id: row!.id, state: "pending", maybeSent: false, attempts: 0, notBefore: 0 });
  });
  check("a post that is to wait is not due before its time, and neither is what stands behind it", async (store) => {
    await store.outbox.post([{ ...post("p1"), notBefore: 50 }, post("p2")]);
    assert.deepEqual(await store.outbox.due(ACCOUNT, 49, 10), []);
    assert.deepEqual(keys(await store.outbox.due(ACCOUNT, 50, 10)), ["p1"]);
  });
  check("only the first post of each conversation is due", async (store) => {
    await store.outbox.post([post("a1", "A"), post("a2", "A"), post("b1", "B"), post("a3", "A")]);
    assert.deepEqual(keys(await store.outbox.due(ACCOUNT, 10, 10)), ["a1", "b1"]);
    assert.deepEqual(keys(await store.outbox.due(ACCOUNT, 10, 1)), ["a1"]);
    assert.deepEqual(await store.outbox.due("telegram:other", 10, 10), []);
  });
  check(
    "nothing of a conversation is due while one of its posts is being sent or waits for its retry",
    async (store) => {
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
    },
  );
  check("says when the next post that is held back may be tried", async (store) => {
    await store.outbox.post([post("a1", "A"), post("b1", "B"), post("c1", "C")]);
    assert.equal(await store.outbox.heldUntil(ACCOUNT, 10), undefined);
    const [first, second] = await store.outbox.due(ACCOUNT, 10, 10);
    await store.outbox.failed(first!.id, { error: "429", maybeSent: false, retryAt: 300 });
    await store.outbox.failed(second!.id, { error: "429", maybeSent: false, retryAt: 200 });
    assert.equal(await store.outbox.heldUntil(ACCOUNT, 10), 200);
    assert.equal(await store.outbox.heldUntil(ACCOUNT, 200), 300);
    assert.equal(await store.outbox.heldUntil("telegram:other", 10), undefined);
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
      for (let idle = 0; idle < 20;) {
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
    for (const order of Object.values(sent))
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      );
  });
}
