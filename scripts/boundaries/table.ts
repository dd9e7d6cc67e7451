/**
 * The architecture as a table. `scripts/boundaries` holds every import in the product against it.
 * Arrows of the design: `app → cli, tui → client → contracts → base` and
 * `app → gateway → features → models, store → contracts → base`; extensions and dialects are leaves behind `import()`.
 */

export interface Layer {
  /** Folders, from the checkout. */
  readonly at: string;
  /** Layers it may import. */
  readonly imports: readonly string[];
  /** Layers it may only reach through `import()`, with the reason. */
  readonly lazily?: Readonly<Record<string, string>>;
  /** The files other units may import: only `index.ts`, or every file that is not private. */
  readonly door: "index" | "any";
  /** Every folder inside is a unit with a door of its own. */
  readonly unitPerFolder?: true;
  /** Its units never import each other, not even through doors. */
  readonly apart?: true;
  /** May pass other units' doors: it wires them together. */
  readonly wires?: true;
}

const SRC = "packages/openclaw/src";

export const LAYERS: Readonly<Record<string, Layer>> = {
  base: { at: `${SRC}/base`, imports: [], door: "any" },
  contracts: { at: `${SRC}/contracts`, imports: ["base"], door: "any" },
  store: { at: `${SRC}/store`, imports: ["contracts", "base"], door: "index" },
  models: { at: `${SRC}/models`, imports: ["contracts", "base"], door: "index" },
  features: {
    at: `${SRC}/features`,
    imports: ["models", "store", "contracts", "base"],
    lazily: { client: "the bodies of CLI commands ask the running gateway" },
    door: "index",
    unitPerFolder: true,
  },
  gateway: {
    at: `${SRC}/gateway`,
    imports: ["features", "models", "store", "contracts", "base", "generated"],
    door: "index",
  },
  client: { at: `${SRC}/client`, imports: ["contracts", "base"], door: "index" },
  cli: {
    at: `${SRC}/cli`,
    imports: ["client", "contracts", "base", "generated"],
    lazily: {
      app: "the commands that run the gateway in this process",
      features: "a command reads the configuration, or sets up, when it runs",
      tui: "loaded when the terminal chat is opened",
    },
    door: "index",
  },
  tui: { at: `${SRC}/tui`, imports: ["client", "contracts", "base"], door: "index" },
  "channel-kit": { at: `${SRC}/channel-kit`, imports: ["contracts", "base"], door: "index" },
  generated: { at: `${SRC}/generated`, imports: ["*"], door: "any", wires: true },
  app: { at: `${SRC}/app`, imports: ["*"], door: "index", wires: true },
  ui: { at: "packages/ui/src", imports: ["client", "contracts"], door: "any" },
  extensions: {
    at: "extensions",
    imports: ["contracts", "channel-kit"],
    door: "index",
    unitPerFolder: true,
    apart: true,
  },
};

/** Features from facts to action: a feature imports those in rows above its own. */
export const FEATURE_ORDER: readonly (readonly string[])[] = [
  ["config", "usage"],
  ["secrets"],
  ["people", "sessions", "agents"],
  ["skills", "memory"],
  ["policy", "sandbox"],
  ["approvals", "context", "media", "voice"],
  ["runs", "outbound"],
  ["inbound", "schedule"],
  ["subagents", "generate"],
  ["channels"],
  ["restart"],
  ["logins"],
  [
    "shell",
    "files",
    "web",
    "browser",
    "canvas",
    "nodes",
    "discovery",
    "pages",
    "hooks",
    "openai",
    "mcp",
    "plugins",
    "setup",
    "model-choice",
    "infer",
    "timeline",
    "upkeep",
    "health",
    "update",
    "migrate",
  ],
];

/** Imports that the tables above would refuse, by name of feature, each with its reason. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  "agents → sessions": "the list of agents names the main session's key, which is a setting of sessions",
  "runs → outbound": "a run ends by posting its answer",
  "channels → channel-kit": "accounts and the waits between attempts are those that channels themselves use",
  "outbound → channel-kit": "an answer is cut as the writers of the channels cut it",
};

/** Files that must not be loaded before they are needed: imported only through `import()`, except by importers in `free`. */
export const LAZY_ONLY: readonly { readonly files: RegExp; readonly free?: RegExp; readonly reason: string }[] = [
  {
    files: /\/src\/models\/dialects\//,
    free: /\/src\/models\/dialects\//,
    reason: "a dialect is loaded when a model speaks it",
  },
  { files: /\/src\/(?!contracts\/).*\/service\.ts$/, reason: "a service is made on first use" },
  { files: /\/src\/tui\//, free: /\/src\/tui\//, reason: "the terminal chat is loaded when it is opened" },
  { files: /\/src\/generated\/prose\.ts$/, reason: "it is large" },
  {
    files: /^extensions\/[^/]+\/(?!config\.ts$)/,
    free: /^extensions\//,
    reason: "an extension is loaded when it is configured",
  },
  { files: /^packages\/ui\//, free: /^packages\/ui\//, reason: "the Control UI runs in a browser" },
];

/** Where each npm package may be imported: a path that begins like this. Extensions use what their package.json lists. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  typebox: [`${SRC}/contracts/`],
  ws: [`${SRC}/base/socket.ts`, `${SRC}/gateway/`, `${SRC}/client/`],
  "@peculiar/asn1-schema": [`${SRC}/gateway/`],
  "@peculiar/asn1-x509": [`${SRC}/gateway/`],
  uqr: [`${SRC}/gateway/`],
  json5: [`${SRC}/features/config/`],
  "@humanwhocodes/momoa": [`${SRC}/features/config/`],
  commander: [`${SRC}/cli/`],
  "multicast-dns": [`${SRC}/features/discovery/`],
  "eventsource-parser": [`${SRC}/models/`],
  "@aws-sdk/credential-provider-node": [`${SRC}/models/`],
  "@smithy/signature-v4": [`${SRC}/models/`],
  "@smithy/types": [`${SRC}/models/`],
  marked: [`${SRC}/channel-kit/`, "packages/ui/"],
  sharp: [`${SRC}/features/media/`],
  unpdf: [`${SRC}/features/media/_thread/`],
  preact: ["packages/ui/"],
  "@preact/signals": ["packages/ui/"],
  dompurify: ["packages/ui/"],
  lucide: ["packages/ui/"],
};
