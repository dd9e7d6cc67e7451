import assert from "node:assert/strict";
import { ACCOUNT, OWNER, envelope, keys, message, post } from "./_store-kit.ts";
import type { Check } from "./_store-kit.ts";

export function inboxChecks(check: Check): void {
  check("a message is accepted once per account, and a repeat gets the first id", async (store) => {
    assert.deepEqual(await store.inbox.accept(message("a", "n1")), { accepted: true, id: "a" });
    assert.deepEqual(await store.inbox.accept(message("b", "n1")), { accepted: false, id: "a" });
    assert.deepEqual(await store.inbox.accept({ ...message("c", "n1"), account: "telegram:other" }), {
      accepted: true,
      id: "c",
    });
  });
  check("of many copies that come at once exactly one is accepted", async (store) => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.inbox.accept(message(`m${n}`, "same"))),
    );
    assert.equal(results.filter(({ accepted }) => accepted).length, 1);
    assert.equal(new Set(results.map(({ id }) => id)).size, 1);
  });
  check("a row comes back as it was given", async (store, reopen) => {
    const row = {
      ...message("a"),
      envelope: envelope("a", {
        parts: [{ type: "text", text: "ü\u0000\ud83d\ude00" }],
        native: { thread: 3 },
        replyTo: "7",
      }),
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
    assert.deepEqual(
      (await store.inbox.pending(10)).map(({ id }) => id),
      ["z", "a", "m"],
    );
    assert.deepEqual(
      (await store.inbox.pending(2)).map(({ id }) => id),
      ["z", "a"],
    );
  });
  check(
    "a settled row is done with its reason, its posts are in the outbox, and it stays as settled first",
    async (store, reopen) => {
      await store.inbox.accept(message("a"));
      await store.inbox.settle("a", { kind: "reply", reason: "command:status" }, [post("p1")]);
      await store.inbox.settle("a", { kind: "ignored", reason: "again" }, [post("p2")]);
      const after = await reopen();
      assert.deepEqual(await after.inbox.pending(10), []);
      const row = await after.inbox.get("a");
      assert.deepEqual([row?.state, row?.outcome], ["done", { kind: "reply", reason: "command:status" }]);
      assert.deepEqual(keys(await after.outbox.due(ACCOUNT, 10, 10)), ["p1"]);
    },
  );
  check("rows are counted by state", async (store) => {
    assert.deepEqual(await store.inbox.counts(), { received: 0, done: 0, dead: 0 });
    for (const id of ["a", "b", "c", "d"]) await store.inbox.accept(message(id));
    await store.inbox.settle("a", { kind: "ignored", reason: "test" });
    await store.inbox.fail("b", "boom", 1);
    assert.deepEqual(await store.inbox.counts(), { received: 2, done: 1, dead: 1 });
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
}
