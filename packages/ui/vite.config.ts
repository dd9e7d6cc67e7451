import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defaultClientConditions, defineConfig } from "vite";
import type { Plugin } from "vite";

const product = JSON.parse(readFileSync(new URL("../openclaw/package.json", import.meta.url), "utf8")) as {
  version: string;
};

export default defineConfig({
  // Relative, so that the page works below any base path.
  base: "./",
  define: { __VERSION__: JSON.stringify(product.version) },
  plugins: [withoutNode(), precompressed()],
  resolve: { conditions: ["openclaw-source", ...defaultClientConditions] },
  build: {
    target: ["chrome137", "edge137", "firefox130", "safari17.4"],
    outDir: fileURLToPath(new URL("../openclaw/dist/ui", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});

/** What the client has for Node only is never reached from a page. */
function withoutNode(): Plugin {
  return {
    name: "without-node",
    enforce: "pre",
    resolveId: (id) => (/\/_(?:node-store|pinned-socket)\.ts$/.test(id) ? { id, external: true } : undefined),
  };
}

/** Puts compressed twins beside the assets; the gateway sends them as they lie. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    writeBundle({ dir }, bundle) {
      for (const file of Object.values(bundle)) {
        if (dir === undefined || !/\.(js|css)$/.test(file.fileName)) continue;
        const body = Buffer.from(file.type === "chunk" ? file.code : file.source);
        writeFileSync(join(dir, `${file.fileName}.br`), brotliCompressSync(body));
        writeFileSync(join(dir, `${file.fileName}.gz`), gzipSync(body, { level: 9 }));
      }
    },
  };
}
