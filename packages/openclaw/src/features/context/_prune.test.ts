import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NO_USAGE, textOf } from "../../contracts/message.ts";
import type { Message } from "../../contracts/message.ts";
import { PruneState, prune } from "./_prune.ts";
import type { PruneSettings, PruneSituation } from "./_prune.ts";

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const says = (text: string, timestamp = 1): Message => ({
  role: "assistant",
  content: [{ type: "text", text }],
  timestamp,
  api: "a",
  provider: "p",
  model: "m",
  usage: NO_USAGE,
  stopReason: "stop",
});
const result = (text: string, toolName = "exec"): Message => ({
  role: "toolResult",
  toolCallId: "c",
  toolName,
  content: [{ type: "text", text }],
  isError: false,
  timestamp: 1,
});

const settings: PruneSettings = {
  mode: "adaptive",
  keepLastAssistants: 3,
  softTrimRatio: 0.3,
  hardClearRatio: 0.5,
  minPrunableToolChars: 50_000,
  softTrim: { maxChars: 4000, headChars: 1500, tailChars: 1500 },
  hardClear: { enabled: true, placeholder: "[Old tool result content cleared]" },
  ttlMs: 300_000,
};
const CLEARED = settings.hardClear.placeholder;
const situation: PruneSituation = { windowChars: 100_000, now: 1, cachesByTime: true };
const pruned = (messages: readonly Message[], over: Partial<PruneSettings> = {}, where: Partial<PruneSituation> = {}) =>
  prune(messages, { ...settings, ...over }, { ...situation, ...where, state: new PruneState() });
const texts = (messages: readonly Message[]) => messages.filter(({ role }) => role === "toolResult").map(textOf);

/** A conversation whose results before the last three answers are `sizes` long. */
const conversation = (...sizes: number[]): Message[] => [
  user("hi"),
  ...sizes.map((size) => result("r".repeat(size))),
  ...["a", "b", "c"].map((text) => says(text)),
];

test("below the ratio everything stays the same object", () => {
  const messages = conversation(29_000);
  assert.deepEqual(pruned(messages), messages);
  assert.equal(pruned(messages)[1], messages[1]);
});

test("above it long results keep head and tail and say what is missing", () => {
  const [text] = texts(pruned(conversation(31_000)));
  assert.match(
    text ?? "",
    /^r{1500}\n\.\.\.\nr{1500}\n\n\[Tool result trimmed: kept first 1500 chars and last 1500 chars of 31000 chars\.\]$/,
  );
});

test("results of at most maxChars stay whole", () => {
  assert.deepEqual(texts(pruned(conversation(30_000, 4000)))[1]?.length, 4000);
});

test("what is still too much is cleared, oldest first, until it is not", () => {
  const sizes = Array.from({ length: 20 }, () => 4000);
  const cleared = texts(pruned(conversation(...sizes))).map((text) => text === CLEARED);
  assert.deepEqual(
    cleared,
    sizes.map((_, i) => i < 8),
  );
});

test("nothing is cleared for less than minPrunableToolChars, or when clearing is off", () => {
  const few = conversation(...Array.from({ length: 12 }, () => 4000));
  assert.ok(!texts(pruned([...few, user("u".repeat(30_000)), says("d")])).includes(CLEARED));
  const many = conversation(...Array.from({ length: 20 }, () => 4000));
  const off = { hardClear: { enabled: false, placeholder: CLEARED } };
  assert.ok(!texts(pruned(many, off)).includes(CLEARED));
});

test("aggressive clears every result before the answers that stay, whatever the ratios and switches", () => {
  const over = { mode: "aggressive", hardClear: { enabled: false, placeholder: CLEARED } } as const;
  const messages = [...conversation(100, 5000), result("new")];
  assert.deepEqual(texts(pruned(messages, over)), [CLEARED, CLEARED, "new"]);
});

test("off changes nothing", () => {
  const messages = conversation(90_000);
  assert.equal(pruned(messages, { mode: "off" }), messages);
});

test("with too few answers nothing is old yet", () => {
  const messages = [user("hi"), result("r".repeat(60_000)), says("a"), says("b")];
  assert.deepEqual(pruned(messages), messages);
});

