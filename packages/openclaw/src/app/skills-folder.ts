/** Where the skills lie that come with the product: beside the bundle in a release, at the root of a checkout. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path, or undefined when there is no such folder. */
export function skillsFolder(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, "skills"), join(here, "../skills"), join(here, "../../../../skills")].find((folder) =>
    existsSync(join(folder, "weather", "SKILL.md")),
  );
}
