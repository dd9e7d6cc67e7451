/** What the order of a session's turns is decided by. Everything here comes from the row, so that a restart knows it too. */
import { formatAddress } from "../../../contracts/envelope.ts";
import { ROLE_ORDER } from "../../../contracts/principal.ts";
import type { NewTurn, QueueMode, TurnRow } from "../../../store/index.ts";

export interface Entry {
  readonly id: string;
  readonly agentId: string;
  /** Name of the cap it counts against. */
  readonly lane: string;
  /** How it waits; absent for what is no message of a conversation: it runs by itself, in its turn. */
  mode: QueueMode | undefined;
  /** Messages with the same text here may become one turn: one author, one authority, one place, the same wishes. */
  readonly group: string;
  readonly author: string;
  /** Place of the role in `ROLE_ORDER`: less is more authority. */
  readonly rank: number;
  /** Where its answer goes; absent for nowhere. */
  readonly place: string | undefined;
  readonly arrivedAt: number;
  /** It came while a run was under way, so that more may come: it waits for quiet. */
  during: boolean;
  /** An earlier process began it: it goes on before everything else. */
  readonly begun: boolean;
}

export function entryOf(turn: TurnRow, lane: string): Entry {
  const { principal, replyTo, options } = turn;
  return {
    id: turn.id,
    agentId: turn.agentId,
    lane,
    mode: options.queue,
    group: options.queue === undefined ? turn.id : groupOf(turn),
    author: `${principal.kind}:${principal.id}`,
    rank: ROLE_ORDER.indexOf(principal.role),
    place: replyTo && formatAddress(replyTo.address),
    arrivedAt: turn.createdAt,
    during: true,
    begun: turn.state === "running",
  };
}

function groupOf(turn: NewTurn): string {
  const { agentId, principal, replyTo } = turn;
  const place = replyTo && [formatAddress(replyTo.address), replyTo.native];
  return JSON.stringify([agentId, principal, place ?? null, wishesOf(turn)]);
}

/** Options that shape a run. */
function wishesOf({ options }: NewTurn): unknown {
  const { connId: _connId, fingerprint: _fingerprint, queue: _queue, envelope: _envelope, ...shaping } = options;
  return Object.entries(shaping).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether the modes of the queue are for it: a message of somebody who hears the answer where the conversation is. */
export function isTalk({ principal, replyTo, text, images, options }: NewTurn): boolean {
  if (options.apart === true) return false;
  const plain =
    options.wake === undefined &&
    options.conversation === undefined &&
    options.clientTools === undefined &&
    options.sampling === undefined &&
    options.extraSystemPrompt === undefined &&
    options.silent !== true &&
    (options.lane ?? "main") === "main" &&
    (text !== "" || (images?.length ?? 0) > 0);
  if (!plain) return false;
  return options.queue !== undefined || (replyTo !== undefined && ["person", "device"].includes(principal.kind));
}

/**
 * Whether a run under way may be told this message. Its author must have the authority that the run acts with, no
 * less and no more, and must see the answer: where the run answers, or in the transcript that web chats show.
 */
export function mayJoin(entry: Entry, run: Entry): boolean {
  const sameAuthority = entry.rank === run.rank && (entry.rank === 0 || entry.author === run.author);
  const seesAnswer = run.place !== undefined && (entry.place === run.place || entry.place?.startsWith("webchat:"));
  return sameAuthority && seesAnswer === true;
}

export function idsOf(entries: readonly Entry[]): string[] {
  return entries.map(({ id }) => id);
}
