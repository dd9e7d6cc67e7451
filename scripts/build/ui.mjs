// @ts-check
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Builds the Control UI into the folder `into`, with the settings of packages/ui/vite.config.ts.
 * @param {{ root: string, into: string, bundled: Set<string> }} options `bundled` receives the files used
 */
export async function buildUi({ root, into, bundled }) {
  const ui = join(root, "packages", "ui");
  if (!existsSync(join(ui, "index.html")))
    throw new Error("packages/ui/index.html is missing: there is no UI to build.");
  const { build } = await import("vite");
  await build({
    root: ui,
    logLevel: "warn",
    build: { outDir: into, emptyOutDir: true },
    plugins: [recordModules(bundled)],
  });
}

/**
 * @param {Set<string>} bundled
 * @returns {import("vite").Plugin}
 */
function recordModules(bundled) {
  return {
    name: "record-modules",
    generateBundle(_options, output) {
      for (const chunk of Object.values(output)) {
        if (chunk.type === "chunk") for (const file of chunk.moduleIds) bundled.add(file);
      }
    },
  };
}
