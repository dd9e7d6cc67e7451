/** Models and providers as the gateway tells them (`models.list`, `models.authStatus`). */

export interface ModelRow {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly contextWindow?: number;
  /** US dollars per million tokens. */
  readonly cost?: { readonly input: number; readonly output: number };
  readonly input?: readonly string[];
  readonly reasoning?: boolean;
  readonly tags?: readonly string[];
  /** A credential is there, or none is needed. */
  readonly available: boolean;
}

interface Standing {
  readonly status: string;
  readonly next?: boolean;
  readonly reason?: string;
  /** Epoch ms: the end of a pause. */
  readonly until?: number;
  readonly model?: string;
}

export interface Profile extends Standing {
  readonly profileId: string;
  readonly type: string;
  readonly expiry?: { readonly at: number };
  readonly renewable?: boolean;
}

export interface KeyState extends Standing {
  readonly source: "config" | "env";
  readonly name: string;
}

export interface Provider {
  readonly provider: string;
  readonly displayName: string;
  readonly status: "ok" | "expiring" | "expired" | "missing" | "static";
  readonly profiles: readonly Profile[];
  readonly apiKey?: KeyState;
  readonly keyEnv?: readonly string[];
  readonly ways?: readonly { readonly id: string; readonly label: string; readonly kind: string }[];
  readonly note?: string;
  readonly local?: boolean;
  readonly chat?: boolean;
}

/** A model server that answers on the computer of the gateway, and the entry that makes it usable. */
export interface Server {
  readonly ref: string;
  readonly label: string;
  readonly where: string;
  readonly provider: { readonly id: string; readonly config: Readonly<Record<string, unknown>> };
}

export function refOf({ provider, id }: Pick<ModelRow, "provider" | "id">): string {
  return `${provider}/${id}`;
}

/** Found by every word in name or reference: those that can be used now first, in the order of the gateway. */
export function findModels(rows: readonly ModelRow[], query: string, most: number): readonly ModelRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => words.every((word) => `${row.name} ${refOf(row)}`.toLowerCase().includes(word)));
  return [...found.filter(({ available }) => available), ...found.filter(({ available }) => !available)].slice(0, most);
}

/** Connected or configured ones, and the rest; all that match, by name. */
export function groupProviders(
  providers: readonly Provider[],
  configured: ReadonlySet<string>,
  query: string,
): { readonly used: readonly Provider[]; readonly others: readonly Provider[] } {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = providers
    .filter(({ provider, displayName }) =>
      words.every((word) => `${displayName} ${provider}`.toLowerCase().includes(word)),
    )
    .toSorted((a, b) => a.displayName.localeCompare(b.displayName));
  const isUsed = (one: Provider) => one.apiKey !== undefined || one.profiles.length > 0 || configured.has(one.provider);
  return { used: found.filter(isUsed), others: found.filter((one) => !isUsed(one)) };
}

export type Mood = "ready" | "paused" | "trouble" | "none";

/** Whether a provider can be asked now; of several logins, one that can is enough. */
export function moodOf({ profiles, apiKey, status }: Provider): Mood {
  const all: readonly Standing[] = apiKey === undefined ? profiles : [...profiles, apiKey];
  if (all.length === 0) return status === "missing" ? "none" : "ready";
  if (all.some((one) => ["ok", "static", "expiring"].includes(one.status))) return "ready";
  return all.some((one) => one.status === "cooldown" || one.status === "disabled") ? "paused" : "trouble";
}

const dollars = (value: number) => `$${Number(value.toPrecision(3))}`;

/** `$3 in, $15 out`; undefined where nobody says, empty where it costs nothing. */
export function priceOf({ cost }: Pick<ModelRow, "cost">): { readonly in: string; readonly out: string } | undefined {
  return cost === undefined ? undefined : { in: dollars(cost.input), out: dollars(cost.output) };
}

/** `200k`, `1M`: tokens as people name windows. */
export function windowText(tokens: number): string {
  if (tokens >= 999_500) return `${Number((tokens / 1_000_000).toFixed(1))}M`;
  return tokens >= 1000 ? `${Math.round(tokens / 1000)}k` : String(tokens);
}
