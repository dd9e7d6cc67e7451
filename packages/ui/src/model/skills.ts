/** Skills as the gateway tells them (`skills.status`), put in order for the page. */

export interface Needs {
  readonly os: readonly string[];
  readonly bins: readonly string[];
  readonly anyBins: readonly string[];
  readonly env: readonly string[];
  readonly config: readonly string[];
}

export interface Skill {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly filePath: string;
  readonly skillKey: string;
  readonly emoji?: string;
  readonly homepage?: string;
  readonly primaryEnv?: string;
  readonly hasApiKey?: boolean;
  readonly command?: string;
  readonly disabled: boolean;
  readonly blockedByAllowlist: boolean;
  readonly eligible: boolean;
  readonly missing: Needs;
  readonly install: readonly { readonly id: string; readonly label: string }[];
}

export interface Report {
  readonly workspaceDir: string;
  readonly agentId: string;
  readonly skills: readonly Skill[];
  readonly problems?: readonly { readonly path: string; readonly reason: string }[];
}

export type Group = "ready" | "missing" | "off";

/** Groups in their order, those without a skill left out. Every word of the query stands in name or description. */
export function grouped(skills: readonly Skill[], query: string): readonly (readonly [Group, readonly Skill[]])[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = skills.filter(({ name, description }) =>
    words.every((word) => `${name} ${description}`.toLowerCase().includes(word)),
  );
  const sorted = found.toSorted((a, b) => a.name.localeCompare(b.name));
  const order: readonly Group[] = ["ready", "missing", "off"];
  return order.flatMap((group) => {
    const list = sorted.filter((skill) => groupOf(skill) === group);
    return list.length === 0 ? [] : [[group, list] as const];
  });
}

function groupOf({ eligible, disabled, blockedByAllowlist }: Skill): Group {
  if (eligible) return "ready";
  return disabled || blockedByAllowlist ? "off" : "missing";
}
