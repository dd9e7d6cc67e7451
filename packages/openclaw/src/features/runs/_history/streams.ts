/** Conversations watched over HTTP: the page first, then every message as it is written. */
import type { EventBus } from "../../../contracts/method.ts";
import type { RouteCall } from "../../../contracts/route.ts";
import { errors } from "../errors.ts";

const MOST = 32;
const PING_MS = 15_000;
/** What a client has not taken yet; one that falls further behind is let go and comes again. */
const MAX_BEHIND = 4 * 1024 * 1024;

type Payload = Readonly<Record<string, unknown>>;

export class HistoryStreamTable {
  readonly #events: EventBus;
  readonly #open = new Set<RouteCall>();

  constructor(events: EventBus) {
    this.#events = events;
  }

  /** Resolves when the client has gone. */
  async serve(call: RouteCall, sessionKey: string, page: () => Promise<unknown>): Promise<void> {
    if (this.#open.size >= MOST) throw errors.HISTORY_CROWDED().with({ retryAfterMs: 5000 });
    this.#open.add(call);
    const waiting: Payload[] = [];
    let take: (payload: Payload) => void = (payload) => waiting.push(payload);
    // Subscribed before the page is read: nothing falls in between.
    const stop = this.#events.subscribe((event, payload) => {
      if (event === "session.message" && payload["sessionKey"] === sessionKey) take(payload);
    });
    try {
      const first = await page();
      begin(call, first);
      const known = idsOf(first);
      take = (payload) => send(call, payload);
      for (const payload of waiting) if (!known.has(payload["messageId"])) send(call, payload);
      await gone(call);
    } finally {
      stop();
      this.#open.delete(call);
    }
  }
}

function begin({ response }: RouteCall, page: unknown): void {
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache",
    "X-Accel-Buffering": "no",
  });
  response.write(`retry: 1000\n\nevent: history\ndata: ${JSON.stringify(page)}\n\n`);
}

function send({ response }: RouteCall, { sessionKey, message, messageId, messageSeq }: Payload): void {
  if (response.writableLength > MAX_BEHIND) return void response.destroy();
  response.write(`event: message\ndata: ${JSON.stringify({ sessionKey, message, messageId, messageSeq })}\n\n`);
}

/** Pings until the client goes away: proxies cut connections over which nothing comes. */
function gone({ response, platform }: RouteCall): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve();
    let cancel = () => {};
    const ping = () => {
      if (!response.destroyed && response.writableLength === 0) response.write(": ping\n\n");
      cancel = platform.clock.timer(PING_MS, ping);
    };
    cancel = platform.clock.timer(PING_MS, ping);
    response.once("close", () => {
      cancel();
      resolve();
    });
  });
}

function idsOf(page: unknown): Set<unknown> {
  const { messages } = page as { messages?: readonly { __openclaw?: { id?: unknown } }[] };
  return new Set((messages ?? []).map((message) => message.__openclaw?.id));
}
