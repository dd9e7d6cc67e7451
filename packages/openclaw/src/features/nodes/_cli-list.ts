/** Bodies of the commands that look at nodes. */
import { durationMs } from "../../base/measure.ts";
import { table } from "../../base/table.ts";
import { printable } from "../../base/text.ts";
import { formatDuration } from "../../base/time.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { allNodes, oneNode } from "./_cli-find.ts";
import { errors } from "./errors.ts";
import type { NodeView } from "./index.ts";

export interface Waiting {
  readonly requestId: string;
  readonly nodeId: string;
  readonly displayName?: string;
  readonly platform: string;
  readonly commands: readonly string[];
  readonly requiredApproveScopes: readonly string[];
  readonly isRepair: boolean;
  readonly ts: number;
}

const PAIRING = ["operator.pairing"];

export async function status(context: CliContext): Promise<void> {
  const nodes = chosen(await allNodes(context), context);
  if (context.global.json) return context.out.json({ nodes });
  printNodes(nodes, context);
}

export async function list(context: CliContext): Promise<void> {
  const waiting = await allWaiting(context);
  const nodes = chosen(await allNodes(context), context);
  if (context.global.json) return context.out.json({ pending: waiting, nodes });
  printWaiting(waiting, context);
  context.out.line();
  printNodes(nodes, context);
}

export async function pending(context: CliContext): Promise<void> {
  const waiting = await allWaiting(context);
  if (context.global.json) return context.out.json({ pending: waiting });
  printWaiting(waiting, context);
}

export async function describe(context: CliContext): Promise<void> {
  const { nodeId } = await oneNode(context);
  const node = (await context.call("node.describe", { nodeId }, { scopes: ["operator.read"] })) as NodeView & {
    blockedCommands: readonly { command: string; reason: string }[];
  };
  if (context.global.json) return context.out.json(node);
  const { out } = context;
  const rows = [
    ["Node", node.nodeId],
    ["Name", nameOf(node)],
    ["Machine", printable([node.platform, node.deviceFamily, node.modelIdentifier].filter(Boolean).join(" · "))],
    ["Version", printable(node.version)],
    ["Address", node.remoteIp ?? "-"],
    ["State", stateOf(node, context)],
    ["Caps", node.caps.join(", ") || "-"],
    ["Commands", node.commands.join(", ") || "-"],
    ["Permissions", permissions(node)],
    ...node.blockedCommands.map(({ command, reason }) => ["Blocked", printable(`${command} (${reason})`)]),
  ];
  for (const line of table(rows.map(([name = "", value = ""]) => [out.paint.bold(name), value]))) out.line(line);
  if (node.pendingRequestId !== undefined)
    out.line(out.named(`\nIt asks for more; approve it with: openclaw nodes approve ${node.pendingRequestId}`));
}

export async function allWaiting({ call }: CliContext): Promise<readonly Waiting[]> {
  return ((await call("node.pair.list", {}, { scopes: PAIRING })) as { pending: readonly Waiting[] }).pending;
}

/** What nodes say of themselves is shown, never trusted. */
export function nameOf({ displayName, nodeId }: { displayName?: string; nodeId: string }): string {
  return printable(displayName ?? nodeId.slice(0, 12));
}

function chosen(nodes: readonly NodeView[], { options, platform }: CliContext): readonly NodeView[] {
  const within = options["lastConnected"];
  const since = typeof within === "string" ? platform.clock.now() - durationOf(within) : undefined;
  return nodes.filter(
    (node) =>
      (options["connected"] !== true || node.connected) &&
      (since === undefined || node.connected || (node.lastConnectedAtMs ?? 0) >= since),
  );
}

/** `24h`, `10s`, `3000` (milliseconds). Throws `NODE_DURATION_INVALID`. */
export function durationOf(text: string): number {
  const ms = durationMs(text, "ms");
  if (ms === undefined) throw errors.NODE_DURATION_INVALID({ text });
  return ms;
}

function printNodes(nodes: readonly NodeView[], context: CliContext): void {
  const { out } = context;
  if (nodes.length === 0) return out.line("No node is known.");
  const rows = nodes.map((node) => [
    nameOf(node),
    node.nodeId.slice(0, 12),
    printable(node.platform),
    stateOf(node, context),
    node.commands.length === 0 ? "-" : String(node.commands.length),
    node.approvalState === "approved" ? "yes" : "no",
  ]);
  const head = ["Node", "Id", "Platform", "Seen", "Commands", "Approved"].map(out.paint.bold);
  for (const line of table([head, ...rows])) out.line(line);
}

function printWaiting(waiting: readonly Waiting[], { out, platform }: CliContext): void {
  if (waiting.length === 0) return out.line("No node waits for approval.");
  const now = platform.clock.now();
  for (const { requestId, commands, requiredApproveScopes, ts, ...node } of waiting) {
    out.line(`${out.paint.bold(nameOf(node))} on ${printable(node.platform)} (${node.nodeId.slice(0, 12)})`);
    out.line(`  Asked     ${formatDuration(now - ts)} ago${node.isRepair ? ", approved before for less" : ""}`);
    out.line(`  Offers    ${commands.map(printable).join(", ") || "nothing"}`);
    out.line(`  Approver  needs ${requiredApproveScopes.join(", ")}`);
    out.line(out.named(`  Approve   openclaw nodes approve ${requestId}`));
    if (commands.includes("system.run"))
      out.line(out.paint.warn("  Warning   Whoever may use this node can run programs on that machine."));
  }
}

function stateOf({ connected, lastSeenAtMs }: NodeView, { platform }: CliContext): string {
  if (connected) return "connected";
  return lastSeenAtMs === undefined ? "never" : `${formatDuration(platform.clock.now() - lastSeenAtMs)} ago`;
}

function permissions({ permissions: given = {} }: NodeView): string {
  const names = Object.entries(given).map(([name, granted]) => `${printable(name)} ${granted ? "yes" : "no"}`);
  return names.join(", ") || "-";
}
