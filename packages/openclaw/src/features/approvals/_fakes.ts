/** FAKES for the tests of approvals: a clock that stands still, rows in memory, connections that the test names. */
import type { Connections } from "../../contracts/connections.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Platform } from "../../contracts/service.ts";
import type { AuditRow, Kv } from "../../store/index.ts";
import { systemRandom } from "../../base/ids.ts";
import { ApprovalDesk } from "./_desk.ts";
import type { ApprovalsFile, Question } from "./index.ts";

function fakeKv(rows: Map<string, string> = new Map()): Kv {
  const at = (space: string, key: string) => `${space}\n${key}`;
  return {
    get: async (space, key) => rows.get(at(space, key)),
    set: async (space, key, value) => void rows.set(at(space, key), value),
    delete: async (space, key) => void rows.delete(at(space, key)),
    list: async (space) =>
      [...rows]
        .filter(([name]) => name.startsWith(`${space}\n`))
        .map(([name, value]) => ({ key: name.slice(space.length + 1), value })),
  };
}

export interface DeskWorld {
  readonly desk: ApprovalDesk;
  readonly rows: Map<string, string>;
  readonly published: { event: string; payload: Readonly<Record<string, unknown>> }[];
  readonly audited: AuditRow[];
  /** Patterns that were allowed for good. */
  readonly allowed: { agentId: string; pattern: string }[];
  /** Moves time on. */
  advance(ms: number): void;
  /** The process ends: what is open stays written down. */
  stop(): void;
}

/** `rows` of an earlier world make this the process after it. */
export function deskWorld(options: { rows?: Map<string, string>; approvers?: number } = {}): DeskWorld {
  const rows = options.rows ?? new Map<string, string>();
  const published: DeskWorld["published"] = [];
  const audited: AuditRow[] = [];
  const allowed: DeskWorld["allowed"] = [];
  const timers = new Set<{ at: number; fire: () => void }>();
  let now = 1_000_000;
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: () => Promise.reject(new Error("not in this test")),
    timer(ms: number, fire: () => void) {
      const timer = { at: now + ms, fire };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const closing = new AbortController();
  const log = { for: () => log, warn() {}, info() {} };
  const caller = { connId: "c", caps: ["approvals"], allows: (scope: string) => scope === "operator.approvals" };
  const desk = new ApprovalDesk({
    platform: { clock, random: systemRandom, log } as unknown as Platform,
    events: {
      publish: (event: string, payload: Readonly<Record<string, unknown>>) => void published.push({ event, payload }),
    } as unknown as EventBus,
    kv: fakeKv(rows),
    audit: { record: (row: AuditRow) => void audited.push(row), recent: async () => audited, prune: async () => 0 },
    connections: { list: () => Array.from({ length: options.approvers ?? 1 }, () => caller) } as unknown as Connections,
    file: {
      allow: async (agentId: string, { pattern }: { pattern: string }) => {
        allowed.push({ agentId, pattern });
        return true;
      },
    } as unknown as ApprovalsFile,
    closing: closing.signal,
  });
  return {
    desk,
    rows,
    published,
    audited,
    allowed,
    advance(ms) {
      now += ms;
      for (const timer of timers) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.fire();
      }
    },
    stop: () => closing.abort(),
  };
}

export const OWNER: Principal = { kind: "device", id: "d", role: "owner", scopes: ["operator.approvals"] };

export function question(over: Partial<Question> = {}, request: Partial<Question["request"]> = {}): Question {
  return {
    request: {
      command: "uname -a",
      host: "gateway",
      agentId: "main",
      sessionKey: "agent:main:main",
      runId: "run",
      toolCallId: "call",
      allowedDecisions: ["allow-once", "allow-always", "deny"],
      ...request,
    },
    digest: "digest",
    by: OWNER,
    lasting: { agentId: "main", pattern: "/usr/bin/uname" },
    ...over,
  };
}
