/**
 * A conversation with everything that is needed to look into it elsewhere, or to play it again without the network:
 * what happened (`events.jsonl`, schema `openclaw-trajectory` 1), the branch that the conversation is on
 * (`session.jsonl`), every prompt and set of tool schemas under its hash, and a manifest with the hash of each file.
 * Secrets that are known as such are masked.
 */
import { join, relative } from "node:path";
import { exists } from "../../base/files.ts";
import { sha256 } from "../../base/ids.ts";
import { writeWithin } from "../../base/open.ts";
import { redact, redactData } from "../../base/redact.ts";
import { cutBytes } from "../../base/text.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import type { RunFactRow, SessionRow, Store } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { shown } from "./_shape.ts";
import { errors } from "./errors.ts";

const MAX_EVENTS = 200_000;
const PAGE = 2000;
const MAX_SESSION_BYTES = 50 * 1024 * 1024;
const MAX_LINE_BYTES = 256 * 1024;

export interface Bundle {
  /** Absolute path of the folder. */
  readonly path: string;
  /** The same from the workspace. */
  readonly name: string;
  readonly events: number;
  readonly entries: number;
  readonly truncated: boolean;
}

export interface BundleRequest {
  readonly row: SessionRow;
  /** Folder below `.openclaw/trajectory-exports`; made from session and time when absent. */
  readonly name?: string;
}

/** Throws `TRAJECTORY_NAME` for a name that leaves its folder or is taken. */
export async function writeBundle(
  { use, platform }: { readonly use: Use; readonly platform: Pick<Platform, "clock" | "version"> },
  { row, name }: BundleRequest,
): Promise<Bundle> {
  const [store, transcripts, agents] = await Promise.all([use(StoreToken), use(TranscriptsToken), use(Agents)]);
  const { workspace } = agents.get(row.agentId) ?? agents.default();
  const { sessionId } = row.entry;
  const stamp = new Date(platform.clock.now()).toISOString();
  const folder = folderName(name ?? `${sessionId.slice(0, 8)}-${stamp.replace(/[:.]/g, "-")}`);
  const root = join(workspace, ".openclaw", "trajectory-exports", folder);
  if (await exists(root)) throw errors.TRAJECTORY_NAME({ reason: "is there already" });

  const facts = await factsOf(store, row.key);
  const window = await transcripts.tail(
    { agentId: row.agentId, sessionId },
    { maxEntries: MAX_EVENTS, maxBytes: MAX_SESSION_BYTES },
  );
  const header = { traceSchema: "openclaw-trajectory", schemaVersion: 1 };
  const files: Record<string, string> = {
    "events.jsonl": lines(facts.map((fact) => ({ ...header, ...shown(fact) }))),
    "session.jsonl": lines(window.entries),
    "metadata.json": pretty({ version: platform.version, sessionKey: row.key, agentId: row.agentId, entry: row.entry }),
    ...(await promptsOf(store, facts)),
  };
  const truncated = facts.length >= MAX_EVENTS || window.hasMore;
  const manifest = {
    ...header,
    createdAt: stamp,
    sessionKey: row.key,
    sessionId,
    truncated,
    files: Object.entries(files).map(([path, text]) => ({
      path,
      bytes: Buffer.byteLength(text),
      sha256: sha256(text),
    })),
  };
  for (const [path, text] of Object.entries({ ...files, "manifest.json": pretty(manifest) }))
    await writeWithin({ root: workspace, path: join(root, path), data: text });
  return {
    path: root,
    name: relative(workspace, root),
    events: facts.length,
    entries: window.entries.length,
    truncated,
  };
}

function folderName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name))
    throw errors.TRAJECTORY_NAME({ reason: "must be a plain name of letters, digits, dots, dashes and underscores" });
  return name;
}

/** Oldest first. */
async function factsOf({ runEvents }: Store, sessionKey: string): Promise<readonly RunFactRow[]> {
  const facts: RunFactRow[] = [];
  for (let cursor = 0; facts.length < MAX_EVENTS;) {
    const page = await runEvents.after(cursor, { sessionKey, limit: PAGE });
    facts.push(...page);
    if (page.length < PAGE) break;
    cursor = page.at(-1)?.cursor ?? cursor;
  }
  return facts.slice(0, MAX_EVENTS);
}

interface PromptData {
  readonly system?: readonly { readonly hash: string }[];
  readonly tools?: { readonly hash: string };
}

/** `prompts/<hash>.md` and `tools/<hash>.json`, each once. */
async function promptsOf({ runEvents }: Store, facts: readonly RunFactRow[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { kind, data } of facts) {
    if (kind !== "prompt") continue;
    const { system = [], tools } = data as PromptData;
    for (const { hash } of system) files[`prompts/${hash}.md`] ??= redact((await runEvents.body(hash)) ?? "");
    if (tools) files[`tools/${tools.hash}.json`] ??= (await runEvents.body(tools.hash)) ?? "[]";
  }
  return files;
}

function lines(rows: readonly unknown[]): string {
  return rows.map((row) => `${bounded(JSON.stringify(redactData(row)), row)}\n`).join("");
}

/** A line that is too long says so instead. */
function bounded(line: string, row: unknown): string {
  if (Buffer.byteLength(line) <= MAX_LINE_BYTES) return line;
  const { id, type, kind } = row as Readonly<Record<string, unknown>>;
  return JSON.stringify({
    id,
    type,
    kind,
    omitted: `${Buffer.byteLength(line)} bytes`,
    beginning: cutBytes(line, 4096),
  });
}

function pretty(value: unknown): string {
  return `${JSON.stringify(redactData(value), null, 2)}\n`;
}
