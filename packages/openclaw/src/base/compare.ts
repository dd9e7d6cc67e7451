/** The one place where secrets are compared. */
import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Whether two secrets are equal, in time that does not depend on where they differ.
 * An absent or empty secret equals nothing, not even another empty one.
 */
export function secretsEqual(given: string | undefined, expected: string | undefined): boolean {
  const a = createHash("sha256")
    .update(given ?? "")
    .digest();
  const b = createHash("sha256")
    .update(expected ?? "")
    .digest();
  const same = timingSafeEqual(a, b);
  return same && given !== undefined && given !== "" && expected !== undefined && expected !== "";
}
