/**
 * What every channel must do, whatever its network. A channel's own test brings a fake of the network
 * and covers only what is peculiar to it.
 */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { chunkMarkdown } from "../../packages/openclaw/src/channel-kit/index.ts";
import {
  ChannelError,
  envelopeText,
  type Channel,
  type ChannelAccount,
  type ChannelConnection,
  type OutboundMessage,
} from "../../packages/openclaw/src/contracts/index.ts";
import { makeCore, newDurable, until, type Core, type Durable } from "./channelWorld.ts";

/** A fake of the network with one login. Chats are numbered from 1. */
export interface FakeNetwork {
  /** `channels.<id>` with a login that works. */
  readonly section: unknown;
  /** The same with a login that the network refuses. */
  readonly refusedSection: unknown;
  /** The same at an address where nobody listens. */
  readonly deadSection: unknown;
  /** Text that must never appear in a log. */
  readonly secret: string;
  chat(number: number): string;
  /** The person of that chat writes. */
  write(chat: string, text: string): void;
  /** What people were shown, in order. */
  shown(): readonly { readonly chat: string; readonly text: string }[];
  /** Chats that were shown a typing sign, in order. */
  typing(): readonly string[];
  /** Messages that the network would deliver again if we died now. */
  undelivered(): number;
  /** Ready to hand over the next message. */
  listening(): boolean;
  /** The next message to that chat is refused, with a wait in seconds. */
  limit(chat: string, seconds: number): void;
  /** The next message is shown, but the connection breaks before we learn it. */
  loseAnswer(): void;
  /** From now on the login is refused, and receiving ends with that. */
  revoke(): void;
  /** Breaches of the network's protocol. */
  complaints(): readonly string[];
  stop(): Promise<void>;
}

interface World {
  readonly network: FakeNetwork;
  readonly durable: Durable;
  readonly account: ChannelAccount;
  /** A process: opens the account with what earlier processes left. */
  open(prepare?: (core: Core) => void): Promise<{ core: Core; connection: ChannelConnection }>;
  message(chat: string, text: string, more?: Partial<OutboundMessage>): OutboundMessage;
}