test("nothing before the first user message is touched, and no result with a picture", () => {
  const picture: Message = {
    ...(result("r".repeat(50_000)) as Extract<Message, { role: "toolResult" }>),
    content: [
      { type: "image", data: "x", mimeType: "image/png" },
      { type: "text", text: "r".repeat(50_000) },
    ],
  };
  const messages = [result("r".repeat(50_000)), ...conversation(1), picture, ...conversation(1).slice(2)];
  assert.deepEqual(pruned(messages), messages);
});

const rules: readonly [string, PruneSettings["tools"], boolean][] = [
  ["no rule", undefined, true],
  ["an empty list", { allow: [] }, true],
  ["a name in other letters", { allow: ["EXEC"] }, true],
  ["a pattern", { allow: ["ex*"] }, true],
  ["another name", { allow: ["read"] }, false],
  ["a denial against a permission", { allow: ["*"], deny: ["e*c"] }, false],
];
for (const [what, tools, isMeant] of rules)
  test(`tools: ${what} ${isMeant ? "lets it be shortened" : "keeps it whole"}`, () => {
    const text = texts(pruned(conversation(40_000), tools === undefined ? {} : { tools }))[0] ?? "";
    assert.equal(text.length < 40_000, isMeant);
  });

test("cache-ttl shortens only after the provider's cache is gone, and only where there is one", () => {
  const over = { mode: "cache-ttl" } as const;
  const messages = conversation(60_000);
  const later = { now: 400_000 };
  assert.equal(texts(pruned(messages, over, { now: 200_000 }))[0]?.length, 60_000);
  assert.ok((texts(pruned(messages, over, later))[0]?.length ?? 0) < 4000);
  assert.equal(texts(pruned(messages, over, { ...later, cachesByTime: false }))[0]?.length, 60_000);
});

test("what was shortened in cache-ttl stays shortened while the cache is warm", () => {
  const state = new PruneState();
  const messages = conversation(60_000);
  const at = (now: number, list: readonly Message[]) =>
    prune(list, { ...settings, mode: "cache-ttl" }, { ...situation, now, state });
  const first = at(400_000, messages);
  assert.deepEqual(at(400_001, [...messages, says("d", 400_000)]).slice(0, first.length), first);
});

const piece = fc.oneof(
  fc.nat(8000).map((n) => user("u".repeat(n + 1))),
  fc.nat(4000).map((n) => says("a".repeat(n + 1))),
  fc.nat(30_000).map((n) => result("r".repeat(n + 1))),
);
const mode = fc.constantFrom("off", "adaptive", "aggressive", "cache-ttl") as fc.Arbitrary<PruneSettings["mode"]>;

test("pruning what was pruned changes nothing, and nothing becomes longer, fewer or another's", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      mode,
      fc.integer({ min: 5000, max: 200_000 }),
      (messages, chosen, windowChars) => {
        const where = { windowChars, now: 1_000_000 };
        const once = pruned(messages, { mode: chosen }, where);
        assert.deepEqual(pruned(once, { mode: chosen }, where), once);
        assert.equal(once.length, messages.length);
        for (const [i, message] of once.entries()) {
          if (message === messages[i]) continue;
          assert.equal(message.role, "toolResult");
          assert.ok(textOf(message).length < textOf(messages[i]!).length);
        }
      },
    ),
  );
});

test("while a conversation grows, the beginning of the view changes at most once for a twentieth of the window", () => {
  fc.assert(
    fc.property(fc.array(piece, { minLength: 5, maxLength: 80 }), (messages) => {
      const windowChars = 60_000;
      const state = new PruneState();
      let before: readonly Message[] = [];
      let changes = 0;
      for (let end = 1; end <= messages.length; end += 1) {
        const view = prune(messages.slice(0, end), settings, { ...situation, windowChars, state });
        if (before.some((message, i) => message !== view[i])) changes += 1;
        before = view;
      }
      const chars = messages.reduce((sum, message) => sum + textOf(message).length, 0);
      assert.ok(changes <= chars / (windowChars / 20) + 1, `${changes} changes for ${chars} characters`);
    }),
  );
});
