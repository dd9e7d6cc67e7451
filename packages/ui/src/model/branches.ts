/** Where a conversation has more than one way on, seen from the way that it goes now. Pure. */
import type { Branch } from "openclaw/client";
import type { Entry } from "./conversation.ts";

/** One of several ways on from the same message. */
export interface Fork {
  /** From 1. */
  readonly at: number;
  readonly of: number;
  /** Newest messages of the ways beside this one. */
  readonly before?: string;
  readonly after?: string;
}

export interface Forks {
  /** By the first message of the way that is taken. */
  readonly at: ReadonlyMap<string, Fork>;
  /** The conversation was taken back and has not gone on: the newest of the ways that it went before. */
  readonly later?: { readonly id: string; readonly preview: string };
}

export const NO_FORKS: Forks = { at: new Map() };

/** `whole`: the conversation is loaded from its beginning on. */
export function forksOf(branches: readonly Branch[], entries: readonly Entry[], whole: boolean): Forks {
  const said = entries.filter(({ message: { role } }) => role === "user" || role === "assistant");
  const places = new Map(said.map((entry, index) => [entry.id, index]));
  const at = new Map<string, Fork>();
  let later: Forks["later"];
  const others = Map.groupBy(
    branches.filter(({ active, firstId }) => !active && firstId !== undefined),
    ({ forkId }) => forkId,
  );
  for (const [forkId, list] of others) {
    const place = forkId === null ? (whole ? -1 : undefined) : placeOf(forkId, entries, places);
    if (place === undefined) continue;
    const next = said[place + 1];
    if (next === undefined) later = newest(list);
    else at.set(next.id, forkAt(next, list));
  }
  return { at, ...(later === undefined ? {} : { later }) };
}

/** Index of the last thing said up to a message; the results of its tools belong to what was said. */
function placeOf(id: string, entries: readonly Entry[], places: ReadonlyMap<string, number>): number | undefined {
  for (let index = entries.findIndex((entry) => entry.id === id); index >= 0; index -= 1) {
    const place = places.get(entries[index]?.id ?? "");
    if (place !== undefined) return place;
  }
  return undefined;
}

function forkAt(taken: Entry, list: readonly Branch[]): Fork {
  const ways = [...Map.groupBy(list, ({ firstId }) => firstId).values()].map((way) => ({
    id: newest(way).id,
    at: way[0]?.firstAt ?? 0,
  }));
  const all = [...ways, { id: undefined, at: taken.message.timestamp }].toSorted((a, b) => a.at - b.at);
  const index = all.findIndex(({ id }) => id === undefined);
  const [before, after] = [all[index - 1]?.id, all[index + 1]?.id];
  return {
    at: index + 1,
    of: all.length,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function newest(list: readonly Branch[]): Branch {
  return list.reduce((best, one) => (one.updatedAt > best.updatedAt ? one : best));
}
