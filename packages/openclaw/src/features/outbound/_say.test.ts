import { test } from "node:test";
import assert from "node:assert/strict";
import { systemClock } from "../../base/time.ts";
import type { Address } from "../../contracts/envelope.ts";
import type { NewPost, PostRow } from "../../store/index.ts";
import { say } from "./_say.ts";

const address: Address = { channel: "fake", account: "default", kind: "direct", chat: "42" };

/** A fake outbox whose rows become what the test says when the sender is woken. */
function desk(outcome: Partial<PostRow> = {}) {
  const rows: PostRow[] = [];
  const deps = {
    clock: systemClock,
    outbox: {
      post: async (posts: readonly NewPost[]) => {
        for (const post of posts)
          if (!rows.some(({ key }) => key === post.key))
            rows.push({ ...post, id: rows.length, state: "pending", maybeSent: false, attempts: 0, notBefore: 0 });
      },
      find: async (keys: readonly string[]) => rows.filter(({ key }) => keys.includes(key)),
    },
    outbound: {
      compose: ([text = ""]: readonly string[], route: { address: Address }, { keyPrefix }: { keyPrefix: string }) => [
        { key: `${keyPrefix}:0`, address: route.address, text, at: 1 },
      ],
      wake: () => rows.splice(0, rows.length, ...rows.map((row) => ({ ...row, ...outcome }))),
    },
  } as unknown as Parameters<typeof say>[0];
  return { deps, rows };
}
const message = { key: "k", address, text: "hi", timeoutMs: 20 };

test("what the network took is told with its ids", async () => {
  const { deps } = desk({ state: "sent", receipt: { nativeId: "77", at: 1 } });
  assert.deepEqual(await say(deps, message), { state: "sent", nativeIds: ["77"] });
});

test("what the network refused is told with its reason", async () => {
  const { deps } = desk({ state: "dead", error: "chat not found" });
  assert.deepEqual(await say(deps, message), { state: "failed", error: "chat not found" });
});

test("what is not said in time waits, and a repeat queues nothing more", async () => {
  const { deps, rows } = desk({ error: "not connected" });
  assert.deepEqual(await say(deps, message), { state: "waiting", error: "not connected" });
  await say(deps, message);
  assert.equal(rows.length, 1);
});

test("what is said may answer another message", async () => {
  const { deps, rows } = desk({ state: "sent" });
  await say(deps, { ...message, replyTo: "12" });
  assert.equal(rows[0]?.replyTo, "12");
});
