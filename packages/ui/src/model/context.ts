/** What fills the window of a conversation, as the gateway tells it. Pure. */

export interface ContextReport {
  readonly source: "run" | "estimate";
  readonly model: string;
  readonly sessionTokens: number | null;
  /** Tokens of the model's window. */
  readonly contextTokens: number | null;
  readonly messages: number;
  readonly injectedWorkspaceFiles: readonly {
    readonly name: string;
    readonly missing: boolean;
    readonly injectedChars: number;
    readonly truncated: boolean;
  }[];
  readonly sections: readonly { readonly id: string; readonly chars: number }[];
  readonly skills: { readonly entries: readonly { readonly name: string; readonly blockChars: number }[] };
  readonly tools: {
    readonly entries: readonly { readonly name: string; readonly schemaChars: number }[];
  };
  readonly tokens: Readonly<Record<PartName | "used", number>> & { readonly free: number | null };
}

/** In the order in which they stand in a request. */
const PARTS = ["system", "files", "skills", "toolList", "toolSchemas", "summary", "conversation", "reserve"] as const;
export type PartName = (typeof PARTS)[number];

export interface PartShare {
  readonly name: PartName | "free";
  readonly tokens: number;
  /** Of the window, or of what is used where the window is not known; 0 to 1. */
  readonly share: number;
}

/** What there is, and what is left. Empty parts are left out. */
export function sharesOf({ tokens, contextTokens }: ContextReport): readonly PartShare[] {
  const parts = PARTS.map((name) => ({ name, tokens: tokens[name] })).filter((part) => part.tokens > 0);
  const taken = parts.reduce((sum, part) => sum + part.tokens, 0);
  const free = tokens.free === null || tokens.free <= 0 ? [] : [{ name: "free" as const, tokens: tokens.free }];
  const whole = Math.max(1, taken + (free[0]?.tokens ?? 0), contextTokens ?? 0);
  return [...parts, ...free].map((part) => ({ ...part, share: part.tokens / whole }));
}

export interface Detail {
  readonly name: string;
  readonly tokens: number;
  /** `missing`, `truncated`. */
  readonly note?: "missing" | "truncated";
}

const MOST = 12;

/** The largest pieces of a part; empty for a part that is told as a whole. */
export function detailsOf(report: ContextReport, part: PartShare["name"]): readonly Detail[] {
  const sized = (name: string, chars: number): Detail => ({ name, tokens: Math.ceil(chars / 4) });
  const list: readonly Detail[] =
    part === "files"
      ? report.injectedWorkspaceFiles.map(({ name, missing, truncated, injectedChars }) => ({
          ...sized(name, injectedChars),
          ...(missing ? { note: "missing" as const } : truncated ? { note: "truncated" as const } : {}),
        }))
      : part === "skills"
        ? report.skills.entries.map(({ name, blockChars }) => sized(name, blockChars))
        : part === "toolSchemas"
          ? report.tools.entries.map(({ name, schemaChars }) => sized(name, schemaChars))
          : [];
  return list.toSorted((a, b) => b.tokens - a.tokens).slice(0, MOST);
}
