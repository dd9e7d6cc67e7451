/** What both commands read of the gateway's answers. */
export interface Fact {
  readonly id: number;
  readonly ts: number;
  readonly kind: string;
  readonly runId: string;
  readonly sessionKey: string;
  readonly agentId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const READ = { scopes: ["operator.read"] } as const;

export function seconds(ms: unknown): string {
  if (typeof ms !== "number") return "";
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function tokensOf(usage: unknown): string {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = (usage ?? {}) as Record<string, number>;
  return `${input + cacheRead + cacheWrite} in, ${output} out`;
}
