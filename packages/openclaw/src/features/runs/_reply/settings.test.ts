import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { ChatKind } from "../../../contracts/envelope.ts";
import type { SessionEntry, TurnRow } from "../../../store/index.ts";
import { replySettings, verboseLevel, type Asked } from "./settings.ts";

interface Wishes {
  readonly root?: object;
  readonly entry?: object;
  readonly kind?: ChatKind;
  readonly role?: string;
  readonly wake?: string;
  readonly byDefault?: boolean;
}

function settings({ root = {}, entry = {}, kind = "direct", role = "owner", wake, byDefault = true }: Wishes) {
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  return replySettings({
    config: { root, at } as unknown as ConfigSnapshot,
    turn: { principal: { role }, options: wake === undefined ? {} : { wake } } as unknown as TurnRow,
    entry: entry as SessionEntry,
    route: { address: { channel: "telegram", account: "default", kind, chat: "1" }, replyTo: "1:2" },
    agentId: "main",
    identityEmoji: "🦀",
    outbound: {
      known: () => ({ channel: { capabilities: { blocksByDefault: byDefault } }, account: { textLimit: 1000 } }),
    } as unknown as Asked["outbound"],
  });
}
const defaults = (values: object) => ({ agents: { defaults: values } });
const messages = (values: object) => ({ messages: values });

test("reasoning is shown by default to known people only, and not in groups; a session's own wish always counts", () => {
  const root = defaults({ reasoningDefault: "on" });
  assert.equal(settings({ root }).reasoning, "on");
  assert.equal(settings({ root, role: "guest" }).reasoning, "off");
  assert.equal(settings({ root, kind: "group" }).reasoning, "off");
  assert.equal(settings({ root, kind: "group", entry: { reasoningLevel: "stream" } }).reasoning, "stream");
  assert.equal(settings({ root, entry: { reasoningLevel: "off" } }).reasoning, "off");
  const agent = { agents: { defaults: { reasoningDefault: "on" }, list: [{ id: "main", reasoningDefault: "off" }] } };
  assert.equal(settings({ root: agent }).reasoning, "off");
});

test("typing is shown at once in direct chats, with the first words in groups, and as configured", () => {
  assert.deepEqual(settings({}).typing, { mode: "instant", everySeconds: 6 });
  assert.equal(settings({ kind: "group" }).typing.mode, "message");
  assert.equal(settings({ wake: "cron" }).typing.mode, "message");
  assert.equal(settings({ root: defaults({ typingMode: "never" }) }).typing.mode, "never");
  const both = { session: { typingMode: "thinking", typingIntervalSeconds: 3 }, ...defaults({ typingMode: "never" }) };
  assert.deepEqual(settings({ root: both }).typing, { mode: "thinking", everySeconds: 3 });
});

test("blocks are sent where they are switched on, and elsewhere only when the channel says so itself", () => {
  const on = defaults({ blockStreamingDefault: "on" });
  assert.equal(settings({}).blocks, undefined);
  assert.ok(settings({ root: on }).blocks);
  assert.equal(settings({ root: on, byDefault: false }).blocks, undefined);
  assert.ok(settings({ root: { channels: { telegram: { blockStreaming: true } } }, byDefault: false }).blocks);
  assert.equal(settings({ root: { ...on, channels: { telegram: { blockStreaming: false } } } }).blocks, undefined);
  assert.equal(settings({ root: { channels: { telegram: { blockStreaming: true } } } }).previews, false);
});

test("blocks are no longer than a message, and an account may join them in its own way", () => {
  const root = {
    ...defaults({ blockStreamingDefault: "on", blockStreamingChunk: { minChars: 5000, maxChars: 9000 } }),
    channels: {
      telegram: {
        blockStreamingCoalesce: { idleMs: 5 },
        accounts: { default: { blockStreamingCoalesce: { minChars: 7 } } },
      },
    },
  };
  assert.deepEqual(settings({ root }).blocks, {
    chunk: { minChars: 1000, maxChars: 1000, breakPreference: "paragraph" },
    coalesce: { idleMs: 5, minChars: 7, maxChars: 1000 },
    breakAt: "text_end",
  });
});

test("pauses between blocks are natural, as told, or none", () => {
  assert.equal(settings({}).delay, undefined);
  assert.deepEqual(settings({ root: defaults({ humanDelay: { mode: "natural" } }) }).delay, { min: 800, max: 2500 });
  const own = {
    agents: {
      defaults: { humanDelay: { mode: "natural" } },
      list: [{ id: "main", humanDelay: { mode: "custom", minMs: 5, maxMs: 9 } }],
    },
  };
  assert.deepEqual(settings({ root: own }).delay, { min: 5, max: 9 });
});

const acks: readonly [string, Wishes, string | undefined][] = [
  ["by default in groups only", {}, undefined],
  ["there with the agent's emoji", { kind: "group" }, "🦀"],
  ["not in groups where every message is answered", { kind: "group", entry: { groupActivation: "always" } }, undefined],
  [
    "there too, for all groups",
    { kind: "group", entry: { groupActivation: "always" }, root: messages({ ackReactionScope: "group-all" }) },
    "🦀",
  ],
  ["in direct chats when told", { root: messages({ ackReactionScope: "direct", ackReaction: "🔥" }) }, "🔥"],
  ["none when the emoji is empty", { root: messages({ ackReactionScope: "all", ackReaction: "" }) }, undefined],
  [
    "the channel's emoji wins",
    {
      root: {
        ...messages({ ackReactionScope: "all", ackReaction: "🔥" }),
        channels: { telegram: { ackReaction: "👌" } },
      },
    },
    "👌",
  ],
  ["none for a turn that nobody wrote", { wake: "cron", root: messages({ ackReactionScope: "all" }) }, undefined],
];
for (const [title, wishes, emoji] of acks)
  test(`acknowledgements: ${title}`, () => assert.equal(settings(wishes).acknowledgement, emoji));

test("the session's verbose level wins over the default, and off is one", () => {
  const config = { at: () => "on" } as unknown as ConfigSnapshot;
  assert.equal(verboseLevel(config, undefined), "on");
  assert.equal(verboseLevel(config, { verboseLevel: "off" } as unknown as SessionEntry), "off");
  assert.equal(verboseLevel({ at: () => undefined } as unknown as ConfigSnapshot, undefined), "off");
});
