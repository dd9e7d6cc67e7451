/**
 * Running commands. Without a configured or requested host, owners and members run on this machine
 * without approvals, as documented. Naming a host opts in to the allow-list: security `deny` refuses,
 * `full` runs, `allowlist` runs what matches and asks about the rest; ask `off` refuses instead of asking,
 * `always` asks about everything.
 */
import { commandOf, isAllowlisted, isInlineEval } from "./_allowlist.ts";
import type { Case, Opinion, Rule } from "./_rule.ts";

const RULES: readonly Rule[] = [
  {
    name: "exec-denied",
    judge: ({ exec }) =>
      when(exec.security === "deny", "running commands is switched off (tools.exec.security is deny)"),
  },
  { name: "exec-host-unavailable", judge: ({ exec }) => hostMissing(exec.host) },
  { name: "exec-own-process", judge: ownProcess },
  { name: "exec-malformed", judge: ({ argv }) => when(argv === undefined, "it is not clear what would be run") },
  { name: "exec-implicit-host", judge: ({ exec }) => (isOpen(exec) ? "allow" : undefined) },
  { name: "exec-inline-eval", judge: inlineEval },
  { name: "exec-full", judge: ({ exec }) => (exec.security === "full" && exec.ask !== "always" ? "allow" : undefined) },
  { name: "exec-always-ask", judge: (c) => (c.exec.ask === "always" ? { ask: title(c) } : undefined) },
  { name: "exec-allowlisted", judge: (c) => (allowlisted(c) ? "allow" : undefined) },
  {
    name: "exec-not-allowlisted",
    judge: ({ exec }) =>
      when(exec.ask === "off", "the command is not on the allow-list and asking is switched off (tools.exec.ask)"),
  },
  { name: "exec-needs-approval", judge: (c) => ({ ask: title(c) }) },
];

export const EXEC_RULES: readonly Rule[] = RULES.map(({ name, judge }) => ({
  name,
  judge: (c) => (c.act.effect === "exec" ? judge(c) : undefined),
}));

/** No host was named, and the call asked for nothing stricter. */
function isOpen({ host, tightened }: Case["exec"]): boolean {
  return host === "implicit" && !tightened;
}

function hostMissing(host: string): Opinion {
  if (host === "implicit" || host === "gateway") return undefined;
  if (host === "sandbox")
    return { deny: "the host `sandbox` was asked for, but this session has no sandbox; leave the host out" };
  if (host === "node") return { deny: "no node that runs commands is connected; leave the host out" };
  return { deny: `there is no host \`${host}\`; use gateway or leave it out` };
}

/** `process` looks after commands that were let through before; giving them input may be a new act. */
function ownProcess({ act, exec }: Case): Opinion {
  if (act.tool !== "process") return undefined;
  const feeds = act.preview.exact["input"] === true;
  if (!feeds || isOpen(exec) || (exec.security === "full" && exec.ask !== "always")) return "allow";
  return { ask: "Send input to a running command?" };
}

function inlineEval(c: Case): Opinion {
  if (c.context.exec.strictInlineEval !== true || !isInlineEval(commandOf(c.act, c.argv))) return undefined;
  return c.exec.ask === "off"
    ? { deny: "program text on the command line needs an approval (strictInlineEval)" }
    : { ask: title(c) };
}

function allowlisted(c: Case): boolean {
  return isAllowlisted(commandOf(c.act, c.argv), c.context.allowlist, c.context.exec);
}

function title({ context }: Case): string {
  return `Run a command for ${context.agentId}?`;
}

function when(condition: boolean, deny: string): Opinion {
  return condition ? { deny } : undefined;
}
