const LONGEST_MS = 30_000;
const STEP_MS = 10;

/** Resolves once `check` says yes; rejects when that does not happen within half a minute. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + LONGEST_MS;
  while (!(await check())) {
    if (performance.now() > end) throw new Error("it did not happen");
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
