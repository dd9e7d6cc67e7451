// @ts-check
import { join } from "node:path";
import { rolldown } from "rolldown";

/** What the published package offers: its command and the two doors for plugins. */
const ENTRIES = {
  openclaw: "src/cli/entry.ts",
  sdk: "src/contracts/index.ts",
  "channel-kit": "src/channel-kit/index.ts",
};

/**
 * Chunks in which modules that are needed together lie together: reading a hundred small files costs a start more than
 * what is in them. The first that fits takes a module and all that it imports statically.
 */
const CHUNKS = [
  // What every command begins with, `--version` included: the commands as data. Nothing else may come in here.
  {
    name: "commands",
    test: /src[\\/](?:(?!models[\\/]dialects).+[\\/]cli|base[\\/]env|contracts[\\/]cli|cli[\\/](?:exit|globals|help|tree))\.ts$/,
  },
  // Parsing Markdown costs a start some 10 ms and is needed by channels only, so it stands apart from the rest of their kit.
  { name: "markdown", test: /channel-kit[\\/](?:markdown|_table|styled)\.ts|node_modules[\\/]marked[\\/]/ },
  { name: "schema", test: /node_modules[\\/]typebox[\\/]|contracts[\\/]schema\.ts$/ },
  // What a command needs that reads the configuration: nothing that would load Node's HTTP client.
  {
    name: "base",
    test: /src[\\/](?:base[\\/](?!fetch|egress|http|reply)[\w-]+|features[\\/](?:config|secrets|health)[\\/]index|.+[\\/]errors)\.ts$/,
  },
  // What the thread of the memory index runs, and nothing of the gateway; where it begins stays a file of its own.
  { name: "memory-index", test: /features[\\/]memory[\\/]_index[\\/](?!entry)[\w-]+\.ts$/ },
  // The same for the thread of pictures and documents.
  {
    name: "media-thread",
    test: /features[\\/]media[\\/]_thread[\\/](?:worker|protocol|role)\.ts$|base[\\/]picture-size\.ts$/,
  },
  // The same for the thread that searches conversations.
  {
    name: "session-search",
    test: /features[\\/]sessions[\\/]_search[\\/](?:scan|backward|files|terms|note|role)\.ts$/,
  },
  // What is known about settings is spread over many small files, all of which are needed as soon as one is.
  { name: "settings", test: /src[\\/]generated[\\/]config\.ts$/ },
  // What judges a whole configuration, settings of extensions included.
  {
    name: "sections",
    test: /src[\\/](?:app[\\/]sections|generated[\\/]extensions|features[\\/]config[\\/]_load[\\/]validate)\.ts$/,
  },
  { name: "command-line", test: /src[\\/]cli[\\/]main\.ts$/ },
  // Where commands find services without a gateway, and the one that most of them ask: what models there are.
  { name: "model-services", test: /src[\\/](?:app[\\/]index|features[\\/]config[\\/]service|models[\\/]service)\.ts$/ },
  // The other services. Nothing here may need Node's HTTP server or the gateway.
  { name: "services", test: /src[\\/](?:features[\\/][\w-]+[\\/](?:index|service)|store[\\/]service)\.ts$/ },
  // What a gateway needs to start. Work that begins later stays behind its `import()`.
  {
    name: "gateway",
    test: /src[\\/](?:app[\\/]gateway|gateway[\\/]service|generated[\\/](?:tools|chat)|gateway[\\/]server|features[\\/]config[\\/]_follow[\\/]follow)\.ts$/,
  },
];
const WITHOUT_SIDE_EFFECTS = /[\\/](?:packages[\\/]openclaw[\\/]src|node_modules[\\/]marked)[\\/]/;

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
    // Native code cannot be bundled: an optional dependency of the published package.
    external: ["sharp"],
    tsconfig: false,
    resolve: { conditionNames: ["openclaw-source", "node", "import", "module-sync", "default"] },
    transform: { target: "node22" },
    treeshake: { moduleSideEffects: [{ test: WITHOUT_SIDE_EFFECTS, sideEffects: false }] },
    onLog: refuseUnresolved,
    plugins: [{ name: "ascii", generateBundle: (_options, files) => Object.values(files).forEach(inAscii) }],
  });
  try {
    const { output } = await build.write({
      dir: into,
      format: "esm",
      codeSplitting: {
        groups: CHUNKS.map((chunk, index) => ({ ...chunk, priority: CHUNKS.length - index })),
      },
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
      comments: { legal: false, jsdoc: false },
    });
    const chunks = output.filter((file) => file.type === "chunk");
    for (const chunk of chunks) for (const file of chunk.moduleIds) bundled.add(file);
    keepEntryLight(chunks);
    keepServicesLight(chunks);
  } finally {
    await build.close();
  }
}

/**
 * One character outside of Latin 1 makes V8 hold a whole file with two bytes for each of its characters. What a file
 * says stays the same, `String.raw` excepted.
 * @param {import("rolldown").OutputAsset | import("rolldown").OutputChunk} file
 */
function inAscii(file) {
  if (file.type !== "chunk") return;
  file.code = file.code.replace(/\\[\s\S]|[^\0-\x7f]/g, (found) => {
    const unit = found.charCodeAt(found.length - 1);
    return unit < 0x80 ? found : `\\u${unit.toString(16).padStart(4, "0")}`;
  });
}

/**
 * `--version` and `--help` wait for whatever the entry imports statically.
 * @param {readonly import("rolldown").OutputChunk[]} chunks
 */
function keepEntryLight(chunks) {
  const entry = chunks.find(({ name }) => name === "openclaw");
  const commands = chunks.find(({ name }) => name === "commands");
  const heavy = [...(entry?.imports ?? []), ...(commands?.imports ?? [])].filter((file) => file !== commands?.fileName);
  if (heavy.length > 0) throw new Error(`Every command would load ${heavy.join(", ")}: see CHUNKS.`);
}

/**
 * Commands that work without a gateway must not wait for what only a gateway needs.
 * @param {readonly import("rolldown").OutputChunk[]} chunks
 */
function keepServicesLight(chunks) {
  for (const chunk of chunks.filter(({ name }) => name === "model-services" || name === "services")) {
    const heavy = chunk.imports.filter((file) => /^(?:gateway-|node:(?:http|https|tls|zlib)$)/.test(file));
    if (heavy.length > 0) throw new Error(`Commands would load ${heavy.join(", ")} with ${chunk.name}: see CHUNKS.`);
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
