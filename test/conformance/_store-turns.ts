import assert from "node:assert/strict";
import { RESULT, address, message, post, turn } from "./_store-kit.ts";
import type { Check } from "./_store-kit.ts";

export function turnsChecks(check: Check): void {
  check("submitting queues the turn and settles its messages in one step", async (store, reopen) => {
    await store.inbox.accept(message("m1"));
    await store.inbox.accept(message("m2"));
    const { created, turn: row } = await store.turns.submit(
      {
        ...turn("t1"),
        images: [{ data: "AA==", mimeType: "image/png" }],
        replyTo: { address: address("1"), replyTo: "9" },
      },
      ["m1", "m2"],
    );
    assert.deepEqual(
      [created, row.state, row.attempts, row.images?.length, row.replyTo?.replyTo],
      [true, "queued", 0, 1, "9"],
    );
    const after = await reopen();
    assert.deepEqual(await after.inbox.pending(10), []);
    assert.equal((await after.inbox.get("m2"))?.outcome?.turnId, "t1");
    assert.deepEqual(await after.turns.get("t1"), row);
  });
  check("a known id queues nothing and returns what is known", async (store) => {
    await store.turns.submit(turn("t1"), []);
    await store.turns.finish("t1", { state: "done", at: 5, result: RESULT, posts: [] });
    const again = await store.turns.submit({ ...turn("t1"), text: "other" }, []);
    assert.deepEqual(
      [again.created, again.turn.text, again.turn.state, again.turn.result],
      [false, "hi", "done", RESULT],
    );
    assert.deepEqual(await store.turns.open(), []);
  });
  check("a turn that begins as it is submitted is running, its first attempt", async (store, reopen) => {
    const { turn: row } = await store.turns.submit(turn("t1"), [], 10);
    assert.deepEqual([row.state, row.attempts, row.startedAt], ["running", 1, 10]);
    const again = await store.turns.submit(turn("t1"), [], 20);
    assert.deepEqual([again.created, again.turn], [false, row]);
    const after = await reopen();
    assert.deepEqual(await after.turns.open(), [row]);
    assert.equal((await after.turns.begin("t1", 30))?.attempts, 2);
  });
  check("open turns are the queued and running ones, oldest first, of one session or all", async (store) => {
    for (const [id, key] of [
      ["c", "k1"],
      ["a", "k2"],
      ["b", "k1"],
    ] as const)
      await store.turns.submit(turn(id, key), []);
    await store.turns.begin("c", 2);
    assert.deepEqual(
      (await store.turns.open()).map(({ id }) => id),
      ["c", "a", "b"],
    );
    await store.turns.finish("c", { state: "failed", at: 3, result: RESULT, posts: [] });
    assert.deepEqual(
      (await store.turns.open("k1")).map(({ id }) => id),
      ["b"],
    );
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
    await store.sessions.ensure({
      key: "k",
      agentId: "main",
      entry: { sessionId: "s", updatedAt: 1, totalTokens: 1 },
    });
    await store.turns.submit(turn("t1", "k"), []);
    await store.turns.begin("t1", 2);
    const end = {
      state: "done",
      at: 9,
      result: RESULT,
      posts: [post("p1"), post("p2")],
      session: { set: { updatedAt: 9, model: "m" }, bump: { totalTokens: 3, runs: 1 } },
    } as const;
    await store.turns.finish("t1", end);
    await store.turns.finish("t1", { ...end, state: "failed", posts: [post("p3")] });
    const after = await reopen();
    const row = await after.turns.get("t1");
    assert.deepEqual([row?.state, row?.endedAt, row?.result], ["done", 9, RESULT]);
    assert.deepEqual((await after.sessions.get("k"))?.entry, {
      sessionId: "s",
      updatedAt: 9,
      totalTokens: 4,
      model: "m",
      runs: 1,
    });
    assert.deepEqual(await after.outbox.counts(), { pending: 2, sending: 0, sent: 0, dead: 0 });
  });
  check("what only the run needed is forgotten when it ends", async (store, reopen) => {
    const brought = {
      conversation: [{ role: "user", content: "long", timestamp: 1 }],
      clientTools: [{ name: "weather", description: "", parameters: {} }],
      extraSystemPrompt: "long",
    } as const;
    const images = [{ data: "AA==", mimeType: "image/png" }];
    await store.turns.submit({ ...turn("t1"), images, options: { ...brought, fingerprint: "f" } }, []);
    assert.deepEqual((await (await reopen()).turns.get("t1"))?.options, { ...brought, fingerprint: "f" });
    const open = await reopen();
    await open.turns.finish("t1", { state: "done", at: 5, result: RESULT, posts: [] });
    const { options, images: left, text } = (await open.turns.get("t1")) ?? {};
    assert.deepEqual([options, left, text], [{ fingerprint: "f" }, undefined, turn("t1").text]);
  });
  check(
    "turns that are taken together: one begins with all that was said, the others end with it",
    async (store, reopen) => {
      for (const id of ["a", "b", "c", "other"]) await store.turns.submit(turn(id), []);
      const images = [{ data: "AA==", mimeType: "image/png" }];
      const result = { ...RESULT, stopReason: "merged", mergedInto: "c" };
      const carrier = await store.turns.merge("c", { at: 5, text: "all", images, takes: ["a", "b"], result });
      assert.deepEqual(
        [carrier?.id, carrier?.state, carrier?.attempts, carrier?.startedAt, carrier?.text, carrier?.images],
        ["c", "running", 1, 5, "all", images],
      );
      const after = await reopen();
      assert.deepEqual(
        (await after.turns.open()).map(({ id, state, text }) => [id, state, text]),
        [
          ["c", "running", "all"],
          ["other", "queued", "hi"],
        ],
      );
      const taken = await after.turns.get("a");
      assert.deepEqual([taken?.state, taken?.endedAt, taken?.result], ["done", 5, result]);
    },
  );
  check("nothing is taken by a turn that is over, and what is over is not taken again", async (store) => {
    for (const id of ["a", "b", "c"]) await store.turns.submit(turn(id), []);
    await store.turns.finish("a", { state: "aborted", at: 2, result: RESULT, posts: [] });
    const how = { at: 5, text: "all", images: [], result: { ...RESULT, mergedInto: "c" } };
    await store.turns.merge("c", { ...how, takes: ["a", "b"] });
    assert.deepEqual([(await store.turns.get("a"))?.state, (await store.turns.get("b"))?.state], ["aborted", "done"]);
    await store.turns.finish("c", { state: "done", at: 6, result: RESULT, posts: [] });
    await store.turns.submit(turn("d"), []);
    assert.equal(await store.turns.merge("c", { ...how, takes: ["d"] }), undefined);
    assert.equal((await store.turns.get("d"))?.state, "queued");
  });
  check("turns that never run are ended together, each once", async (store, reopen) => {
    for (const id of ["a", "b", "c"]) await store.turns.submit(turn(id), []);
    const dropped = { ...RESULT, status: "aborted", stopReason: "stop" } as const;
    assert.deepEqual(await store.turns.settle(["b", "unknown", "a"], { state: "aborted", at: 3, result: dropped }), [
      "b",
      "a",
    ]);
    assert.deepEqual(await store.turns.settle(["a"], { state: "done", at: 4, result: RESULT }), []);
    const after = await reopen();
    assert.deepEqual([(await after.turns.get("a"))?.state, (await after.turns.get("a"))?.result], ["aborted", dropped]);
    assert.deepEqual(
      (await after.turns.open()).map(({ id }) => id),
      ["c"],
    );
  });
  check("a waiting turn can be given another way of waiting, one under way cannot", async (store, reopen) => {
    for (const id of ["a", "b"]) await store.turns.submit({ ...turn(id), options: { queue: "steer-backlog" } }, []);
    await store.turns.begin("b", 2);
    await store.turns.requeue(["a", "b"], "followup");
    const after = await reopen();
    assert.deepEqual(
      (await after.turns.open()).map(({ options }) => options.queue),
      ["followup", "steer-backlog"],
    );
  });
  check("a finish that cannot be stored whole stores nothing", async (store) => {
    await store.sessions.ensure({
      key: "other",
      agentId: "main",
      entry: { sessionId: "o", updatedAt: 1, label: "taken" },
    });
    await store.sessions.ensure({ key: "k", agentId: "main", entry: { sessionId: "s", updatedAt: 1 } });
    await store.turns.submit(turn("t1", "k"), []);
    await assert.rejects(
      store.turns.finish("t1", {
        state: "done",
        at: 9,
        result: RESULT,
        posts: [post("p1")],
        session: { set: { label: "taken" } },
      }),
    );
    assert.equal((await store.turns.get("t1"))?.state, "queued");
    assert.equal((await store.outbox.counts()).pending, 0);
  });
  check("ended turns are pruned by age and number, open and recent ones stay", async (store) => {
    for (const id of ["a", "b", "c", "open", "fresh"]) await store.turns.submit(turn(id), []);
    for (const [n, id] of ["a", "b", "c"].entries())
      await store.turns.finish(id, { state: "done", at: n + 1, result: RESULT, posts: [] });
    await store.turns.finish("fresh", { state: "done", at: Date.now(), result: RESULT, posts: [] });
    assert.equal(await store.turns.prune(3, 1), 1);
    assert.equal(await store.turns.get("a"), undefined);
    assert.equal(await store.turns.prune(Number.MAX_SAFE_INTEGER, 100), 2);
    assert.ok((await store.turns.get("open")) && (await store.turns.get("fresh")));
  });
  check(
    "pruning takes settled messages and sent posts of the same age along, and leaves dead and open ones",
    async (store) => {
      for (const id of ["done", "dead", "open"]) await store.inbox.accept(message(id));
      await store.inbox.settle("done", { kind: "ignored", reason: "x" });
      await store.inbox.fail("dead", "x", 1);
      await store.outbox.post([{ ...post("sent"), delivered: true }, post("pending")]);
      await store.turns.prune(10, 10);
      assert.deepEqual(
        [await store.inbox.get("done"), (await store.inbox.get("dead"))?.state, (await store.inbox.get("open"))?.state],
        [undefined, "dead", "received"],
      );
      assert.deepEqual(await store.outbox.counts(), { pending: 1, sending: 0, sent: 0, dead: 0 });
    },
  );
}
