/** Whether heartbeats are on, what the last one did, and turns that a wake-up starts at once. */
import { cut } from "../../base/text.ts";
import { Events } from "../../contracts/bus.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import type { TurnRow } from "../../store/index.ts";
import { Inbound } from "../inbound/index.ts";
import { Lanes } from "../sessions/index.ts";
import type { HeartbeatEvent, HeartbeatsService } from "./index.ts";

const SPACE = "heartbeats";
const MAX_PREVIEW = 200;
/** How long a wake-up is watched for its outcome. */
const LONGEST_MS = 3_600_000;

export async function makeHeartbeats({ use, platform }: ServiceContext): Promise<HeartbeatsService> {
  const [store, events] = await Promise.all([use(StoreToken), use(Events)]);
  let enabled = (await store.kv.get(SPACE, "enabled")) !== "false";
  let last = parsed(await store.kv.get(SPACE, "last"));

  const record = async (event: Omit<HeartbeatEvent, "ts">): Promise<void> => {
    last = { ts: platform.clock.now(), ...event };
    events.publish("heartbeat", { ...last });
    await store.kv.set(SPACE, "last", JSON.stringify(last));
  };

  return {
    enabled: () => enabled,
    // Nothing beats by itself in this version: there are wake-ups only.
    beating: () => false,
    last: () => last,
    record,
    async set(value) {
      await store.kv.set(SPACE, "enabled", String(value));
      enabled = value;
    },
    async beat(sessionKey) {
      if (!enabled) return record({ status: "skipped", reason: "disabled" });
      const began = platform.clock.monotonic();
      await (await use(Inbound)).wake(sessionKey, "wake");
      const open = await store.turns.open(sessionKey);
      const turn = open.findLast(({ options }) => options.wake !== undefined);
      if (!turn) return record({ status: "skipped", reason: "nothing-to-tell" });
      const ended = await (await use(Lanes)).wait(turn.id, LONGEST_MS);
      await record({ ...outcomeOf(ended), durationMs: Math.round(platform.clock.monotonic() - began) });
    },
  };
}

function outcomeOf(turn: TurnRow | undefined): Omit<HeartbeatEvent, "ts"> {
  const result = turn?.result;
  if (!turn || !result) return { status: "failed", reason: "timeout" };
  if (result.status !== "ok") return { status: "failed", reason: result.error?.message ?? result.status };
  const text = result.texts.join("\n\n");
  if (text === "") return { status: "ok-empty" };
  const address = turn.replyTo?.address;
  const said = { preview: cut(text, MAX_PREVIEW), hasMedia: false };
  if (!address || address.channel === "webchat") return { status: "skipped", reason: "no-route", ...said };
  return { status: "sent", channel: address.channel, to: address.chat, accountId: address.account, ...said };
}

/** What an older version wrote, if it can be read. */
function parsed(text: string | undefined): HeartbeatEvent | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as HeartbeatEvent;
  } catch {
    return undefined;
  }
}