export function testChannel(channel: Channel, start: () => Promise<FakeNetwork>): void {
  const check = (title: string, body: (world: World, context: TestContext) => Promise<void>) => {
    void test(`${channel.id}: ${title}`, { timeout: 30_000 }, async (context) => {
      const network = await start();
      const [account] = channel.accounts(network.section, {});
      assert.ok(account);
      const opened: { core: Core; connection: ChannelConnection }[] = [];
      const durable = newDurable();
      let keys = 0;
      const world: World = {
        network,
        durable,
        account,
        open: async (prepare) => {
          const core = makeCore(durable);
          prepare?.(core);
          const process = { core, connection: await channel.open(account, core.link) };
          opened.push(process);
          await until(() => network.listening(), "listening");
          return process;
        },
        message: (chat, text, more) => ({
          key: `k${(keys += 1)}`,
          address: { channel: channel.id, account: account.id, kind: "direct", chat },
          text,
          maybeRepeated: false,
          ...more,
        }),
      };
      try {
        await body(world, context);
        assert.deepEqual(network.complaints(), []);
        for (const { core } of opened)
          assert.ok(!core.logged.some((line) => line.includes(network.secret)), "the log holds the secret");
      } finally {
        for (const { core, connection } of opened) {
          core.abort();
          await connection.close();
        }
        await network.stop();
      }
    });
  };

  check("hands over who wrote what, where", async ({ network, durable, open, account }) => {
    await open();
    network.write(network.chat(1), "hello");
    await until(() => durable.stored.size === 1, "stored");
    const [envelope] = [...durable.stored.values()];
    assert.equal(envelope && envelopeText(envelope), "hello");
    assert.deepEqual(envelope?.address, {
      channel: channel.id,
      account: account.id,
      kind: "direct",
      chat: network.chat(1),
    });
    assert.equal(channel.normalizeSender(envelope?.from.id ?? ""), envelope?.from.id);
    assert.ok(Math.abs((envelope?.at ?? 0) - Date.now()) < 60_000);
  });

  check("tells the network that a message was received only once it is stored", async ({ network, durable, open }) => {
    let release = () => {};
    await open((core) => {
      core.store = () => new Promise((resolve) => (release = resolve));
    });
    network.write(network.chat(1), "one");
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(network.undelivered(), 1);
    release();
    await until(() => network.undelivered() === 0, "confirmed");
    assert.equal(durable.stored.size, 1);
  });

  check("gets a message again that could not be stored", async ({ network, durable, open }) => {
    let failures = 0;
    const { core } = await open((it) => {
      it.store = async () => {
        if ((failures += 1) === 1) throw new Error("disk full");
      };
    });
    network.write(network.chat(1), "one");
    await until(() => durable.stored.size === 1, "stored on the second try");
    await until(() => network.undelivered() === 0, "confirmed");
    assert.ok(core.states.some(({ state, problem }) => state === "disconnected" && problem !== undefined));
  });

  check("loses nothing when the process dies before a message is stored", async ({ network, durable, open }) => {
    const { core } = await open();
    core.store = () => new Promise(() => {});
    for (const n of [1, 2, 3]) network.write(network.chat(n), `message ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    core.die();
    assert.equal(durable.stored.size, 0);
    await open();
    await until(() => durable.stored.size === 3, "all three stored");
  });

  check("hands over each message once as new, across restarts", async ({ network, durable, open }) => {
    const first = await open();
    network.write(network.chat(1), "one");
    await until(() => network.undelivered() === 0, "confirmed");
    await first.connection.close();
    network.write(network.chat(1), "two");
    await open();
    await until(() => durable.stored.size === 2, "both stored");
    assert.deepEqual([...durable.stored.values()].map(envelopeText), ["one", "two"]);
  });

  check("keeps the order within a chat", async ({ network, durable, open }) => {
    await open((core) => {
      core.store = async (envelope) => {
        await new Promise((resolve) => setTimeout(resolve, envelopeText(envelope) === "0" ? 60 : 1));
      };
    });
    for (let n = 0; n < 10; n += 1) network.write(network.chat(1), String(n));
    await until(() => durable.stored.size === 10, "ten stored");
    assert.deepEqual([...durable.stored.values()].map(envelopeText).join(""), "0123456789");
  });

  check("takes messages of several chats side by side", async ({ network, durable, open }) => {
    let waiting = 0;
    let release = () => {};
    const all = new Promise<void>((resolve) => (release = resolve));
    const first = await open();
    await first.connection.close();
    for (let n = 1; n <= 10; n += 1) network.write(network.chat(n), `chat ${n}`);
    await open((core) => {
      core.store = async () => {
        if ((waiting += 1) === 10) release();
        await all;
      };
    }).catch(() => undefined);
    await until(() => durable.stored.size === 10, "ten at once");
  });

  check("sends with a receipt of its own for each message", async ({ network, open, message }) => {
    const { connection } = await open();
    const receipts = await Promise.all([1, 2, 3].map((n) => connection.send(message(network.chat(n), `answer ${n}`))));
    assert.equal(new Set(receipts.map(({ nativeId }) => nativeId)).size, 3);
    assert.deepEqual(
      network
        .shown()
        .map(({ text }) => text)
        .toSorted(),
      ["answer 1", "answer 2", "answer 3"],
    );
  });

  check("takes any Markdown", async ({ network, open, message }) => {
    const { connection } = await open();
    const samples = [
      "**bold _both_**",
      "a < b && c > d </b>",
      "```ts\nconst a = `<b>`;\n```",
      "- one\n  - two\n    1. three",
      "> quote\n> > inner",
      "| a | b |\n|---|---|\n| 1 | 2 |",
      '[x](javascript:alert(1)) [y](https://e.example/?a=1&b="2")',
      "<script>alert(1)</script>",
      "---",
      "*",
      "&lt;&nbsp;&#0;&bogus;",
      "# h\n## *h2*",
      "||hidden||",
      "\u202e reversed 👩‍👩‍👧",
    ];
    for (const sample of samples) await connection.send(message(network.chat(1), sample));
    assert.equal(network.shown().length, samples.length);
  });

  check("takes long texts cut to its limit", async ({ account, network, open, message }) => {
    const { connection } = await open();
    const text = Array.from({ length: 400 }, (_, i) =>
      i % 50 === 7
        ? `\`\`\`js\n${"let x = 1 < 2;\n".repeat(40)}\`\`\``
        : `**Paragraph ${i}** with a [link](https://e.example/${i}?a=1&b=2) & more < text.`,
    ).join("\n\n");
    const pieces = chunkMarkdown(text, {
      limit: account.textLimit,
      mode: account.chunkMode,
      measure: (piece) => channel.measure(piece),
    });
    assert.ok(pieces.length > 3);
    for (const piece of pieces) await connection.send(message(network.chat(1), piece, { maybeRepeated: true }));
    assert.equal(network.shown().length, pieces.length);
  });

  check(
    "says how long to wait when the network limits it, and asks nothing of that chat before",
    async ({ network, open, message }) => {
      const { connection } = await open();
      network.limit(network.chat(1), 3);
      const limited = await failure(connection.send(message(network.chat(1), "one")));
      assert.equal(limited.kind, "rate_limit");
      assert.equal(limited.retryAfterMs, 3000);
      const early = await failure(connection.send(message(network.chat(1), "two")));
      assert.equal(early.kind, "rate_limit");
      assert.ok((early.retryAfterMs ?? 0) > 2000 && (early.retryAfterMs ?? 0) <= 3000);
      await connection.send(message(network.chat(2), "another chat goes on"));
      assert.equal(network.shown().length, 1);
    },
  );

  check("says that a message may have arrived when its answer was lost", async ({ network, open, message }) => {
    const { connection } = await open();
    network.loseAnswer();
    const lost = await failure(connection.send(message(network.chat(1), "one")));
    assert.equal(lost.kind, "network");
    assert.equal(lost.maybeSent, !channel.capabilities.idempotentSend || lost.maybeSent);
    assert.equal(network.shown().length, 1);
  });

  check("says that a message cannot have arrived when nobody listens", async ({ network, open, message }) => {
    const { connection } = await open();
    await network.stop();
    const refused = await failure(connection.send(message(network.chat(1), "one")));
    assert.equal(refused.kind, "network");
    assert.equal(refused.maybeSent, false);
  });

  if (!channel.capabilities.idempotentSend) {
    check("marks a message that may be a repetition", async ({ network, open, message }) => {
      const { connection } = await open();
      await connection.send(message(network.chat(1), "the answer"));
      await connection.send(message(network.chat(1), "the answer", { maybeRepeated: true }));
      const [first, second] = network.shown().map(({ text }) => text);
      assert.equal(first, "the answer");
      assert.match(second ?? "", /repeated.*the answer$/);
    });
  }

  if (channel.capabilities.typing) {
    check("shows that it is typing", async ({ network, open }) => {
      const { connection } = await open();
      await connection.typing?.({ channel: channel.id, account: "default", kind: "direct", chat: network.chat(2) });
      assert.deepEqual(network.typing(), [network.chat(2)]);
    });
  }

  check("says who it is", async ({ open }) => {
    const { connection } = await open();
    assert.notEqual((await connection.probe()).account, "");
  });

  check("reports a login that is refused as final", async ({ network }) => {
    const [account] = channel.accounts(network.refusedSection, {});
    assert.ok(account);
    assert.equal((await failure(channel.open(account, makeCore(newDurable()).link))).kind, "auth");
  });

  check("reports a network that is away as something that passes", async ({ network }) => {
    const [account] = channel.accounts(network.deadSection, {});
    assert.ok(account);
    assert.equal((await failure(channel.open(account, makeCore(newDurable()).link))).kind, "network");
  });

  check("ends with the reason when its login is revoked", async ({ network, open }) => {
    const { connection } = await open();
    assert.ok(connection.ended);
    network.revoke();
    network.write(network.chat(1), "wake up");
    assert.equal((await failure(connection.ended)).kind, "auth");
  });

  check("closes, twice if asked, and sends nothing afterwards", async ({ network, open, message }) => {
    const { connection } = await open();
    await connection.close();
    await connection.close();
    await until(() => !network.listening(), "no request left open");
    await failure(connection.send(message(network.chat(1), "late")));
    assert.equal(network.shown().length, 0);
  });

  check("finishes what it is sending before it closes", async ({ network, open, message }) => {
    const { connection } = await open();
    const sending = connection.send(message(network.chat(1), "last words"));
    await connection.close();
    await sending;
    assert.equal(network.shown().length, 1);
  });

  check("gives up opening when it is told to stop", async ({ account }) => {
    const core = makeCore(newDurable());
    core.abort();
    await failure(channel.open(account, core.link));
  });
}

async function failure(promise: Promise<unknown>): Promise<ChannelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ChannelError, `not a ChannelError: ${String(error)}`);
  return error;
}
