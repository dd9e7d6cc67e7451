/** Time and chance for a client; replaced in tests. Unlike the gateway's clock its timers keep Node alive. */
export interface Timers {
  /** Epoch milliseconds. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Calls `fire` once after `ms` unless the returned function is called before. */
  timer(ms: number, fire: () => void): () => void;
}

export const realTimers: Timers = {
  // lint-allow ambient: where time comes in, in Node and in browsers
  now: () => Date.now(),
  // lint-allow ambient: spreads attempts, decides nothing
  random: () => Math.random(),
  timer: (ms, fire) => {
    // lint-allow ambient: the gateway's clock would not keep Node alive
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
