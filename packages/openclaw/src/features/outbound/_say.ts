/** Saying something that is no reply, and waiting for what becomes of it. */
import type { Clock } from "../../base/time.ts";
import type { Outbox, PostRow } from "../../store/index.ts";
import type { OutboundService, Said } from "./index.ts";

export interface SayDeps {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly outbound: Pick<OutboundService, "compose" | "wake">;
}

/** Between two looks at what became of it. */
const LOOK_MS = 50;

export async function say(
  { outbox, clock, outbound }: SayDeps,
  message: Parameters<OutboundService["say"]>[0],
): Promise<Said> {
  const { address, text, key, replyTo, signal } = message;
  const route = { address, ...(replyTo === undefined ? {} : { replyTo }) };
  const posts = outbound.compose([text], route, { keyPrefix: `say:${key}`, at: clock.now() });
  const first = posts[0];
  const wanted = posts.map((post) =>
    post === first && replyTo !== undefined ? { ...post, replyTo: post.replyTo ?? replyTo } : post,
  );
  const keys = wanted.map((post) => post.key);
  await outbox.post(wanted);
  outbound.wake(`${address.channel}:${address.account}`);
  const deadline = clock.monotonic() + message.timeoutMs;
  for (;;) {
    const said = outcome(await outbox.find(keys));
    if (said.state !== "waiting" || clock.monotonic() >= deadline || signal?.aborted === true) return said;
    await clock.sleep(LOOK_MS, signal).catch(() => undefined);
  }
}

function outcome(rows: readonly PostRow[]): Said {
  const dead = rows.find(({ state }) => state === "dead");
  if (dead) return { state: "failed", error: dead.error ?? "The network refused it." };
  if (rows.every(({ state }) => state === "sent"))
    return { state: "sent", nativeIds: rows.flatMap(({ receipt }) => (receipt ? [receipt.nativeId] : [])) };
  const error = rows.find((row) => row.error !== undefined)?.error;
  return { state: "waiting", ...(error === undefined ? {} : { error }) };
}
