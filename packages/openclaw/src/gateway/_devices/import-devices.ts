/**
 * Takes over the devices that an earlier installation kept in `<state>/devices/paired.json`, once: the file is
 * set aside afterwards. Their tokens go on working; only digests of them are kept.
 */
import { record } from "../../base/record.ts";
import { join } from "node:path";
import { errorText } from "../../base/errors.ts";
import { info, move, readText } from "../../base/files.ts";
import { sha256 } from "../../base/ids.ts";
import { compact } from "../../base/text.ts";
import type { Platform } from "../../contracts/service.ts";
import type { DeviceRow, DeviceToken, Devices } from "../../store/index.ts";
import { deviceIdOf } from "./device-proof.ts";

const MAX_BYTES = 8 << 20;
const MAX_DEVICES = 1000;

/** Resolves with the number of devices. A file that cannot be read is left where it is, with a warning. */
export async function importDevices(platform: Platform, devices: Devices): Promise<number> {
  const folder = join(platform.paths.state, "devices");
  const path = join(folder, "paired.json");
  if ((await info(path)) === undefined) return 0;
  const log = platform.log.for("gateway");
  try {
    const rows = pairedIn(JSON.parse((await readText(path, MAX_BYTES)) ?? "{}"), platform.clock.now());
    let count = 0;
    for (const row of rows) {
      if ((await devices.get(row.deviceId)) !== undefined) continue;
      await devices.put(row);
      count += 1;
    }
    for (const name of ["paired.json", "pending.json"]) {
      if ((await info(join(folder, name))) !== undefined)
        await move(join(folder, name), join(folder, `${name}.imported`));
    }
    log.info("took over paired devices of an earlier installation", { devices: count });
    return count;
  } catch (error) {
    log.warn(`${path} was not taken over`, { error: errorText(error) });
    return 0;
  }
}

/** The records of the file that hold together; anything else is left out. */
export function pairedIn(file: unknown, now: number): DeviceRow[] {
  const entries = Object.values(record(file)).slice(0, MAX_DEVICES);
  return entries.map((entry) => rowOf(record(entry), now)).filter((row) => row !== undefined);
}

function rowOf(entry: Readonly<Record<string, unknown>>, now: number): DeviceRow | undefined {
  const publicKey = text(entry["publicKey"]);
  const raw = publicKey === undefined ? undefined : Buffer.from(publicKey, "base64");
  if (publicKey === undefined || raw?.length !== 32) return undefined;
  const approvedAtMs = time(entry["approvedAtMs"]) ?? now;
  const roles = [...new Set([...words(entry["roles"]), ...words([entry["role"]])])];
  const scopes = words(entry["scopes"]);
  const tokens = tokensOf(entry["tokens"], now);
  if (roles.length === 0) return undefined;
  return compact({
    deviceId: deviceIdOf(raw),
    publicKey: raw.toString("base64url"),
    displayName: text(entry["displayName"]),
    platform: text(entry["platform"]) ?? "unknown",
    deviceFamily: text(entry["deviceFamily"]),
    clientId: text(entry["clientId"]) ?? "unknown",
    clientMode: text(entry["clientMode"]) ?? "unknown",
    roles: roles.toSorted(),
    scopes: scopes.toSorted(),
    remoteIp: text(entry["remoteIp"]),
    approvedVia: "owner",
    createdAtMs: time(entry["createdAtMs"]) ?? approvedAtMs,
    approvedAtMs,
    lastSeenAtMs: Math.max(approvedAtMs, ...tokens.map(({ lastUsedAtMs }) => lastUsedAtMs ?? 0)),
    tokens: tokens.filter(({ role }) => roles.includes(role)),
  }) as unknown as DeviceRow;
}

function tokensOf(value: unknown, now: number): DeviceToken[] {
  return Object.entries(record(value)).map(([name, entry]) => {
    const token = record(entry);
    const bearer = text(token["token"]);
    const created = time(token["createdAtMs"]) ?? now;
    return compact({
      role: text(token["role"]) ?? name,
      scopes: words(token["scopes"]).toSorted(),
      generation: now,
      createdAtMs: created,
      rotatedAtMs: time(token["rotatedAtMs"]),
      revokedAtMs: time(token["revokedAtMs"]),
      lastUsedAtMs: time(token["lastUsedAtMs"]),
      importedDigest: bearer === undefined ? undefined : sha256(bearer),
    }) as unknown as DeviceToken;
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= 512 ? value : undefined;
}

function words(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((word) => text(word) !== undefined).slice(0, 64) : [];
}

function time(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
