import { defineErrors, fault } from "../../base/errors.ts";

const AGAIN = "Read the file again with exec.approvals.get and retry.";

export const errors = defineErrors({
  APPROVAL_UNKNOWN: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "unknown or expired approval id",
    remedy: "See what is open in the Control UI; questions end after 30 minutes and when the gateway restarts.",
  }),
  APPROVAL_RESOLVED: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "approval already resolved",
    remedy: "The first answer counts.",
  }),
  APPROVAL_DECISION_INVALID: fault<{ allowed: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "invalid decision",
    remedy: ({ allowed }) => `Answer with one of: ${allowed.join(", ")}.`,
  }),
  APPROVAL_FORBIDDEN: fault<void>({
    status: 403,
    rpc: "FORBIDDEN",
    say: () => "only an owner who may approve can answer this",
    remedy: "Answer from a client with the scope operator.approvals, or from an owner's chat.",
  }),
  APPROVAL_TOO_LONG: fault<{ limit: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ limit }) =>
      `the command is longer than the ${limit} characters that can be shown whole, so nobody was asked`,
    remedy: "Put the long part into a file and run that.",
  }),
  APPROVAL_MISMATCH: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "approval mismatch: it was not given for exactly this command",
    remedy: "Ask again for the command as it is now.",
  }),
  APPROVAL_USED: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "the approval was used already",
    remedy: "An answer holds for one command; ask again.",
  }),
  APPROVALS_FULL: fault<{ limit: number }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ limit }) => `${limit} questions wait for an answer already.`,
    remedy: "Answer or reject some of them first.",
    retryable: true,
  }),
  APPROVAL_NODE_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "nodeId is required for host=node",
    remedy: "Say which node would run the command.",
  }),
  APPROVAL_PLAN_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "systemRunPlan is required for host=node",
    remedy: "Ask the node for it with system.run.prepare.",
  }),
  EXEC_APPROVALS_HASH_REQUIRED: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "exec approvals base hash required; re-run exec.approvals.get and retry",
    remedy: AGAIN,
  }),
  EXEC_APPROVALS_CHANGED: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "exec approvals changed since last load; re-run exec.approvals.get and retry",
    remedy: AGAIN,
  }),
  EXEC_APPROVALS_INVALID: fault<{ problem: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ problem }) => `the exec approvals are not valid: ${problem}`,
    remedy: "See the shape under Exec approvals in the documentation.",
  }),
  EXEC_APPROVALS_DAMAGED: fault<{ path: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `${path} cannot be understood, so every command on an explicit host is denied`,
    remedy: "Correct the file, or replace it with: openclaw approvals set --file <good file>",
  }),
  EXEC_APPROVALS_BUSY: fault<{ path: string; lock: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `${path} is being written by another program.`,
    remedy: ({ lock }) => `Try again; if no openclaw command is running, remove ${lock}.`,
    retryable: true,
  }),
  EXEC_APPROVALS_UNWRITABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `${path} could not be written (${reason}).`,
    remedy: "Check the permissions of the state folder and the room on the disk.",
  }),
  EXEC_APPROVALS_NODE: fault<{ node: string; count: number }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ node, count }) => (count === 0 ? `No node is called ${node}.` : `${node} stands for ${count} nodes.`),
    remedy: "See the nodes with: openclaw nodes status",
  }),
  EXEC_APPROVALS_INPUT: fault<{ problem: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ problem }) => problem,
    remedy: "See: openclaw approvals set --help",
  }),
});
