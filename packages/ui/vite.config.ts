import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig } from "vite";

const product = JSON.parse(readFileSync(new URL("../openclaw/package.json", import.meta.url), "utf8")) as {
  version: string;
};

export default defineConfig({
  // Relative, so that the page works below any base path.
  base: "./",
  define: { __VERSION__: JSON.stringify(product.version) },
  plugins: [
    {
      // The client's store for Node is never reached from a page.
      name: "without-node",
      enforce: "pre",
      resolveId: (id) => (id.endsWith("/_node-store.ts") ? { id, external: true } : undefined),
    },
  ],
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
