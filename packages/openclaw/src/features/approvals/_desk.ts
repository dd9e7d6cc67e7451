/**
 * Questions to people, from being asked to their end. A question is written down before anybody sees it
 * and forgotten when it ends; the first answer counts. What was open when the process died ends denied:
 * the next process says so, and what it was about is not run.
 */
import { errorText } from "../../base/errors.ts";
import { uuid } from "../../base/ids.ts";
import { redact } from "../../base/redact.ts";
import { compact, cut } from "../../base/text.ts";
import type { Connections } from "../../contracts/connections.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import { secretsEqual } from "../../base/compare.ts";
import type { Audit, Kv } from "../../store/index.ts";
import { mayApprove } from "./_authority.ts";
import { Ended } from "./_ended.ts";
import { MAX_COMMAND, isReadable, masked, parseRow } from "./_row.ts";
import { errors } from "./errors.ts";
import type {
  Approval,
  ApprovalsFile,
  ApprovalsService,
  Approver,
  Decision,
  OpenQuestion,
  Outcome,
  Question,
} from "./index.ts";

export const DEFAULT_MS = 1_800_000;
export const MAX_MS = 86_400_000;
const MAX_OPEN = 200;
const SPACE = "exec-approvals";
const APPROVER_CAPS = ["approvals", "exec-approvals"];

export interface DeskParts {
  readonly platform: Platform;
  readonly events: EventBus;
  readonly kv: Kv;
  readonly audit: Audit;
  readonly connections: Connections;
  readonly file: ApprovalsFile;
  /** The gateway is stopping: what is open stays written down. */
  readonly closing: AbortSignal;
}

interface Open {
  readonly approval: Approval;
  readonly question: Question;
  readonly done: PromiseWithResolvers<Outcome>;
  readonly outcome: Promise<Outcome>;
  readonly tidy: () => void;
  /** Somebody's answer is being carried out. */
  taken: boolean;
}

