/**
 * Takes over the nodes that an earlier installation had approved in `<state>/nodes/paired.json`, once: the file
 * is set aside afterwards. Its bearers are not needed: a node comes back with the token of its device.
 */
import { record } from "../../base/record.ts";
import { join } from "node:path";
import { errorText } from "../../base/errors.ts";
import { info, move, readText } from "../../base/files.ts";
import { compact } from "../../base/text.ts";
import type { Platform } from "../../contracts/service.ts";
import type { NodeRecord, Records } from "./_record.ts";

const MAX_BYTES = 8 << 20;
const MAX_NODES = 1000;
const MAX_WORDS = 512;

/** A file that cannot be read is left where it is, with a warning. */
export async function importNodes(platform: Platform, records: Records): Promise<void> {
  const folder = join(platform.paths.state, "nodes");
  const path = join(folder, "paired.json");
  if ((await info(path)) === undefined) return;
  const log = platform.log.for("nodes");
  try {
    const rows = approvedIn(JSON.parse((await readText(path, MAX_BYTES)) ?? "{}"), platform.clock.now());
    for (const row of rows) if (records.get(row.nodeId) === undefined) await records.put(row);
    for (const name of ["paired.json", "pending.json"]) {
      const old = join(folder, name);
      if ((await info(old)) !== undefined) await move(old, `${old}.imported`);
    }
    log.info("took over nodes of an earlier installation", { nodes: rows.length });
  } catch (error) {
    log.warn(`${path} was not taken over`, { error: errorText(error) });
  }
}

/** Only nodes that are known by their device: other ids never come back. */
export function approvedIn(file: unknown, now: number): NodeRecord[] {
  const entries = Object.values(record(file)).slice(0, MAX_NODES).map(record);
  return entries.flatMap((entry) => {
    const nodeId = text(entry["nodeId"]);
    return nodeId !== undefined && /^[0-9a-f]{64}$/.test(nodeId) ? [rowOf(nodeId, entry, now)] : [];
  });
}

function rowOf(nodeId: string, entry: Readonly<Record<string, unknown>>, now: number): NodeRecord {
  const approvedAtMs = time(entry["approvedAtMs"]) ?? now;
  return compact({
    nodeId,
    clientId: text(entry["clientId"]) ?? "node-host",
    clientMode: text(entry["clientMode"]) ?? "node",
    displayName: text(entry["displayName"]),
    platform: text(entry["platform"]) ?? "unknown",
    deviceFamily: text(entry["deviceFamily"]),
    modelIdentifier: text(entry["modelIdentifier"]),
    version: text(entry["version"]) ?? "unknown",
    remoteIp: text(entry["remoteIp"]),
    caps: words(entry["caps"]),
    commands: words(entry["commands"]),
    createdAtMs: time(entry["createdAtMs"]) ?? approvedAtMs,
    approvedAtMs,
    lastConnectedAtMs: time(entry["lastConnectedAtMs"]),
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= 512 ? value : undefined;
}

function words(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((word) => text(word) !== undefined).slice(0, MAX_WORDS) : [];
}

function time(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
