/** What was decided about actions. */

export interface AuditRow {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly verdict: "allow" | "ask" | "deny";
  /** The rule that decided, by name. */
  readonly rule: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Audit {
  /** May be batched: durable within a second. */
  record(row: AuditRow): void;
  recent(limit: number): Promise<AuditRow[]>;
  /** Removes rows older than `before`, at most `limit`; returns how many. */
  prune(before: number, limit: number): Promise<number>;
}