export class ApprovalDesk implements ApprovalsService {
  readonly #parts: DeskParts;
  readonly #open = new Map<string, Open>();
  readonly #ended: Ended;
  readonly #lost = new Set<string>();
  readonly file: ApprovalsFile;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#ended = new Ended(parts.platform.clock);
    this.file = parts.file;
  }

  /** Ends what a previous process left open. */
  async recover(): Promise<number> {
    const { kv } = this.#parts;
    const left = await kv.list(SPACE);
    for (const { key, value } of left) {
      const approval = parseRow(value);
      if (approval !== undefined) {
        const { runId, toolCallId } = approval.request;
        this.#lost.add(`${runId}\n${toolCallId}`);
        this.#end(approval, "", { decision: "deny", reason: "restart", resolvedBy: null });
      }
      await kv.delete(SPACE, key);
    }
    return left.length;
  }

  reachable(exceptConnId?: string): boolean {
    return this.#parts.connections
      .list()
      .some(
        ({ connId, caps, allows }) =>
          connId !== exceptConnId && allows("operator.approvals") && APPROVER_CAPS.some((cap) => caps.includes(cap)),
      );
  }

  async ask(question: Question): Promise<OpenQuestion> {
    const { platform, kv, events } = this.#parts;
    question.signal?.throwIfAborted();
    if (!isReadable(question)) throw errors.APPROVAL_TOO_LONG({ limit: MAX_COMMAND });
    if (this.#open.size >= MAX_OPEN) throw errors.APPROVALS_FULL({ limit: MAX_OPEN });
    const now = platform.clock.now();
    const id = uuid(platform.random);
    const wait = Math.min(question.timeoutMs ?? DEFAULT_MS, MAX_MS);
    const approval: Approval = { id, request: masked(question), createdAtMs: now, expiresAtMs: now + wait };
    const open = this.#enter(approval, question, wait);
    try {
      await kv.set(SPACE, id, JSON.stringify(approval));
    } catch (error) {
      this.#open.delete(id);
      open.tidy();
      throw error;
    }
    this.#record(open, "ask", "approval-requested", question.by);
    if (this.#open.get(id) === open) events.publish("exec.approval.requested", { approvalKind: "exec", ...approval });
    return { approval, outcome: open.outcome };
  }

  list(): readonly Approval[] {
    return [...this.#open.values()].map(({ approval }) => approval);
  }

  find(id: string): { readonly approval: Approval; readonly outcome?: Outcome } | undefined {
    const open = this.#lookUp(id);
    return open === undefined ? this.#ended.find(id) : { approval: open.approval };
  }

  async wait(id: string, signal: AbortSignal) {
    const open = this.#lookUp(id);
    if (open === undefined) {
      const known = this.#ended.find(id);
      return known && { approval: known.approval, outcome: known.outcome };
    }
    const gone = new Promise<undefined>((resolve) =>
      signal.addEventListener("abort", () => resolve(undefined), { once: true }),
    );
    return { approval: open.approval, outcome: await Promise.race([open.outcome, gone]) };
  }

  async resolve(id: string, wanted: string, approver: Approver): Promise<Approval> {
    if (!mayApprove(approver.principal)) throw errors.APPROVAL_FORBIDDEN();
    const open = this.#lookUp(id);
    if (open === undefined || open.taken) throw this.#refusal(id, open);
    const decision = open.approval.request.allowedDecisions.find((allowed) => allowed === wanted);
    if (decision === undefined) throw invalid(open.approval);
    open.taken = true;
    try {
      if (decision === "allow-always") await this.#allowForGood(open);
    } catch (error) {
      open.taken = false;
      throw error;
    }
    if (this.#open.get(open.approval.id) !== open) throw this.#refusal(id, undefined);
    this.#settle(open, { decision, reason: "user", resolvedBy: approver.name });
    this.#record(open, decision === "deny" ? "deny" : "allow", `approval-${decision}`, approver.principal);
    return open.approval;
  }

  redeem(id: string, digest: string): Decision {
    const found = this.#ended.exact(id);
    if (found === undefined) throw errors.APPROVAL_UNKNOWN().with({ details: { reason: "APPROVAL_NOT_FOUND" } });
    if (found.outcome.decision === "deny" || !secretsEqual(found.digest, digest)) throw errors.APPROVAL_MISMATCH();
    if (!this.#ended.use(id)) throw errors.APPROVAL_USED();
    return found.outcome.decision;
  }

  lost(runId: string, toolCallId: string): boolean {
    return this.#lost.has(`${runId}\n${toolCallId}`);
  }

  /** Registers a question with everything that can end it. */
  #enter(approval: Approval, question: Question, wait: number): Open {
    const done = Promise.withResolvers<Outcome>();
    const expire = () => this.#settle(open, { decision: "deny", reason: "expired", resolvedBy: null });
    const abort = () => this.#settle(open, { decision: "deny", reason: "aborted", resolvedBy: null });
    const cancel = this.#parts.platform.clock.timer(wait, expire);
    const { signal } = question;
    signal?.addEventListener("abort", abort, { once: true });
    const tidy = () => {
      cancel();
      signal?.removeEventListener("abort", abort);
    };
    const open: Open = { approval, question, done, outcome: done.promise, tidy, taken: false };
    this.#open.set(approval.id, open);
    return open;
  }

  #settle(open: Open, outcome: Outcome): void {
    const { approval, question } = open;
    if (this.#open.get(approval.id) !== open) return;
    this.#open.delete(approval.id);
    open.tidy();
    this.#end(approval, question.digest, outcome);
    open.done.resolve(outcome);
    if (this.#parts.closing.aborted) return;
    const { kv, platform } = this.#parts;
    kv.delete(SPACE, approval.id).catch((error: unknown) =>
      platform.log.for("approvals").warn("an answered question was not forgotten", { error: errorText(error) }),
    );
  }

  #end(approval: Approval, digest: string, outcome: Outcome): void {
    const { events, platform } = this.#parts;
    this.#ended.add({ approval, digest, outcome });
    const { decision, resolvedBy } = outcome;
    const ts = platform.clock.now();
    events.publish("exec.approval.resolved", { id: approval.id, decision, resolvedBy, ts, request: approval.request });
  }

  async #allowForGood({ question }: Open): Promise<void> {
    if (question.lasting === undefined) return;
    const { agentId, pattern } = question.lasting;
    await this.file.allow(agentId, { pattern, source: "allow-always", commandText: redact(question.request.command) });
  }

  #lookUp(id: string): Open | undefined {
    const exact = this.#open.get(id);
    if (exact !== undefined || id.length < 4) return exact;
    const fitting = [...this.#open.values()].filter(({ approval }) => approval.id.startsWith(id.toLowerCase()));
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  #refusal(id: string, taken: Open | undefined) {
    const known = taken !== undefined || this.#ended.find(id)?.outcome.reason === "user";
    if (known) return errors.APPROVAL_RESOLVED().with({ details: { reason: "APPROVAL_ALREADY_RESOLVED" } });
    const remediation = "list the open ones with exec.approval.list";
    return errors.APPROVAL_UNKNOWN().with({ details: { reason: "APPROVAL_NOT_FOUND", remediation } });
  }

  #record(
    { approval }: Open,
    verdict: "allow" | "ask" | "deny",
    rule: string,
    { kind, id, role }: Question["by"],
  ): void {
    const { command, agentId, sessionKey, runId, host } = approval.request;
    this.#parts.audit.record({
      at: this.#parts.platform.clock.now(),
      actor: `${kind}:${id}`,
      action: "exec.approval",
      target: cut(command, 2000),
      verdict,
      rule,
      data: compact({ approvalId: approval.id, agentId, sessionKey, runId, host, role }),
    });
  }
}

function invalid({ request }: Approval) {
  return errors.APPROVAL_DECISION_INVALID({ allowed: request.allowedDecisions });
}
