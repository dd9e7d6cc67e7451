/** The page as the release build makes it, in a folder of its own. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

let built: Promise<string> | undefined;

export function buildUi(): Promise<string> {
  return (built ??= build());
}

async function build(): Promise<string> {
  const given = process.env["OPENCLAW_TEST_UI"];
  if (given !== undefined && given !== "") return given;
  const into = mkdtempSync(join(tmpdir(), "openclaw-test-ui-"));
  const vite = await import("vite");
  const root = fileURLToPath(new URL("../../packages/ui", import.meta.url));
  await vite.build({ root, logLevel: "error", build: { outDir: into, emptyOutDir: true } });
  return into;
}
