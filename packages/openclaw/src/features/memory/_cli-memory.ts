/** Bodies of `memory …`: what the gateway says, or what can be seen from here when none runs. */
import { Fault } from "../../base/errors.ts";
import { printable } from "../../base/text.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { Agents } from "../agents/index.ts";
import { errors } from "./errors.ts";
import { Memory } from "./index.ts";
import type { MemoryAnswer, MemoryStatus, MemorySync } from "./index.ts";

const READ = ["operator.read"];
/** Embeddings of a provider that is asked, and a long list of files. */
const WAIT_MS = 60_000;

export async function status(context: CliContext): Promise<number> {
  const { options, out, global } = context;
  if (options["index"] === true || options["fix"] === true) await brought(context, options["fix"] === true);
  const found: MemoryStatus[] = [];
  for (const agentId of await agentsOf(context)) {
    const params = { agentId, ...(options["deep"] === true ? { deep: true } : {}) };
    found.push(
      (await asked<MemoryStatus>(context, "doctor.memory.status", params)) ??
        (await (await context.use(Memory)).status({ ...params, signal: context.signal })),
    );
  }
  if (global.json) out.json(found.length === 1 ? found[0] : found);
  else for (const [at, one] of found.entries()) show(one, at, context);
  return found.some(({ error }) => error !== undefined) ? 1 : 0;
}

export async function index(context: CliContext): Promise<number> {
  const { options, out, global } = context;
  const synced = await brought(context, options["force"] === true);
  if (global.json) out.json(synced.length === 1 ? synced[0] : synced);
  return 0;
}

export async function search(context: CliContext): Promise<number> {
  const { args, options, out, global, signal } = context;
  const query = (textOf(options["query"]) ?? args.join(" ")).trim();
  if (query === "") throw errors.MEMORY_NO_QUERY();
  const agentId = textOf(options["agent"]) ?? (await context.use(Agents)).default().id;
  const params = {
    query,
    agentId,
    ...numberOf(options["maxResults"], "maxResults"),
    ...numberOf(options["minScore"], "minScore"),
  };
  const answer =
    (await asked<MemoryAnswer>(context, "memory.search", params)) ??
    (await (await context.use(Memory)).search({ ...params, inPrivate: true, thorough: true, signal }));
  if (global.json) out.json(answer);
  else showResults(answer, context);
  return 0;
}

/** Undefined when no gateway could be asked, as opposed to one that refused. */
async function asked<T>(
  context: CliContext,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<T | undefined> {
  try {
    return (await context.call(method, params, { scopes: READ, timeoutMs: WAIT_MS })) as T;
  } catch (error) {
    const silent = ["GATEWAY_UNREACHABLE", "GATEWAY_HANDSHAKE_TIMEOUT", "CLI_GATEWAY_SILENT"];
    if (error instanceof Fault && silent.includes(error.code) && context.options["url"] === undefined) return undefined;
    throw error;
  }
}

async function brought({ use, options, out, global, signal, ...context }: CliContext, force: boolean) {
  const memory = await use(Memory);
  const all: (MemorySync & { agentId: string })[] = [];
  for (const agentId of await agentsOf({ ...context, use, options, out, global, signal })) {
    const synced = await memory.sync({ agentId, force, signal });
    all.push({ agentId, ...synced });
    if (global.json) continue;
    out.line(
      `${agentId}: ${count(synced.files, "file")}, ${synced.changed} changed; ${count(synced.embedded, "embedding")} computed` +
        (synced.pending > 0 ? `, ${synced.pending} missing` : ""),
    );
    if (synced.note !== undefined) out.note(`Embeddings: ${synced.note}`);
    for (const one of synced.skipped) out.note(`Left out: ${printable(one)}`);
  }
  return all;
}

async function agentsOf({ options, use }: CliContext): Promise<readonly string[]> {
  const one = textOf(options["agent"]);
  return one === undefined ? (await use(Agents)).list().map(({ id }) => id) : [one];
}

function show(status: MemoryStatus, at: number, { out, global }: CliContext): void {
  const { embeddings } = status;
  if (at > 0) out.line("");
  out.line(out.paint.bold(`Memory of ${status.agentId}`));
  const lines: [string, string][] = [
    ["Search", status.enabled ? "on" : "off"],
    ["Provider", status.model === undefined ? status.provider : `${status.provider}, ${status.model}`],
    ...(status.fallback
      ? ([["Instead of", `${status.fallback.from} (${status.fallback.reason})`]] as [string, string][])
      : []),
    ["Sources", status.sources.join(", ")],
    [
      "Files",
      `${status.files}, in ${count(status.chunks, "piece")}${status.dirty ? out.paint.warn(" (out of date)") : ""}`,
    ],
    ["Embeddings", embeddingsLine(status)],
    ["Words", `FTS5, ${status.fts.tokenizer}`],
    ["Workspace", status.workspace],
    ["Index", `${status.path} (${Math.ceil(status.bytes / 1024)} KB)`],
  ];
  for (const [name, value] of lines)
    if (value !== "") out.line(`${out.paint.dim(name.padEnd(11))} ${printable(value)}`);
  if (embeddings.probe)
    out.line(
      `${out.paint.dim("Probe".padEnd(11))} ${embeddings.probe.ok ? "works" : (embeddings.probe.error ?? "fails")}`,
    );
  if (status.error !== undefined) out.line(out.paint.error(status.error));
  if (global.verbose) for (const one of status.skipped) out.line(`Left out: ${printable(one)}`);
  else if (status.skipped.length > 0)
    out.line(`${count(status.skipped.length, "file")} left out; see them with --verbose`);
  if (status.dirty && status.enabled) out.line(out.named("Bring it up to date with: openclaw memory index"));
}

function embeddingsLine({ embeddings: { enabled, reason, stored, pending } }: MemoryStatus): string {
  if (!enabled) return reason ?? "embeddings disabled";
  return pending === 0 ? `${stored}` : `${stored}, ${pending} missing`;
}

function showResults({ results, note }: MemoryAnswer, { out }: CliContext): void {
  if (results.length === 0) out.line("Nothing found.");
  for (const { path, startLine, endLine, score, snippet } of results) {
    out.line(`${out.paint.accent(`${printable(path)}:${startLine}-${endLine}`)} ${out.paint.dim(score.toFixed(2))}`);
    for (const line of snippet.split("\n")) out.line(`  ${printable(line)}`);
    out.line("");
  }
  if (note !== undefined) out.note(`By words only: ${note}`);
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function numberOf<K extends string>(value: unknown, key: K): { [P in K]?: number } {
  const number = Number(textOf(value));
  return (textOf(value) === undefined || Number.isNaN(number) ? {} : { [key]: number }) as { [P in K]?: number };
}
