/** Bodies of `approvals …`. */
import { text as textOf } from "node:stream/consumers";
import { readText } from "../../base/files.ts";
import { table } from "../../base/table.ts";
import { printable } from "../../base/text.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { parseStrict } from "../config/index.ts";
import { execConfig, execGate, withApprovals, type HostApprovals } from "../policy/index.ts";
import { editList, placeOf, type Rules } from "./_cli-place.ts";
import { errors } from "./errors.ts";

const MAX_BYTES = 1024 * 1024;

export async function get(context: CliContext): Promise<void> {
  const { out, global } = context;
  const place = await placeOf(context);
  const rules = await place.read();
  const shown = withoutToken(rules.file);
  const effective = await effectiveRules(context, rules.file);
  if (global.json) return out.json({ ...rules, file: shown, effective });
  out.line(`Rules of ${place.name}: ${rules.path}${rules.exists ? "" : " (no file: the host says nothing)"}`);
  const defaults = shown.defaults ?? {};
  out.line(
    `Host defaults  security ${defaults.security ?? "-"}, ask ${defaults.ask ?? "-"}, without an approver ${defaults.askFallback ?? "deny"}`,
  );
  if (effective.length > 0) {
    out.line();
    const rows = effective.map(({ agent, requested, holds }) => [agent, requested, holds]);
    for (const line of table([
      ["Agent", "Configured (tools.exec)", "Holds on an explicit host"].map(out.paint.bold),
      ...rows,
    ]))
      out.line(line);
  }
  printLists(shown, context);
}

export async function set(context: CliContext): Promise<void> {
  const { out, global, options } = context;
  const file = await input(options);
  const place = await placeOf(context);
  const before = await place.read().catch(() => undefined);
  const rules = await place.set(file, before?.exists === true ? before.hash : undefined);
  if (global.json) out.json({ ...rules, file: withoutToken(rules.file) });
  else out.line(`Replaced the rules of ${place.name}: ${rules.path}`);
}

export async function add(context: CliContext): Promise<void> {
  const { args, out, global } = context;
  const [pattern = ""] = args;
  const agent = agentOf(context);
  const place = await placeOf(context);
  const changed = await editList(place, agent, (list) =>
    list.some((entry) => entry.pattern === pattern) ? undefined : [...list, { pattern }],
  );
  if (global.json) return out.json({ changed, agent, pattern });
  out.line(
    changed ? `${pattern} may run without asking (agent ${agent}, ${place.name}).` : `${pattern} is listed already.`,
  );
  if (!pattern.includes("/")) out.note("A bare name fits every program of that name on PATH; a whole path is safer.");
}

export async function remove(context: CliContext): Promise<void> {
  const { args, out, global } = context;
  const [pattern = ""] = args;
  const agent = agentOf(context);
  const place = await placeOf(context);
  const changed = await editList(place, agent, (list) => {
    const left = list.filter((entry) => entry.pattern !== pattern);
    return left.length === list.length ? undefined : left;
  });
  if (global.json) return out.json({ changed, agent, pattern });
  out.line(changed ? `${pattern} is asked about again (agent ${agent}, ${place.name}).` : `${pattern} is not listed.`);
}

interface Effective {
  readonly agent: string;
  readonly requested: string;
  readonly holds: string;
}

/** What `tools.exec` and the host say together, for every agent. Empty where the configuration is somebody else's. */
async function effectiveRules({ options, config, platform }: CliContext, file: HostApprovals): Promise<Effective[]> {
  if (typeof options["node"] === "string") return [];
  const snapshot = await config();
  const listed = snapshot.at("agents.list");
  const ids = Array.isArray(listed) ? listed.map((agent) => String((agent as { id?: unknown }).id)) : [];
  return (ids.length === 0 ? ["main"] : ids).map((agent) => {
    const gate = execGate(execConfig(snapshot, agent));
    const { exec } = withApprovals(gate, file, { agentId: agent, home: platform.paths.home });
    const implicit = gate.host === "implicit" ? " (no host named: commands run without approvals)" : "";
    return {
      agent,
      requested: `host ${gate.host}, security ${gate.security}, ask ${gate.ask}`,
      holds: `security ${exec.security}, ask ${exec.ask}${implicit}`,
    };
  });
}

function printLists({ agents = {} }: HostApprovals, { out }: CliContext): void {
  for (const [agent, { allowlist = [] }] of Object.entries(agents)) {
    if (allowlist.length === 0) continue;
    out.line(`\nMay run without asking (agent ${printable(agent)}):`);
    const rows = allowlist.map(({ pattern, lastUsedAt, lastUsedCommand }) => [
      `  ${printable(pattern)}`,
      lastUsedAt === undefined ? "never used" : new Date(lastUsedAt).toISOString(),
      printable(lastUsedCommand ?? ""),
    ]);
    for (const line of table(rows)) out.line(line);
  }
}

async function input(options: CliContext["options"]): Promise<unknown> {
  const { file } = options;
  if ((typeof file === "string") === (options["stdin"] === true))
    throw errors.EXEC_APPROVALS_INPUT({ problem: "Give the new rules with --file or --stdin." });
  const text = typeof file === "string" ? await readText(file, MAX_BYTES) : await textOf(process.stdin);
  if (text === undefined) throw errors.EXEC_APPROVALS_INPUT({ problem: `There is no file ${String(file)}.` });
  const parsed = await parseStrict(text);
  if (parsed === undefined) throw errors.EXEC_APPROVALS_INPUT({ problem: "The new rules are not valid JSON5." });
  return parsed.value;
}

function agentOf({ options }: CliContext): string {
  return typeof options["agent"] === "string" ? options["agent"] : "*";
}

function withoutToken(file: Rules["file"]): HostApprovals {
  const { socket, ...rest } = file;
  return socket?.path === undefined ? rest : { ...rest, socket: { path: socket.path } };
}
