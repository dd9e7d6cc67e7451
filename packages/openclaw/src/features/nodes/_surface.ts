/** What a node offers, against what was approved: the second gate. Pure. */
import type { OperatorScope } from "../../contracts/method.ts";
import { isAllowed, platformOf, type CommandRules, type Machine } from "./_platform.ts";

export interface Surface {
  readonly caps: readonly string[];
  readonly commands: readonly string[];
}

export const NOTHING: Surface = { caps: [], commands: [] };

/** The declared surface without the commands that the platform may not offer. Sorted, each once. */
export function filtered(declared: Surface, machine: Machine, rules: CommandRules): Surface {
  return {
    caps: unique(declared.caps),
    commands: unique(declared.commands).filter((command) => isAllowed(command, machine, rules)),
  };
}

/** What may be used now: declared, allowed today, and approved. */
export function effective(declared: Surface, approved: Surface, machine: Machine, rules: CommandRules): Surface {
  const offered = filtered(declared, machine, rules);
  return {
    caps: offered.caps.filter((cap) => approved.caps.includes(cap)),
    commands: offered.commands.filter((command) => approved.commands.includes(command)),
  };
}

export function isCovered(wanted: Surface, approved: Surface): boolean {
  return (
    wanted.caps.every((cap) => approved.caps.includes(cap)) &&
    wanted.commands.every((command) => approved.commands.includes(command))
  );
}

export function isSame(a: Surface, b: Surface): boolean {
  return isCovered(a, b) && isCovered(b, a);
}

/** What whoever approves the surface must hold. */
export function requiredScopes({ commands }: Surface): readonly OperatorScope[] {
  if (commands.some(needsAdmin)) return ["operator.pairing", "operator.admin"];
  return commands.length > 0 ? ["operator.pairing", "operator.write"] : ["operator.pairing"];
}

/** Commands that run programs, drive a browser, read files or set what may be run. */
function needsAdmin(command: string): boolean {
  return /^system\.(?:run|which|execApprovals)(?:\.|$)/.test(command) || isBrowserOrFiles(command);
}

/** Commands for admins alone: also the rules of the node, which have methods of their own for them. */
export function needsAdminToInvoke(command: string): boolean {
  return command.startsWith("system.execApprovals") || isBrowserOrFiles(command);
}

function isBrowserOrFiles(command: string): boolean {
  return /^(?:browser|fs|file|files)\./.test(command);
}

export type Blocked = "command not declared" | "command not allowlisted" | "command not approved";

const SAID: Readonly<Record<Blocked, (platform: string) => string>> = {
  "command not allowlisted": (platform) => `is not in the allowlist for platform "${platform}"`,
  "command not declared": () => "is not declared by the node",
  "command not approved": () => "is not approved for this node",
};

/** The reason as the end of a sentence about the command. */
export function said({ reason, platform }: { readonly reason: Blocked; readonly platform: string }): string {
  return SAID[reason](platform);
}

/** Why a command cannot be used; undefined when it can. */
export function blockedBecause(
  command: string,
  of: {
    readonly declared: Surface;
    readonly approved: Surface;
    readonly machine: Machine;
    readonly rules: CommandRules;
  },
): { readonly reason: Blocked; readonly platform: string } | undefined {
  const platform = of.machine.platform.trim().toLowerCase() || platformOf(of.machine);
  if (!isAllowed(command, of.machine, of.rules)) return { reason: "command not allowlisted", platform };
  if (!of.declared.commands.includes(command)) return { reason: "command not declared", platform };
  return of.approved.commands.includes(command) ? undefined : { reason: "command not approved", platform };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
