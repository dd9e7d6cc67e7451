/** Pairing requests of one channel, as `credentials/<channel>-pairing.json` holds them. */
import type { Random } from "../../base/ids.ts";
import type { Json } from "./_file.ts";
import type { PairingRequest } from "./index.ts";
import { newCode } from "./_code.ts";

export const PAIRING_LIMITS = { pending: 3, ttlMs: 3_600_000 } as const;

/** An entry of the file; unknown fields survive. */
interface Entry {
  readonly id: string;
  readonly code: string;
  readonly accountId: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly meta: Readonly<Record<string, string>>;
  /** Message that asked first: handled again after a crash, it gets its answer again. */
  readonly messageId?: string;
}

export interface Asking {
  readonly id: string;
  readonly accountId: string;
  readonly messageId: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly now: number;
}

/** `answer`: tell this code to the sender. */
export type Asked = { readonly outcome: "answer"; readonly code: string } | { readonly outcome: "waiting" | "full" };

/** A message of a stranger: the file afterwards, and what is due to them. */
export function ask(content: Json, who: Asking, random: Random): { content: Json; asked: Asked } {
  const open = entriesOf(content, who.now);
  const known = open.find(({ id, accountId }) => id === who.id && accountId === who.accountId);
  if (known) {
    const seen = { ...known, lastSeenAt: who.now, meta: { ...known.meta, ...who.meta } };
    const asked: Asked =
      known.messageId === who.messageId ? { outcome: "answer", code: known.code } : { outcome: "waiting" };
    return {
      content: withEntries(
        content,
        open.map((entry) => (entry === known ? seen : entry)),
      ),
      asked,
    };
  }
  if (open.length >= PAIRING_LIMITS.pending) return { content: withEntries(content, open), asked: { outcome: "full" } };
  const code = uniqueCode(open, random);
  const entry: Entry = {
    id: who.id,
    code,
    accountId: who.accountId,
    createdAt: who.now,
    lastSeenAt: who.now,
    meta: who.meta,
    messageId: who.messageId,
  };
  return { content: withEntries(content, [...open, entry]), asked: { outcome: "answer", code } };
}

/** Open requests, oldest first. */
export function requestsOf(channel: string, content: Json, now: number): PairingRequest[] {
  return entriesOf(content, now).map(({ id, code, accountId, createdAt, lastSeenAt, meta }) => ({
    channel,
    account: accountId,
    senderId: id,
    code,
    createdAt,
    lastSeenAt,
    meta,
  }));
}

export function withoutRequest(content: Json, code: string, now: number): Json {
  return withEntries(
    content,
    entriesOf(content, now).filter((entry) => entry.code !== code),
  );
}

function withEntries(content: Json, requests: readonly Entry[]): Json {
  return { version: 1, ...content, requests };
}

function entriesOf(content: Json, now: number): Entry[] {
  const all = Array.isArray(content["requests"]) ? content["requests"] : [];
  return all
    .filter(isEntry)
    .filter(({ createdAt }) => now - createdAt < PAIRING_LIMITS.ttlMs && createdAt - now < PAIRING_LIMITS.ttlMs);
}

function isEntry(value: unknown): value is Entry {
  if (value === null || typeof value !== "object") return false;
  const { id, code, accountId, createdAt, meta } = value as Partial<Record<keyof Entry, unknown>>;
  return (
    typeof id === "string" &&
    typeof code === "string" &&
    typeof accountId === "string" &&
    typeof createdAt === "number" &&
    meta !== null &&
    typeof meta === "object"
  );
}

function uniqueCode(open: readonly Entry[], random: Random): string {
  for (;;) {
    const code = newCode(random);
    if (open.every((entry) => entry.code !== code)) return code;
  }
}
