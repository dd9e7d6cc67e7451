import type { Found } from "../_engine/provider.ts";

/** One call for each, where a protocol makes one at a time. What was made is kept when another call fails. */
export async function several(count: number, once: () => Promise<readonly Found[]>): Promise<readonly Found[]> {
  const done = await Promise.allSettled(Array.from({ length: count }, once));
  const files = done.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  const failed = done.find((one) => one.status === "rejected");
  if (files.length === 0 && failed) throw failed.reason;
  return files;
}
