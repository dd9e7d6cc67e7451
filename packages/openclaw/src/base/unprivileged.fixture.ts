import type { TestContext } from "node:test";

/** The user and group named nobody and nogroup, which own no files, as numbers. */
const NOBODY = 65_534;

/**
 * For tests of modes, which root is above: what follows in the test is done as a user without privileges, on this
 * machine's root as on anybody else. Ends with the test. Call it before files are made.
 */
export function unprivileged(t: TestContext): void {
  if (process.geteuid?.() !== 0) return;
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  t.after(() => {
    process.seteuid?.(0);
    process.setegid?.(0);
  });
}
