/** Compaction that somebody asks for: stops what runs, then summarises everything. */
import { isOwners } from "../../contracts/principal.ts";
import type { Platform } from "../../contracts/service.ts";
import type { SessionRow } from "../../store/index.ts";
import type { AgentsService } from "../agents/index.ts";
import type { ConfigService } from "../config/index.ts";
import type { LanesService, SessionsService } from "../sessions/index.ts";
import { candidatesOf } from "./_compaction/candidates.ts";
import type { CompactorDeps, Compactor } from "./_compaction/compactor.ts";
import type { CompactionOutcome } from "./_compaction/wish.ts";
import { contextTokens } from "./_estimate.ts";
import { totalTokens } from "./_tokens.ts";
import type { Views } from "./_views.ts";
import type { ManualCompaction } from "./index.ts";

export interface ManualDeps extends Pick<CompactorDeps, "conversations" | "models" | "log"> {
  readonly platform: Platform;
  readonly agents: AgentsService;
  readonly config: ConfigService;
  readonly sessions: SessionsService;
  readonly lanes: LanesService;
  readonly views: Views;
  readonly compactor: Compactor;
  /** The gateway stops. */
  readonly closing: AbortSignal;
}

/** How long a run that was told to stop may take to do so. */
const STOP_MS = 10_000;

export async function compactNow(
  deps: ManualDeps,
  sessionKey: string,
  { instructions, by }: ManualCompaction,
): Promise<CompactionOutcome> {
  const session = await deps.sessions.get(sessionKey);
  if (!session) return { compacted: false, reason: "no sessionId", failed: false };
  const runId = deps.lanes.active(sessionKey);
  if (runId !== undefined) {
    await deps.lanes.abort({ sessionKey, runId }, by, "compact");
    await deps.lanes.wait(runId, STOP_MS, deps.closing);
  }
  const stopped = new AbortController();
  const forget = deps.lanes.onStop((stop) => {
    if (stop.sessionKey === sessionKey) stopped.abort(new DOMException(`stopped: ${stop.reason}`, "AbortError"));
  });
  try {
    const signal = AbortSignal.any([stopped.signal, deps.closing]);
    return await attempt(deps, session, { instructions, forOwner: isOwners(by), signal });
  } finally {
    forget();
  }
}

async function attempt(
  deps: ManualDeps,
  session: SessionRow,
  {
    instructions,
    forOwner,
    signal,
  }: { readonly instructions: string | undefined; readonly forOwner: boolean; readonly signal: AbortSignal },
): Promise<CompactionOutcome> {
  const config = deps.config.current();
  const agent = deps.agents.get(session.agentId, config) ?? deps.agents.default(config);
  const conversation = await deps.conversations.open({
    agentId: session.agentId,
    sessionId: session.entry.sessionId,
  });
  const shown = deps.views.shown(conversation);
  const tokensBefore = contextTokens(conversation, { fixed: 0, ...(shown === undefined ? {} : { shown }) });
  const said = totalTokens(conversation.stored.map(({ message }) => message));
  const engine = deps.views.engine(config);
  return deps.compactor.compact({
    session,
    config,
    workspace: agent.workspace,
    candidates: await candidatesOf(deps, { config, agent, session }),
    reason: "manual",
    forOwner,
    ...(instructions === undefined || instructions.trim() === "" ? {} : { instructions: instructions.trim() }),
    tokensBefore,
    fixed: Math.max(0, tokensBefore - said),
    ...(engine === undefined ? {} : { engine }),
    signal,
  });
}
