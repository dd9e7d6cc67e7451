/** Calls of one program, one after the other: two at once would write into the same conversation files. */
import type { DialectIo } from "../../contracts/model.ts";

/** Ends of the calls under way, by program, for each gateway in this process. */
const lines = new WeakMap<DialectIo, Map<string, Promise<void>>>();

/** Runs `work` when every earlier call with the same `key` has ended; at once without a key. */
export async function inTurn<T>(
  key: string | undefined,
  { io, signal }: { readonly io: DialectIo; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  if (key === undefined) return work();
  const line = lines.get(io) ?? new Map<string, Promise<void>>();
  lines.set(io, line);
  const before = line.get(key);
  const { promise: mine, resolve: leave } = Promise.withResolvers<void>();
  const end = Promise.all([before, mine]).then(() => undefined);
  line.set(key, end);
  void end.then(() => line.get(key) === end && line.delete(key));
  try {
    await Promise.race([before, stopped(signal)]);
    signal.throwIfAborted();
    return await work();
  } finally {
    leave();
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
