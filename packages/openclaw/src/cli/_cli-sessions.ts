import { record } from "../base/record.ts";
import { join } from "node:path";
import { Fault } from "../base/errors.ts";
import { list as names, readText } from "../base/files.ts";
import { formatDuration } from "../base/time.ts";
import type { CliContext } from "../contracts/cli.ts";
import { list, numberOf, textOf } from "./_options.ts";
import { table } from "./out.ts";

const MAX_STORE_BYTES = 64 * 1024 * 1024;

interface Listing {
  readonly path: string | null;
  readonly stores?: readonly { readonly agentId: string; readonly path: string }[];
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
}

export async function run(context: CliContext): Promise<void> {
  const { options, out, global, platform } = context;
  const activeMinutes = numberOf(options, "active") ?? null;
  const listing =
    textOf(options, "store") === undefined
      ? await ask(context, activeMinutes)
      : await readStores(context, activeMinutes);
  const { sessions } = listing;
  if (global.json) {
    const allAgents = options["allAgents"] === true;
    out.json({
      path: listing.path,
      ...(listing.stores ? { stores: listing.stores } : {}),
      allAgents,
      count: sessions.length,
      activeMinutes,
      sessions,
    });
    return;
  }
  if (sessions.length === 0) {
    out.line(nothing(options, activeMinutes));
    return;
  }
  const now = platform.clock.now();
  const rows = sessions.map((session) => [
    String(session["kind"] ?? "direct"),
    String(session["key"]),
    typeof session["updatedAt"] === "number" ? formatDuration(now - session["updatedAt"]) : "-",
    [session["modelProvider"], session["model"]].filter((part) => typeof part === "string").join("/") || "-",
    String(session["totalTokens"] ?? "-"),
    String(session["sessionId"] ?? "-"),
  ]);
  for (const line of table([["Kind", "Key", "Age", "Model", "Tokens", "Id"].map(out.paint.bold), ...rows]))
    out.line(line);
}

function nothing(options: CliContext["options"], activeMinutes: number | null): string {
  const [store, agent] = [textOf(options, "store"), textOf(options, "agent")];
  if (store !== undefined) return `No sessions in ${store}.`;
  if (activeMinutes !== null) return `No session was used in the last ${activeMinutes} min.`;
  if (agent !== undefined) return `No sessions of agent ${agent}. See which agents there are with: openclaw agents`;
  return "No sessions yet.";
}

/** The gateway's list; what the files say when it does not answer. */
async function ask(context: CliContext, activeMinutes: number | null): Promise<Listing> {
  const { call, options, out } = context;
  const agentId = textOf(options, "agent");
  const params = {
    ...(agentId === undefined ? {} : { agentId }),
    ...(activeMinutes === null ? {} : { activeMinutes }),
    limit: 1000,
  };
  try {
    const answer = record(
      await call("sessions.list", params, {
        scopes: ["operator.read"],
        timeoutMs: numberOf(options, "timeout") ?? 10_000,
      }),
    );
    return { path: typeof answer["path"] === "string" ? answer["path"] : null, sessions: list(answer["sessions"]) };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    out.note("The gateway does not answer; this is what the files say.");
    return readStores(context, activeMinutes);
  }
}

/** Whether no gateway could be asked, as opposed to one that refused. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof Fault &&
    ["GATEWAY_UNREACHABLE", "GATEWAY_HANDSHAKE_TIMEOUT", "CLI_GATEWAY_SILENT"].includes(error.code)
  );
}

async function readStores({ options, platform }: CliContext, activeMinutes: number | null): Promise<Listing> {
  const given = textOf(options, "store");
  const agents =
    textOf(options, "agent") === undefined
      ? await names(join(platform.paths.state, "agents"))
      : [textOf(options, "agent") ?? ""];
  const stores =
    given === undefined
      ? agents.map((agentId) => ({
          agentId,
          path: join(platform.paths.state, "agents", agentId, "sessions", "sessions.json"),
        }))
      : [{ agentId: textOf(options, "agent") ?? "main", path: given }];
  const rows = await Promise.all(stores.map(readStore));
  const since = activeMinutes === null ? 0 : platform.clock.now() - activeMinutes * 60_000;
  const sessions = rows.flat().filter(({ updatedAt }) => typeof updatedAt !== "number" || updatedAt >= since);
  return {
    path: stores.length === 1 ? (stores[0]?.path ?? null) : null,
    stores,
    sessions: sessions.toSorted((a, b) => Number(b["updatedAt"] ?? 0) - Number(a["updatedAt"] ?? 0)),
  };
}

async function readStore({
  agentId,
  path,
}: {
  readonly agentId: string;
  readonly path: string;
}): Promise<Readonly<Record<string, unknown>>[]> {
  const text = await readText(path, MAX_STORE_BYTES);
  if (text === undefined) return [];
  const { parseStrict } = await import("../features/config/index.ts");
  return Object.entries(record((await parseStrict(text))?.value)).map(([key, entry]) => ({
    agentId,
    key,
    ...record(entry),
  }));
}
