/** The door of approvals: acts that wait for a person's yes, and the host's own rules for commands. */
import { token } from "../../contracts/service.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { HostApprovals } from "../policy/index.ts";

export const DECISIONS = ["allow-once", "allow-always", "deny"] as const;
export type Decision = (typeof DECISIONS)[number];

/** What somebody is asked to allow, as events and lists show it. Secrets in it are masked. */
export interface ApprovalRequest {
  readonly command: string;
  readonly commandArgv?: readonly string[];
  readonly cwd?: string;
  /** Names of variables that the command gets besides; never values. */
  readonly envKeys?: readonly string[];
  readonly host: string;
  readonly nodeId?: string;
  readonly security?: string;
  readonly ask?: string;
  readonly agentId?: string;
  readonly resolvedPath?: string;
  readonly sessionKey?: string;
  readonly sessionId?: string;
  readonly runId?: string;
  readonly toolCallId?: string;
  readonly allowedDecisions: readonly Decision[];
  readonly turnSourceChannel?: string;
  readonly turnSourceTo?: string;
  readonly turnSourceAccountId?: string;
  readonly turnSourceThreadId?: string;
}

/** A question that is open. */
export interface Approval {
  readonly id: string;
  readonly request: ApprovalRequest;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** How a question ended. Everything but an allowing decision of a person denies. */
export interface Outcome {
  readonly decision: Decision;
  readonly reason: "user" | "expired" | "aborted" | "restart";
  /** Whoever decided; null when nobody did. */
  readonly resolvedBy: string | null;
}

export interface Question {
  readonly request: ApprovalRequest;
  /** Digest of the exact act (`digestOf`): an answer holds for this and nothing else. */
  readonly digest: string;
  /** Whoever caused the act; recorded. */
  readonly by: Principal;
  /** What the allow-list of an agent gets when the answer is to last. */
  readonly lasting?: { readonly agentId: string; readonly pattern: string };
  /** Default 30 min. */
  readonly timeoutMs?: number;
  /** Ends the question: the run was stopped. */
  readonly signal?: AbortSignal;
}

export interface OpenQuestion {
  readonly approval: Approval;
  readonly outcome: Promise<Outcome>;
}

/** Whoever answers: the principal decides whether it may, the name is shown. */
export interface Approver {
  readonly principal: Principal;
  readonly name: string;
}

export interface ApprovalsService {
  /** Whether a client is connected that can be asked (scope `operator.approvals`, cap `approvals` or `exec-approvals`). */
  reachable(exceptConnId?: string): boolean;
  /** Asks, durably; throws `APPROVALS_FULL` and `APPROVAL_TOO_LONG`. The outcome never rejects. */
  ask(question: Question): Promise<OpenQuestion>;
  /** Open questions, oldest first. */
  list(): readonly Approval[];
  /** An open question or one that ended lately, by its whole id or a unique beginning. */
  find(id: string): { readonly approval: Approval; readonly outcome?: Outcome } | undefined;
  /** Waits for the end of a question; undefined when it is not known. */
  wait(id: string, signal: AbortSignal): Promise<{ approval: Approval; outcome: Outcome | undefined } | undefined>;
  /**
   * Answers. Only owners with the right to approve may, and nobody for whom another acts: throws
   * `APPROVAL_FORBIDDEN`, `APPROVAL_UNKNOWN`, `APPROVAL_RESOLVED`, `APPROVAL_DECISION_INVALID`.
   */
  resolve(id: string, decision: string, approver: Approver): Promise<Approval>;
  /**
   * Uses an answer for an act elsewhere (a node). Throws `APPROVAL_MISMATCH` unless it was allowed for exactly
   * this, and `APPROVAL_USED` the second time.
   */
  redeem(id: string, digest: string): Decision;
  /** Whether a question of this tool call was open when the previous process ended. */
  lost(runId: string, toolCallId: string): boolean;
  /** `exec-approvals.json` and writing it. */
  readonly file: ApprovalsFile;
}

export interface ApprovalsFileState {
  readonly path: string;
  readonly exists: boolean;
  readonly hash: string;
  /** As it stands there, the socket's token included. `damaged` when it cannot be understood. */
  readonly file: HostApprovals | "damaged";
}

export interface ApprovalsFile {
  read(): Promise<ApprovalsFileState>;
  /** Replaces it if it still has that hash. Throws `EXEC_APPROVALS_HASH_REQUIRED`, `…_CHANGED`, `…_INVALID`. */
  set(file: unknown, baseHash: string | undefined): Promise<ApprovalsFileState>;
  /** Adds a pattern; false when the agent has it already. */
  allow(
    agentId: string,
    entry: { readonly pattern: string; readonly source?: string; readonly commandText?: string },
  ): Promise<boolean>;
  /** Removes a pattern; false when the agent does not have it. */
  disallow(agentId: string, pattern: string): Promise<boolean>;
  /** Notes that an entry let a command through, at most once a minute each. Never rejects. */
  used(
    agentId: string,
    command: { readonly program: string; readonly resolved: string; readonly text: string },
  ): Promise<void>;
}

export { digestOf, digestOfCommand } from "./_digest.ts";
export type { ExactAct, WireCommand } from "./_digest.ts";
export { approvalsFile } from "./_file.ts";
export { approvalsSection } from "./config.ts";

export const Approvals = token<ApprovalsService>("approvals");
