/**
 * Hop 10: the sender of one account. Works off the outbox: conversations side by side, one message
 * of a conversation at a time. The platform call is marked in the outbox before it is made, so that a
 * death in the middle is known afterwards.
 */
import { Fault, errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { ChannelError } from "../../contracts/channel.ts";
import type { ChannelConnection } from "../../contracts/channel.ts";
import type { OutboundMessage } from "../../contracts/envelope.ts";
import { contentOf, discard } from "./_media.ts";
import { formatAddress } from "../../contracts/envelope.ts";
import type { Clock } from "../../base/time.ts";
import type { Delivery } from "./_delivery-fact.ts";
import type { Outbox, PostRow } from "../../store/index.ts";

async function fileOf({ media }: PostRow): Promise<Pick<OutboundMessage, "media">> {
  if (!media) return {};
  const { path: _, ...file } = media;
  return { media: { ...file, data: await contentOf(media) } };
}

export interface SenderDeps {
  readonly account: string;
  readonly outbox: Outbox;
  readonly connection: ChannelConnection;
  readonly clock: Clock;
  readonly log: Log;
  /** The platform shows a message with a known key once: a repeat needs no mark. */
  readonly idempotent: boolean;
  /** Told what became of a post, after the outbox. Must not throw. */
  readonly settled?: (post: PostRow, delivery: Delivery) => void;
}

const PARALLEL = 16;
const MAX_ATTEMPTS = 8;
const LONGEST_BACKOFF_MS = 120_000;
/** It looks again at least this often while something is held back: timers do not hold any number. */
const LONGEST_SLEEP_MS = 3_600_000;

export class Sender {
  readonly #deps: SenderDeps;
  readonly #busy = new Set<string>();
  #stopped = false;
  #looking = false;
  #lookAgain = false;
  #cancelTimer: () => void = () => {};

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /** Looks for due posts; calls while it is looking lead to one more look. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    void this.#look()
      .catch((error: unknown) => {
        this.#deps.log.error("the outbox could not be read", { account: this.#deps.account, error: errorText(error) });
        this.#later(5000);
      })
      .finally(() => {
        this.#looking = false;
        if (this.#lookAgain) {
          this.#lookAgain = false;
          this.wake();
        }
      });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  async #look(): Promise<void> {
    const { outbox, account, clock } = this.#deps;
    const now = clock.now();
    const due = await outbox.due(account, now, PARALLEL * 2);
    const heldUntil = await outbox.heldUntil(account, now);
    if (heldUntil !== undefined) this.#later(heldUntil - now);
    for (const post of due) {
      const conversation = formatAddress(post.address);
      if (this.#stopped || this.#busy.size >= PARALLEL) return;
      if (this.#busy.has(conversation)) continue;
      this.#busy.add(conversation);
      void this.#send(post)
        .catch((error: unknown) =>
          this.#deps.log.error("a post could not be accounted for", { post: post.key, error: errorText(error) }),
        )
        .finally(() => {
          this.#busy.delete(conversation);
          this.wake();
        });
    }
  }

  async #send(post: PostRow): Promise<void> {
    const { outbox, connection, clock, log, account, settled } = this.#deps;
    await outbox.sending(post.id);
    const begun = clock.now();
    try {
      const receipt = await connection.send({
        key: post.key,
        address: post.address,
        text: post.text,
        maybeRepeated: post.maybeSent && !this.#deps.idempotent,
        ...(post.replyTo === undefined ? {} : { replyTo: post.replyTo }),
        ...(post.native === undefined ? {} : { native: post.native }),
        ...(post.choices === undefined ? {} : { choices: post.choices }),
        ...(post.replaces === undefined ? {} : { replaces: post.replaces }),
        ...(await fileOf(post)),
      });
      await outbox.sent(post.id, receipt);
      this.#tidy(post);
      settled?.(post, { state: "sent", ms: clock.now() - begun });
    } catch (error) {
      const plan = this.#plan(post, error);
      log.warn(plan.retryAt === undefined ? "delivery failed for good" : "delivery failed, will be tried again", {
        account,
        post: post.key,
        error: plan.error,
      });
      await outbox.failed(post.id, plan);
      if (plan.retryAt === undefined) this.#tidy(post);
      const state = plan.retryAt === undefined ? "dead" : "retry";
      settled?.(post, { state, ms: clock.now() - begun, error: plan.error });
    }
  }

  /** The copy of a file is not needed any more, nor the sign that an answer is coming. */
  #tidy({ media, settles, address }: PostRow): void {
    if (media) void discard(media);
    if (settles !== undefined) void this.#deps.connection.react?.(address, settles, undefined).catch(() => undefined);
  }

  /** When to try again: never for refusals, after `retry_after` for limits, else with growing pauses. */
  #plan(post: PostRow, error: unknown): { error: string; maybeSent: boolean; retryAt?: number } {
    const now = this.#deps.clock.now();
    const known = error instanceof ChannelError ? error : undefined;
    const base = { error: errorText(error), maybeSent: known?.maybeSent ?? true };
    if (error instanceof Fault && error.code === "MEDIA_GONE") return { ...base, maybeSent: false };
    if (known && (known.kind === "permission" || known.kind === "not_found" || known.kind === "invalid")) return base;
    if (known?.kind === "rate_limit")
      return { ...base, maybeSent: false, retryAt: now + Math.max(known.retryAfterMs ?? 1000, 50) };
    if (post.attempts + 1 >= MAX_ATTEMPTS) return base;
    return { ...base, retryAt: now + Math.min(1000 * 2 ** post.attempts, LONGEST_BACKOFF_MS) };
  }

  #later(ms: number): void {
    this.#cancelTimer();
    if (this.#stopped) return;
    this.#cancelTimer = this.#deps.clock.timer(Math.min(Math.max(10, ms), LONGEST_SLEEP_MS), () => this.wake());
  }
}
