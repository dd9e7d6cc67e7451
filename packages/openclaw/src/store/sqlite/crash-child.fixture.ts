/**
 * A gateway in miniature for `crash.test.ts`: takes messages through accept → submit → begin → finish →
 * sending → sent as fast as it can until it is killed. With the argument `finish` it only works off what is left.
 * Tells what it has been promised in `promises.log`; the fake platform writes what it receives to `platform.log`.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { systemClock } from "../../base/time.ts";
import type { Address } from "../../contracts/envelope.ts";
import type { InboxRow, TurnResult, TurnRow } from "../index.ts";
import { migrations } from "../tables.ts";
import { openSqliteStore } from "./index.ts";

const [folder = "", run = "", mode = "work"] = process.argv.slice(2);
const store = await openSqliteStore({ path: join(folder, "openclaw.sqlite"), migrations, clock: systemClock, log });

const promised = (...words: string[]) => appendFileSync(join(folder, "promises.log"), `${words.join(" ")}\n`);
const ACCOUNT = "fake:default";
const address = (chat: string): Address => ({ channel: "fake", account: "default", kind: "direct", chat });
const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };
const RESULT: TurnResult = { status: "ok", stopReason: "stop", texts: ["x"], usage, sessionId: "s", durationMs: 1 };

async function receive(id: string): Promise<void> {
  const envelope = { nativeId: id, address: address(id.slice(-1)), from: { id: "1" }, parts: [], at: 1 };
  await store.inbox.accept({ id, account: ACCOUNT, envelope, receivedAt: 1 });
  promised("accepted", id);
  const row = await store.inbox.get(id);
  await answer(row!);
}

async function answer({ id, envelope }: InboxRow): Promise<void> {
  const sessionKey = `chat:${envelope.address.chat}`;
  const principal = { kind: "person", id: "1", role: "owner", scopes: [] } as const;
  const turn = { id: `turn-${id}`, agentId: "main", sessionKey, principal, text: id, options: {}, createdAt: 1 };
  await store.turns.submit({ ...turn, replyTo: { address: envelope.address } }, [id]);
  promised("submitted", id);
  await execute(turn.id);
}

async function execute(turnId: string): Promise<void> {
  const turn: TurnRow | undefined = await store.turns.begin(turnId, Date.now());
  if (!turn) return;
  promised("begun", turn.text);
  const posts = [1, 2].map((n) => ({
    key: `${turn.text}:${n}`,
    address: turn.replyTo!.address,
    text: `${n}`,
    turnId,
    at: Date.now(),
  }));
  await store.turns.finish(turnId, { state: "done", at: Date.now(), result: RESULT, posts });
  promised("finished", turn.text);
}

/** One post after another, as far as there are any. */
async function deliver(): Promise<void> {
  for (;;) {
    const due = await store.outbox.due(ACCOUNT, Date.now(), 10);
    if (due.length === 0) return;
    await Promise.all(
      due.map(async (row) => {
        await store.outbox.sending(row.id);
        appendFileSync(join(folder, "platform.log"), `${row.key} ${row.maybeSent ? "maybe-repeated" : "first"}\n`);
        await store.outbox.sent(row.id, { nativeId: row.key, at: 1 });
        promised("sent", row.key);
      }),
    );
  }
}

await store.outbox.recover();
for (const row of await store.inbox.pending(10_000)) await answer(row);
for (const turn of await store.turns.open()) await execute(turn.id);
await deliver();
process.stdout.write("ready\n");
for (let n = 0; mode === "work"; n += 1) {
  await Promise.all([...Array.from({ length: 4 }, (_, lane) => receive(`${run}-${n}-${lane}`)), deliver()]);
}
await store.close();
