/** Bodies of `skills …`: what the gateway says, or what can be seen from here when none runs. */
import { Fault } from "../../base/errors.ts";
import { table } from "../../base/table.ts";
import { nearest, printable, shortened } from "../../base/text.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { Agents } from "../agents/index.ts";
import { agentFor } from "./_agent.ts";
import { reasonOf, reportOf, type SkillRow, type SkillsReport } from "./_report.ts";
import { errors } from "./errors.ts";
import { Skills } from "./index.ts";

const MAX_LINE = 72;

export async function list(context: CliContext): Promise<void> {
  const { options, out, global } = context;
  const { skills, ...report } = await ask(context);
  const shown = options["eligible"] === true ? skills.filter(({ eligible }) => eligible) : skills;
  if (global.json) return out.json({ ...report, skills: shown });
  if (shown.length === 0) return out.line("No skills. Put one into the folder skills of the workspace.");
  const rows = shown.map((row) => [
    mark(row, context),
    row.name,
    sourceOf(row),
    printable(shortened(reasonOf(row) ?? row.description, global.verbose ? 400 : MAX_LINE)),
  ]);
  for (const line of table([["", "Skill", "From", "What for, or what is missing"].map(out.paint.bold), ...rows]))
    out.line(line);
  const ready = skills.filter(({ eligible }) => eligible).length;
  out.line("");
  out.line(
    `${ready} of ${skills.length} ready for ${report.agentId}. ${out.named("More: openclaw skills info <name>")}`,
  );
  if (report.problems.length > 0)
    out.line(`${report.problems.length} cannot be read. ${out.named("See: openclaw skills check")}`);
}

export async function info(context: CliContext): Promise<void> {
  const { args, out, global } = context;
  const { skills } = await ask(context);
  const name = args[0] ?? "";
  const row = skills.find((each) => each.name === name.toLowerCase() || each.skillKey === name);
  if (!row)
    throw errors.SKILL_UNKNOWN({
      name,
      near: nearest(
        name,
        skills.map((each) => each.name),
      ),
    });
  if (global.json) return out.json(row);
  const { requirements: needs } = row;
  const lines: [string, string | undefined][] = [
    ["", row.description],
    ["State", reasonOf(row) ?? "ready"],
    ["File", row.filePath],
    ["From", sourceOf(row)],
    ["Homepage", row.homepage],
    ["Command", row.command === undefined ? undefined : `/${row.command}`],
    ["System", needs.os.join(", ")],
    ["Programs", needs.bins.join(", ")],
    ["One of", needs.anyBins.join(", ")],
    ["Variables", needs.env.join(", ")],
    ["Settings", needs.config.join(", ")],
    ["Key", keyLine(row)],
    ["Not given", withheldLine(row)],
    ["To get it", row.eligible ? undefined : row.install.map(({ label }) => label).join("; ")],
  ];
  out.line(out.paint.bold(`${row.emoji ? `${row.emoji} ` : ""}${row.name}`));
  for (const [label, value] of lines) {
    if (value) out.line(label === "" ? printable(value) : `${`${label}:`.padEnd(11)} ${printable(value)}`);
  }
}

export async function check(context: CliContext): Promise<number> {
  const { out, global } = context;
  const { skills, problems, agentId } = await ask(context);
  const groups = {
    ready: skills.filter(({ eligible }) => eligible),
    missing: skills.filter((row) => !row.eligible && !row.disabled && !row.blockedByAllowlist),
    blocked: skills.filter((row) => row.disabled || row.blockedByAllowlist),
  };
  const code = problems.length > 0 ? 1 : 0;
  if (global.json) {
    const reasons = (rows: readonly SkillRow[]) => rows.map((row) => ({ name: row.name, reason: reasonOf(row) ?? "" }));
    out.json({
      agentId,
      ready: groups.ready.map(({ name }) => name),
      missing: reasons(groups.missing),
      blocked: reasons(groups.blocked),
      problems,
    });
    return code;
  }
  const section = (title: string, rows: readonly string[]) => {
    if (rows.length === 0) return;
    out.line(out.paint.bold(`${title}: ${rows.length}`));
    for (const row of rows) out.line(`  ${printable(row)}`);
  };
  section(
    "Ready",
    groups.ready.map(({ name }) => name),
  );
  section(
    "Missing something",
    groups.missing.map((row) => `${row.name}: ${reasonOf(row) ?? ""}`),
  );
  section(
    "Blocked",
    groups.blocked.map((row) => `${row.name}: ${reasonOf(row) ?? ""}`),
  );
  section(
    "Broken",
    problems.map(({ path, reason }) => `${path} ${reason}`),
  );
  return code;
}

export function later(): Promise<never> {
  return Promise.reject(errors.SKILL_REGISTRY_UNAVAILABLE());
}

async function ask(context: CliContext): Promise<SkillsReport> {
  const { call, options } = context;
  const agentId = typeof options["agent"] === "string" ? options["agent"] : undefined;
  const params = agentId === undefined ? {} : { agentId };
  try {
    return (await call("skills.status", params, { scopes: ["operator.read"] })) as SkillsReport;
  } catch (error) {
    if (error instanceof Fault && error.rpc === "INVALID_REQUEST") throw error;
    return local(context, agentId);
  }
}

async function local({ config, use, platform, out }: CliContext, agentId: string | undefined): Promise<SkillsReport> {
  const snapshot = await config();
  const [skills, agents] = await Promise.all([use(Skills), use(Agents)]);
  out.note("The gateway does not answer: programs and variables are those of this shell.");
  return reportOf(skills, { agent: agentFor(agents, agentId), config: snapshot, paths: platform.paths });
}

function mark(row: SkillRow, { out }: CliContext): string {
  if (row.eligible) return out.paint.success("✓");
  return row.disabled || row.blockedByAllowlist ? out.paint.dim("–") : out.paint.warn("!");
}

function sourceOf({ source }: SkillRow): string {
  return source.replace(/^openclaw-|^agents-skills-/, "");
}

function withheldLine({ withheld = [], skillKey }: SkillRow): string | undefined {
  const [name] = withheld;
  if (name === undefined) return undefined;
  return `${withheld.join(", ")}: openclaw config set skills.entries.${skillKey}.env.${name} '\${${name}}'`;
}

function keyLine({ primaryEnv, hasApiKey, skillKey }: SkillRow): string | undefined {
  if (primaryEnv === undefined) return undefined;
  return hasApiKey
    ? `${primaryEnv}, configured`
    : `${primaryEnv}: openclaw config set skills.entries.${skillKey}.apiKey <key>`;
}
