/** What sessions are told about the gateway itself: a restart that is over, a configuration that was put back. */
import { SYSTEM } from "../../contracts/principal.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Paths } from "../../contracts/service.ts";
import type { Kv } from "../../store/index.ts";
import {
  readSentinel,
  removeSentinel,
  type RestartSentinel,
  type SessionNotice,
  type SessionNoticesService,
} from "../config/index.ts";
import type { InboundService } from "../inbound/index.ts";
import { canonicalKey, mainKey, parseKey, type SessionsService, type SystemEventsService } from "../sessions/index.ts";
import { LAST } from "./_last.ts";

export interface NoticesDeps {
  readonly paths: Paths;
  readonly config: () => ConfigSnapshot;
  readonly defaultAgent: () => string;
  readonly sessions: Pick<SessionsService, "list">;
  readonly events: Pick<SystemEventsService, "enqueue">;
  readonly inbound: Pick<InboundService, "wake">;
  readonly kv: Pick<Kv, "set">;
}

/** Sessions that no person reads. */
const UNATTENDED = /^(?:subagent|cron|hook|acp|node)(?::|$)/;
const RECENT = 50;

export function createNotices(deps: NoticesDeps): SessionNoticesService {
  const tell = async ({ text, session, wake, by = SYSTEM }: SessionNotice) => {
    const sessionKey = await keyOf(session, deps);
    await deps.events.enqueue({ sessionKey, text, by });
    if (wake !== undefined) await deps.inbound.wake(sessionKey, wake);
  };
  return {
    tell,
    /** The sentinel goes only after the session's line is stored: a crash in between says it again, never not at all. */
    async announceRestart() {
      const sentinel = await readSentinel(deps.paths);
      if (!sentinel) return removeSentinel(deps.paths);
      await deps.kv.set(LAST.space, LAST.key, JSON.stringify(sentinel));
      const wanted = sentinel.sessionKey ?? (sentinel.stats?.["requiresRestart"] === false ? undefined : "last");
      if (wanted === undefined) return removeSentinel(deps.paths);
      const sessionKey = await keyOf(wanted, deps);
      await deps.events.enqueue({ sessionKey, text: summaryOf(sentinel), by: sentinel.by ?? SYSTEM });
      await removeSentinel(deps.paths);
      await deps.inbound.wake(sessionKey, sentinel.kind);
    },
  };
}

/** `Gateway restarted (config.patch): ok. Note: …` */
function summaryOf({ kind, status, message, stats, doctorHint }: RestartSentinel): string {
  const happened =
    stats?.["requiresRestart"] === false ? "Configuration applied without a restart" : "Gateway restarted";
  return [
    `${happened} (${kind.replace("config-", "config.")}): ${status}.`,
    ...(message === null ? [] : [`Note: ${message}`]),
    ...(status === "ok" || doctorHint === undefined ? [] : [doctorHint]),
  ].join(" ");
}

async function keyOf(session: string, { config, defaultAgent, sessions }: NoticesDeps): Promise<string> {
  const name = config().at("session.mainKey");
  const main = mainKey(defaultAgent(), typeof name === "string" ? name : undefined);
  if (session === "main") return main;
  if (session !== "last")
    return canonicalKey(session, defaultAgent(), typeof name === "string" ? name : undefined) ?? main;
  const { rows } = await sessions.list({ limit: RECENT });
  return rows.find(({ key }) => !UNATTENDED.test(parseKey(key)?.rest ?? ""))?.key ?? main;
}
