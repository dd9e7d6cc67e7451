import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import { NO_USAGE, textOf } from "../../contracts/message.ts";
import type { Message } from "../../contracts/message.ts";
import { createTranscripts } from "../../store/transcript/index.ts";
import { Contexts } from "./_conversations.ts";
import { contextTokens } from "./_estimate.ts";
import { repair, violations } from "./_hygiene.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-contexts-"));
after(() => rmSync(root, { recursive: true }));
const disk = () => createTranscripts({ folder: (id) => join(root, id), clock: systemClock, random: systemRandom, log });

let sessions = 0;
const newRef = () => ({ agentId: "main", sessionId: `s${(sessions += 1)}` });
const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const says = (text: string, input = 0): Message => ({
  role: "assistant",
  content: [{ type: "text", text }],
  timestamp: 1,
  api: "a",
  provider: "p",
  model: "m",
  usage: { ...NO_USAGE, input, totalTokens: input },
  stopReason: "stop",
});
const options = { runId: "r", cwd: "/", durable: false };
const seen = async (contexts: Contexts, ref: { agentId: string; sessionId: string }) =>
  (await contexts.load(ref)).map(({ message }) =>
    textOf(message).replace(/^\[Record[\s\S]*>\n([\s\S]*)\n<[\s\S]*$/, "($1)"),
  );

test("after a compaction memory and file show the same window, record first", async () => {
  const ref = newRef();
  const contexts = new Contexts(disk());
  await contexts.append(ref, [user("a"), says("b"), user("c")], options);
  const stored = await contexts.load(ref);
  await contexts.compact(ref, { summary: "so far", tokensBefore: 1, last: stored[1]! }, { cwd: "/" });
  await contexts.append(ref, [says("d")], options);
  assert.deepEqual(await seen(contexts, ref), ["(so far)", "c", "d"]);
  assert.deepEqual(await seen(new Contexts(disk()), ref), ["(so far)", "c", "d"]);
  assert.equal(await contexts.total(ref), 4);
  assert.equal(await new Contexts(disk()).total(ref), 4);
});

test("what is appended while everything is summarised stays, in memory and in the file", async () => {
  const ref = newRef();
  const contexts = new Contexts(disk());
  await contexts.append(ref, [user("a"), says("b")], options);
  const last = (await contexts.load(ref)).at(-1)!;
  await Promise.all([
    contexts.append(ref, [user("meanwhile")], options),
    contexts.compact(ref, { summary: "so far", tokensBefore: 1, last }, { cwd: "/" }),
    contexts.append(ref, [user("and then")], options),
  ]);
  assert.deepEqual(await seen(contexts, ref), ["(so far)", "meanwhile", "and then"]);
  assert.deepEqual(await seen(new Contexts(disk()), ref), ["(so far)", "meanwhile", "and then"]);
});

test("a second compaction takes the first record along, and only the newest counts", async () => {
  const ref = newRef();
  const contexts = new Contexts(disk());
  await contexts.append(ref, [user("a"), user("b")], options);
  await contexts.compact(ref, { summary: "one", tokensBefore: 1, last: (await contexts.load(ref))[0]! }, { cwd: "/" });
  await contexts.append(ref, [user("c")], options);
  await contexts.compact(ref, { summary: "two", tokensBefore: 1, last: (await contexts.load(ref))[1]! }, { cwd: "/" });
  assert.deepEqual(await seen(contexts, ref), ["(two)", "c"]);
  assert.deepEqual(await seen(new Contexts(disk()), ref), ["(two)", "c"]);
  assert.equal((await contexts.open(ref)).compactions, 2);
});

test("what another process wrote is seen with the next append", async () => {
  const ref = newRef();
  const mine = new Contexts(disk());
  await mine.append(ref, [user("a")], options);
  const stored = await mine.load(ref);
  await new Contexts(disk()).append(ref, [user("theirs")], options);
  await mine.append(ref, [user("b")], options);
  assert.deepEqual(
    stored.map(({ message }) => textOf(message)),
    ["a", "theirs", "b"],
    "in the array that a run holds, too",
  );
});

test("a transcript that is taken away under a run takes nothing from the run; between runs what stands there holds", async () => {
  const ref = newRef();
  const contexts = new Contexts(disk());
  await contexts.load(ref);
  await contexts.append(ref, [user("before")], { ...options, runId: "earlier" });
  await contexts.append(ref, [user("mine")], { ...options, runId: "this" });
  const texts = async () => (await contexts.load(ref)).map(({ message }) => textOf(message));
  rmSync(disk().path(ref));
  await contexts.append(ref, [user("more")], { ...options, runId: "this" });
  assert.deepEqual(await texts(), ["before", "mine", "more"]);
  rmSync(disk().path(ref));
  await contexts.append(ref, [user("new")], { ...options, runId: "later" });
  assert.deepEqual(await texts(), ["new"]);
});

test("a conversation that a run holds stays the same object, however many others come", async () => {
  const contexts = new Contexts(disk());
  const held = newRef();
  const release = await contexts.hold(held);
  const stored = await contexts.load(held);
  for (let i = 0; i < 80; i += 1) await contexts.load(newRef());
  await contexts.append(held, [user("a")], options);
  assert.equal(stored.length, 1);
  release();
  for (let i = 0; i < 80; i += 1) await contexts.load(newRef());
  assert.notEqual(await contexts.load(held), stored);
});

test("a run finds what it wrote, also where compactions took it out of the window, also after a restart", async () => {
  const ref = newRef();
  const contexts = new Contexts(disk());
  const release = await contexts.hold(ref);
  await contexts.append(ref, [user("before")], { ...options, runId: "other" });
  await contexts.append(ref, [user("asked"), says("first"), says("second")], options);
  const last = (await contexts.load(ref))[2]!;
  await contexts.compact(ref, { summary: "s", tokensBefore: 1, last, details: { runId: "r" } }, { cwd: "/" });
  const mine = async (from: Contexts) => (await from.ofRun(ref, "r")).map(({ message }) => textOf(message));
  assert.deepEqual(await mine(contexts), ["asked", "first", "second"]);
  assert.deepEqual(await mine(new Contexts(disk())), ["asked", "first", "second"]);
  release();
});

test("how full the window is: what was reported last and an estimate of the rest; nothing from before a compaction", async () => {
  const ref = newRef();
  const contexts = new Contexts(disk());
  await contexts.append(ref, [user("x".repeat(4000)), says("b", 5000), user("y".repeat(400))], options);
  const before = await contexts.open(ref);
  assert.equal(contextTokens(before, { fixed: 100 }), 5000 + 104);
  await contexts.compact(ref, { summary: "s", tokensBefore: 1, last: before.stored[0]! }, { cwd: "/" });
  const after = contextTokens(await contexts.open(ref), { fixed: 100 });
  assert.ok(after > 200 && after < 500, `${after}`);
});

test("a report that can hardly be true is not believed", async () => {
  const ref = newRef();
  const contexts = new Contexts(disk());
  await contexts.append(ref, [user("x".repeat(40_000)), says("b", 12)], options);
  assert.ok(contextTokens(await contexts.open(ref), { fixed: 0 }) > 10_000);
});

const line = (id: string, parentId: string | null, more: object) =>
  `${JSON.stringify({ id, parentId, timestamp: "t", ...more })}\n`;
const write = (ref: { agentId: string; sessionId: string }, content: string | Buffer) => {
  const path = disk().path(ref);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

test("entries of newer versions, and messages that are none, break nothing", async () => {
  const ref = newRef();
  const odd: unknown[] = [
    { type: "message", message: { role: "hologram", content: [] } },
    { type: "message" },
    {
      type: "message",
      message: {
        role: "user",
        content: [
          { type: "smell", data: 1 },
          { type: "text", text: "kept" },
        ],
      },
    },
    { type: "message", message: { role: "assistant", content: "as text" } },
    { type: "message", message: { role: "assistant", content: [{ type: "toolCall", id: 1 }], usage: "free" } },
    { type: "message", message: { role: "toolResult", toolCallId: "c", content: "as text" } },
    { type: "compaction", summary: 7 },
    { type: "branch_summary", summary: "a branch" },
    { type: "custom_message", content: "from a plugin" },
    { type: "quantum_leap", to: 9 },
  ];
  const lines = odd.map((entry, i) => line(`e${i}`, i === 0 ? null : `e${i - 1}`, entry as object)).join("");
  write(ref, `{"type":"session","version":99,"id":"x","future":{}}\n${lines}`);
  const contexts = new Contexts(disk());
  assert.deepEqual(
    (await seen(contexts, ref)).filter((text) => text !== ""),
    ["kept", "as text", "as text", "a branch", "from a plugin"],
  );
  await contexts.append(ref, [user("and on")], options);
  assert.deepEqual(violations(repair((await new Contexts(disk()).load(ref)).map(({ message }) => message))), []);
});

test("a transcript cut, shuffled or damaged anywhere opens to something that can be asked, and can be continued", async () => {
  const ref = newRef();
  const whole = new Contexts(disk());
  for (let i = 0; i < 6; i += 1) {
    const call = { type: "toolCall", id: `c${i}`, name: "read", arguments: {} } as const;
    const result: Message = {
      role: "toolResult",
      toolCallId: `c${i}`,
      toolName: "read",
      content: [],
      isError: false,
      timestamp: 1,
    };
    await whole.append(
      ref,
      [user(`u${i}`), { ...says("x"), content: [call] } as Message, result, says(`a${i}`)],
      options,
    );
    if (i === 3)
      await whole.compact(ref, { summary: "s", tokensBefore: 1, last: (await whole.load(ref))[5]! }, { cwd: "/" });
  }
  const content = readFileSync(disk().path(ref));
  const lines = content.toString("utf8").trimEnd().split("\n");
  const damage = fc.oneof(
    fc.nat(content.length).map((end) => content.subarray(0, end)),
    fc.shuffledSubarray(lines, { minLength: 1 }).map((some) => Buffer.from(`${some.join("\n")}\n`)),
    fc.tuple(fc.nat(content.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 })).map(([at, bytes]) => {
      const copy = Buffer.from(content);
      copy.set(bytes.subarray(0, copy.length - at), at);
      return copy;
    }),
  );
  await fc.assert(
    fc.asyncProperty(damage, async (bytes) => {
      const damaged = newRef();
      write(damaged, bytes);
      const contexts = new Contexts(disk());
      const shown = repair((await contexts.load(damaged)).map(({ message }) => message));
      assert.deepEqual(violations(shown), []);
      await contexts.append(damaged, [user("go on")], options);
      assert.equal(textOf((await new Contexts(disk()).load(damaged)).at(-1)!.message), "go on");
    }),
    { numRuns: 150 },
  );
});

test("a picture of megabytes does not push the conversation out of the window", async () => {
  const ref = newRef();
  const contexts = new Contexts(disk());
  const picture: Message = {
    role: "user",
    content: [{ type: "image", data: "A".repeat(3_000_000), mimeType: "image/png" }],
    timestamp: 1,
  };
  await contexts.append(ref, [user("first"), picture, picture, user("last")], options);
  assert.equal((await new Contexts(disk()).load(ref)).length, 4);
});

test("only the end of a long transcript is read", async () => {
  const ref = newRef();
  const path = write(ref, "");
  for (let n = 0; n < 60; n += 1) {
    const block = Array.from({ length: 100 }, (_, i) => {
      const at = n * 100 + i;
      return line(`e${at}`, at === 0 ? null : `e${at - 1}`, { type: "message", message: user("x".repeat(10_000)) });
    });
    appendFileSync(path, block.join(""));
  }
  const { stored, partial } = await new Contexts(disk()).open(ref);
  assert.equal(partial, true);
  assert.ok(stored.length > 150 && stored.length < 500, `${stored.length}`);
});
