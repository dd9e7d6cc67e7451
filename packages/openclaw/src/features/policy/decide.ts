/**
 * The gate: the single judge of consequential acts. Pure. The rules below are asked in order; the first
 * with an opinion decides, and the verdict carries its name. An act that no rule covers is denied.
 *
 * Who may what:
 * - owners and members: read and write files (within `fileRoots`, where set), run commands as `tools.exec` says; what
 *   the assistant knows of its owner (`MEMORY.md`) is for owners only;
 * - guests (let in only by an open door, `"*"`): read files of the workspace but the owner's `MEMORY.md`, and ask
 *   for the session's status. More only where the agent's own `tools.allow` or `tools.alsoAllow` names the tool or its
 *   group outright, and then files only inside the workspace;
 * - strangers: nothing.
 *
 * Files that hold this installation's secrets are never written, and read by owners only. In a sandboxed
 * session nothing touches this machine; while there is no sandbox to run in, such acts are refused.
 */
import { relative } from "node:path";
import { isInside } from "../../base/path.ts";
import { isProtected } from "./_protected-files.ts";
import { toCase, toVerdict, type Case, type Opinion, type Rule } from "./_rule.ts";
import { EXEC_RULES } from "./_rules-exec.ts";
import type { Act, GateContext, Verdict } from "./index.ts";

const EFFECTS = new Set(["read", "write", "exec", "network", "send", "spend", "config", "secret", "install"]);

const RULES: readonly Rule[] = [
  {
    name: "unknown-effect",
    judge: ({ act }) => when(!EFFECTS.has(act.effect), `the effect \`${act.effect}\` is not known`),
  },
  {
    name: "tool-not-allowed",
    judge: ({ act, context }) => when(!context.tools.has(act.tool), "the tool policy does not give it to this agent"),
  },
  {
    name: "stranger",
    judge: ({ role }) => when(role === "stranger" || role === "unknown", "whoever asked is not known here"),
  },
  { name: "sandbox-unavailable", judge: sandboxUnavailable },
  { name: "protected-path", judge: protectedPath },
  { name: "outside-file-roots", judge: outsideRoots },
  { name: "guest", judge: guest },
  {
    name: "personal-notes",
    judge: ({ context, path, role }) =>
      when(
        role !== "owner" && path !== undefined && isPersonal(path, context.workspace),
        "the owner's personal notes are for the owner only",
      ),
  },
  { name: "file-read", judge: ({ act, path }) => allow(act.effect === "read" && path !== undefined) },
  { name: "file-write", judge: ({ act, path }) => allow(act.effect === "write" && path !== undefined) },
  { name: "inner-read", judge: ({ act, path }) => allow(act.effect === "read" && path === undefined) },
  // Work of other agents of this gateway: what they do is judged when they do it.
  { name: "inner-spend", judge: ({ act, path }) => allow(act.effect === "spend" && path === undefined) },
  // Files that are given along to what is paid for: legal where reading them is.
  { name: "spend-file", judge: ({ act, path }) => allow(act.effect === "spend" && path !== undefined) },
  ...EXEC_RULES,
  {
    name: "effect-without-rule",
    judge: ({ act }) => ({ deny: `nothing permits acts with the effect \`${act.effect}\`` }),
  },
];

export function decide(act: Act, context: GateContext): Verdict {
  const { paths } = act.preview.exact;
  if (!Array.isArray(paths)) return decideOne(act, context);
  const verdicts = [...new Set(paths.map(String))].map((path) => decideOne(ofPath(act, path), context));
  return (
    verdicts.find(({ verdict }) => verdict === "deny") ??
    verdicts.find(({ verdict }) => verdict === "ask") ??
    verdicts[0] ?? { verdict: "deny", rule: "no-path", reason: "it names no file." }
  );
}

/** An act on several files is permitted when it is on each of them. */
function ofPath(act: Act, path: string): Act {
  return { ...act, preview: { ...act.preview, exact: { ...act.preview.exact, path } } };
}

function decideOne(act: Act, context: GateContext): Verdict {
  const c = toCase(act, context);
  for (const rule of RULES) {
    const opinion = rule.judge(c);
    if (opinion !== undefined) return toVerdict(rule.name, opinion, act);
  }
  return { verdict: "deny", rule: "default", reason: "no rule permits it." };
}

/** Fails closed: without a backend a sandboxed session can neither touch files nor run commands. */
function sandboxUnavailable({ act, context, path }: Case): Opinion {
  const touchesHost = act.effect !== "read" || path !== undefined;
  return when(
    context.sandboxed && touchesHost,
    "this session must run in a sandbox (agents.defaults.sandbox.mode) and there is no sandbox to run it in",
  );
}

function protectedPath({ act, context, path, role }: Case): Opinion {
  if (path === undefined || !isProtected(path, context)) return undefined;
  if (act.effect !== "read")
    return { deny: "this file belongs to the installation itself; change it with the openclaw command" };
  return when(role !== "owner", "this file belongs to the installation itself");
}

function outsideRoots({ act, context, path }: Case): Opinion {
  if (path === undefined || context.fileRoots.length === 0) return undefined;
  const roots =
    act.effect === "read" || act.effect === "spend"
      ? [...context.fileRoots, ...(context.readRoots ?? [])]
      : context.fileRoots;
  const inside = roots.some((root) => isInside(root, path));
  return when(!inside, "it lies outside the workspace, and file tools are confined to it (tools.fs.workspaceOnly)");
}

function guest({ act, context, path, role }: Case): Opinion {
  if (role !== "guest") return undefined;
  if (path !== undefined && !isInside(context.workspace, path))
    return { deny: "guests may only use files of the workspace" };
  if (path !== undefined && isPersonal(path, context.workspace))
    return { deny: "the owner's personal notes are not for guests" };
  if (context.granted.has(act.tool)) return undefined;
  if (act.effect === "read" && (path !== undefined || act.tool === "session_status")) return "allow";
  return { deny: "guests may not use it; name it in the agent's own tools.allow to permit it" };
}

/** What the assistant knows of its owner; elsewhere it is told in their own chats only. */
export function isPersonal(path: string, workspace: string): boolean {
  return relative(workspace, path).toLowerCase() === "memory.md";
}

function allow(condition: boolean): Opinion {
  return condition ? "allow" : undefined;
}

function when(condition: boolean, deny: string): Opinion {
  return condition ? { deny } : undefined;
}
