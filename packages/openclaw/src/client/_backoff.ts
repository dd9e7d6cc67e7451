/** Waits between attempts: 1 s, doubling to 30 s, each shortened by up to a fifth so that clients spread out. */
const FIRST_MS = 1000;
const LAST_MS = 30_000;

/** `attempt` from 0; `random` in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full * (1 - random / 5));
}
