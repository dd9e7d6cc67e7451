/** What a device may do without asking again, and how its record changes. Pure. */
import type { DeviceRequest, DeviceRow, DeviceToken } from "../../store/index.ts";
import { compact } from "../../base/text.ts";
import { fold } from "./device-proof.ts";
import { covers, union } from "../_auth/scopes.ts";

/** A device that proved itself, and what it wants. */
export interface DeviceAsk {
  readonly deviceId: string;
  readonly publicKey: string;
  readonly displayName?: string;
  readonly platform: string;
  readonly deviceFamily?: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly remoteIp: string;
}

export type Need = "not-paired" | "role-upgrade" | "metadata-upgrade" | "scope-upgrade";

/** What would have to be approved first; undefined when nothing. */
export function needOf(row: DeviceRow | undefined, ask: DeviceAsk): Need | undefined {
  if (row === undefined) return "not-paired";
  if (!row.roles.includes(ask.role)) return "role-upgrade";
  if (fold(row.platform) !== fold(ask.platform) || fold(row.deviceFamily) !== fold(ask.deviceFamily))
    return "metadata-upgrade";
  return covers(row.scopes, ask.scopes) ? undefined : "scope-upgrade";
}

/** The record after approval: the union of what was and what is asked. */
export function approved(
  row: DeviceRow | undefined,
  ask: DeviceAsk,
  via: DeviceRow["approvedVia"],
  now: number,
): DeviceRow {
  const scopes = union(row?.scopes ?? [], ask.role === "operator" ? ask.scopes : []);
  return compact({
    deviceId: ask.deviceId,
    publicKey: ask.publicKey,
    displayName: ask.displayName ?? row?.displayName,
    label: row?.label,
    platform: ask.platform,
    deviceFamily: ask.deviceFamily,
    clientId: ask.clientId,
    clientMode: ask.clientMode,
    roles: union(row?.roles ?? [], [ask.role]),
    scopes,
    remoteIp: ask.remoteIp,
    approvedVia: via,
    createdAtMs: row?.createdAtMs ?? now,
    approvedAtMs: now,
    lastSeenAtMs: row?.lastSeenAtMs ?? now,
    tokens: withToken(row?.tokens ?? [], ask.role, ask.role === "operator" ? scopes : [], now),
  }) as DeviceRow;
}

/** The record with its token renewed: the old one stops working. */
export function rotated(row: DeviceRow, role: string, scopes: readonly string[], now: number): DeviceRow {
  return mapToken(row, role, (token) => ({
    ...fresh(token),
    scopes,
    generation: next(token, now),
    rotatedAtMs: now,
  }));
}

/** The record with its token switched off; a client with the shared secret gets a fresh one. */
export function revoked(row: DeviceRow, role: string, now: number): DeviceRow {
  return mapToken(row, role, (token) => ({ ...fresh(token), generation: next(token, now), revokedAtMs: now }));
}

/** The record after a revocation, once its owner came back with the shared secret. */
export function restored(row: DeviceRow, role: string, now: number): DeviceRow {
  return mapToken(row, role, (token) => ({ ...fresh(token), createdAtMs: now }));
}

export function seen(row: DeviceRow, role: string, now: number): DeviceRow {
  return { ...mapToken(row, role, (token) => ({ ...token, lastUsedAtMs: now })), lastSeenAtMs: now };
}

export function tokenOf(row: DeviceRow | undefined, role: string): DeviceToken | undefined {
  return row?.tokens.find((token) => token.role === role);
}

/** Whether a request that waits asks for exactly the same. */
export function sameRequest(request: DeviceRequest, ask: DeviceAsk): boolean {
  return (
    request.publicKey === ask.publicKey &&
    request.role === ask.role &&
    [...request.scopes].sort().join() === [...ask.scopes].sort().join() &&
    fold(request.platform) === fold(ask.platform) &&
    fold(request.deviceFamily) === fold(ask.deviceFamily)
  );
}

/** A token's record is renewed when its scopes change, and kept otherwise. */
function withToken(
  tokens: readonly DeviceToken[],
  role: string,
  scopes: readonly string[],
  now: number,
): DeviceToken[] {
  const known = tokens.find((token) => token.role === role);
  const others = tokens.filter((token) => token.role !== role);
  if (known === undefined) return [...others, { role, scopes, generation: now, createdAtMs: now }];
  if (known.revokedAtMs === undefined && union(known.scopes, []).join() === scopes.join()) return [...tokens];
  return [...others, { ...fresh(known), scopes, generation: next(known, now), createdAtMs: now }];
}

/** Generations follow the clock, so that a device paired anew never gets an old token back. */
function next(token: DeviceToken, now: number): number {
  return Math.max(token.generation + 1, now);
}

function mapToken(row: DeviceRow, role: string, change: (token: DeviceToken) => DeviceToken): DeviceRow {
  return { ...row, tokens: row.tokens.map((token) => (token.role === role ? change(token) : token)) };
}

/** A token's record without what ended it and without the bearer that was brought along. */
function fresh({ revokedAtMs: _revoked, importedDigest: _imported, ...rest }: DeviceToken): DeviceToken {
  return rest;
}
