/** Bodies of `devices …`: the methods `device.pair.*` for people. */
import { table } from "../../base/table.ts";
import { printable } from "../../base/text.ts";
import { formatDuration } from "../../base/time.ts";
import type { CliContext } from "../../contracts/cli.ts";
import type { DeviceRequest, DeviceRow } from "../../store/index.ts";
import { errors } from "../errors.ts";

interface Listing {
  readonly pending: readonly DeviceRequest[];
  readonly paired: readonly (DeviceRow & { readonly connected: boolean })[];
}

const PAIRING = "operator.pairing";

export async function listDevices(context: CliContext): Promise<void> {
  const { out, global } = context;
  const listing = await ask(context);
  if (global.json) return out.json(listing);
  printPending(listing, context);
  printPaired(listing, context);
}

/** Nobody is let in unseen: without an id this only shows who asks, with exit code 1 because nothing was approved. */
export async function approveDevice(context: CliContext): Promise<number> {
  const { args, call, out, global } = context;
  const [requestId] = args;
  const listing = await ask(context);
  if (requestId === undefined) return preview(listing, context);
  const request = listing.pending.find((candidate) => candidate.requestId === requestId);
  if (!request) throw errors.PAIRING_REQUEST_UNKNOWN();
  const answer = await call("device.pair.approve", { requestId }, { scopes: neededFor(request) });
  if (global.json) out.json(answer);
  else out.line(`Approved ${nameOf(request)} (${request.deviceId}).`);
  return 0;
}

export async function rejectDevice({ args, call, out, global }: CliContext): Promise<void> {
  const [requestId = ""] = args;
  const answer = await call("device.pair.reject", { requestId }, { scopes: [PAIRING] });
  if (global.json) out.json(answer);
  else out.line(`Rejected ${requestId}.`);
}

export async function removeDevice({ args, call, out, global }: CliContext): Promise<void> {
  const [deviceId = ""] = args;
  const answer = await call("device.pair.remove", { deviceId }, { scopes: [PAIRING] });
  if (global.json) out.json(answer);
  else out.line(`Removed ${deviceId}.`);
}

async function ask({ call }: CliContext): Promise<Listing> {
  return (await call("device.pair.list", {}, { scopes: [PAIRING] })) as Listing;
}

/** Whoever approves must hold what is asked for; other roles than operator are for admins. */
function neededFor({ role, scopes }: DeviceRequest): readonly string[] {
  return [...new Set([PAIRING, ...scopes, ...(role === "operator" ? [] : ["operator.admin"])])];
}

function preview(listing: Listing, context: CliContext): number {
  const { out, global, options } = context;
  const newest = listing.pending.toSorted((a, b) => b.ts - a.ts);
  const shown = options["latest"] === true ? newest.slice(0, 1) : newest;
  if (global.json) out.json({ approved: false, pending: shown });
  else printPending({ ...listing, pending: shown }, context);
  if (shown.length === 0) return 0;
  if (!global.json)
    for (const { requestId } of shown) out.line(out.named(`Approve with: openclaw devices approve ${requestId}`));
  return 1;
}

function printPending({ pending, paired }: Listing, { out, platform }: CliContext): void {
  if (pending.length === 0) return out.line("No device asks to be paired.");
  const now = platform.clock.now();
  const rows = pending.map((request) => [
    request.requestId,
    nameOf(request),
    request.role,
    request.scopes.join(",") || "-",
    paired.find(({ deviceId }) => deviceId === request.deviceId)?.scopes.join(",") || "-",
    request.remoteIp ?? "-",
    formatDuration(now - request.ts),
  ]);
  const head = ["Request", "Device", "Role", "Asks for", "Has", "From", "Age"].map(out.paint.bold);
  for (const line of table([head, ...rows])) out.line(line);
}

function printPaired({ paired }: Listing, { out, platform }: CliContext): void {
  if (paired.length === 0) return out.line("No device is paired.");
  const now = platform.clock.now();
  const rows = paired.map((device) => [
    device.deviceId,
    nameOf(device),
    device.roles.join(","),
    device.scopes.join(",") || "-",
    device.connected ? "connected" : `${formatDuration(now - device.lastSeenAtMs)} ago`,
  ]);
  out.line();
  for (const line of table([["Paired", "Device", "Role", "Scopes", "Seen"].map(out.paint.bold), ...rows]))
    out.line(line);
}

/** The owner's name for a device, else what it says of itself. */
function nameOf(device: DeviceRequest | DeviceRow): string {
  const label = "label" in device ? device.label : undefined;
  return printable(label ?? device.displayName ?? `${device.clientId} on ${device.platform}`);
}
