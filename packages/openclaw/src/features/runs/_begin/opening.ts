/** What a turn opens with: what the system has to tell the session, then what the person wrote. */
import { errorText } from "../../../base/errors.ts";
import type { Log } from "../../../base/log.ts";
import { textOf } from "../../../contracts/message.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { TurnRow } from "../../../store/index.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { isTold, mayHear, systemLines, zoneOf } from "../../sessions/index.ts";
import type { SystemEventsService } from "../../sessions/index.ts";
import type { StoredMessage } from "../../context/index.ts";

export interface Opening {
  readonly text: string;
  /** System events that `text` tells: theirs once it stands in the transcript. */
  readonly ids: readonly string[];
  /** Whoever caused them. */
  readonly by: readonly Principal[];
}

interface OpeningDeps {
  readonly systemEvents: SystemEventsService;
  readonly log: Log;
}

/** `header`: the envelope of what the person wrote; it stands in the text only where something else comes first. */
export async function opening(
  { systemEvents }: OpeningDeps,
  turn: TurnRow,
  config: ConfigSnapshot,
  header?: string,
): Promise<Opening> {
  const waiting = await systemEvents.waiting(turn.sessionKey);
  const heard = waiting.filter(({ by }) => mayHear(turn.principal, by));
  const text = spoken(turn);
  if (heard.length === 0) return { text, ids: [], by: [] };
  const lines = systemLines(heard, zoneOf(config));
  return {
    text: text === "" ? lines : `${lines}\n\n${header === undefined ? "" : `${header} `}${text}`,
    ids: heard.map(({ id }) => id),
    by: heard.map(({ by }) => by),
  };
}

/** What was written, as the model may read it. Owners may write what they like; what agents pass on may be anybody's. */
export function spoken({ principal, text }: TurnRow): string {
  const { kind, role, parent } = principal;
  const isOwn = role === "owner" && parent === undefined && ["person", "device", "system"].includes(kind);
  return isOwn ? text : quoted(text);
}

/**
 * Nobody but the gateway says what the system says, nor which session a message is from: lines of others that look
 * like it are marked as theirs.
 */
function quoted(text: string): string {
  return text.replace(/^([^\S\r\n\u2028\u2029]*)(System:\s{0,8}\[|\[Inter-session message )/gim, "$1(quoted) $2");
}

/** After the opening is on disk. A failure only means that the lines are told once more. */
export async function told({ systemEvents, log }: OpeningDeps, ids: readonly string[]): Promise<void> {
  await systemEvents.told(ids).catch((error: unknown) => {
    log.warn("system events will be told again", { count: ids.length, error: errorText(error) });
  });
}

/** An earlier process wrote the opening and died before it could say so. */
export async function toldBefore(deps: OpeningDeps, turn: TurnRow, mine: readonly StoredMessage[]): Promise<void> {
  const written = mine.flatMap(({ message }) => (message.role === "user" ? [textOf(message)] : [])).join("\n");
  const waiting = await deps.systemEvents.waiting(turn.sessionKey);
  const done = waiting.filter((event) => mayHear(turn.principal, event.by) && isTold(written, event));
  await told(
    deps,
    done.map(({ id }) => id),
  );
}
