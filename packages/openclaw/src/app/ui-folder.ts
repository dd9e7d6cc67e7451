/** Where the built Control UI lies: beside the bundle in a release, in `dist` in a checkout. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path, or undefined when the UI was not built. */
export function uiFolder(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, "ui"), join(here, "../ui"), join(here, "../../dist/ui")].find((folder) =>
    existsSync(join(folder, "index.html")),
  );
}
