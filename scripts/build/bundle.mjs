// @ts-check
import { join } from "node:path";
import { rolldown } from "rolldown";

/** What the published package offers: its command and the two doors for plugins. */
const ENTRIES = {
  openclaw: "src/cli/entry.ts",
  sdk: "src/contracts/index.ts",
  "channel-kit": "src/channel-kit/index.ts",
};

/** Parsing Markdown costs a start some 10 ms and is needed by channels only, so it stands apart from the rest of their kit. */
const MARKDOWN = /channel-kit[\\/](?:markdown|_table|styled)\.ts|node_modules[\\/]marked[\\/]/;
/** What is known about settings is spread over many small files, all of which are needed as soon as one is. */
const SETTINGS =
  /src[\\/](?:.+[\\/])?(?:config|config-kinds|tool-config|channel-config|channel-section|secret|_config-[\w-]+|_schema-[\w-]+|known[\\/]\w+)\.ts$/;
/** The library behind them is needed by others as well. */
const SCHEMAS = /node_modules[\\/]typebox[\\/]|contracts[\\/]schema\.ts$/;
const WITHOUT_SIDE_EFFECTS = /[\\/](?:channel-kit|node_modules[\\/]marked)[\\/]/;

/**
 * Bundles the product with everything it uses, extensions included, as ESM for Node 22.
 * Whatever is reached through `import()` becomes a chunk of its own beside the entries, so `import.meta.url` of every
 * module names a file directly in `into`. Nothing is minified: stack traces of users must be readable.
 * @param {{ root: string, into: string, bundled: Set<string> }} options `bundled` receives the files used
 */
export async function bundle({ root, into, bundled }) {
  const product = join(root, "packages", "openclaw");
  const build = await rolldown({
    cwd: product,
    input: ENTRIES,
    platform: "node",
    tsconfig: false,
    resolve: { conditionNames: ["openclaw-source", "node", "import", "module-sync", "default"] },
    transform: { target: "node22" },
    treeshake: { moduleSideEffects: [{ test: WITHOUT_SIDE_EFFECTS, sideEffects: false }] },
    onLog: refuseUnresolved,
  });
  try {
    const { output } = await build.write({
      dir: into,
      format: "esm",
      codeSplitting: {
        groups: [
          { name: "markdown", test: MARKDOWN },
          { name: "schema", test: SCHEMAS, priority: 1 },
          { name: "settings", test: SETTINGS },
        ],
      },
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
      comments: { legal: false, jsdoc: false },
    });
    for (const chunk of output) {
      if (chunk.type === "chunk") for (const file of chunk.moduleIds) bundled.add(file);
    }
  } finally {
    await build.close();
  }
}

/**
 * An import that cannot be resolved would fail on somebody else's machine, so it fails here.
 * @param {"warn" | "info" | "debug"} level
 * @param {import("rolldown").RolldownLog} log
 */
function refuseUnresolved(level, log) {
  if (log.code === "UNRESOLVED_IMPORT") throw new Error(log.message);
  if (level === "warn") process.stderr.write(`${log.message}\n`);
}
