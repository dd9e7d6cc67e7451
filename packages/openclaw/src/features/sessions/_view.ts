/** A session row as clients see it (`sessions.list`, events). */
import type { SessionRow } from "../../store/index.ts";
import { kindOf, parseKey } from "./_keys.ts";

/** Shape: the documented `Row` of the gateway protocol; fields that a feature does not fill yet are absent. */
export function rowForClients(
  row: SessionRow,
  now: number,
  live?: { readonly activeRunId?: string; readonly defaults?: { readonly provider: string; readonly model: string } },
): Record<string, unknown> {
  const { entry } = row;
  const active = live?.activeRunId;
  return {
    ...entry,
    key: row.key,
    kind: kindOf(row.key),
    agentId: row.agentId,
    totalTokensFresh: entry.totalTokens !== undefined,
    modelProvider: entry.providerOverride ?? entry.modelProvider ?? live?.defaults?.provider ?? "",
    model: entry.modelOverride ?? entry.model ?? live?.defaults?.model ?? "",
    thinkingLevels: [],
    thinkingOptions: [],
    thinkingDefault: entry.thinkingLevel ?? "off",
    ...(active === undefined ? {} : { status: "running", activeRunIds: [active] }),
    hasActiveRun: active !== undefined,
    archived: entry.archived ?? false,
    pinned: entry.pinned ?? false,
    unread: false,
    isMain: parseKey(row.key)?.rest === "main",
    agentRuntime: { id: "pi", source: "default" },
    snapshotAt: now,
  };
}
