/**
 * The choke points: what each rule forbids everywhere except in the few files that exist for it.
 * A path allows itself, or everything below it when it ends with `/`.
 */
const SRC = "packages/openclaw/src";

export interface Row {
  /** Breaking an `error` fails the check; a `warning` is printed. */
  readonly level: "error" | "warning";
  readonly allowed: readonly string[];
  readonly remedy: string;
  /** A line may be excused by `// lint-allow <rule>: reason` on it or above it. */
  readonly excusable?: true;
}

export const TABLE = {
  spawn: {
    level: "error",
    allowed: [`${SRC}/base/spawn.ts`],
    remedy: "child processes are started by base/spawn.ts",
  },
  fetch: {
    level: "error",
    // The client's socket goes where its user points it, and judges the other side by its certificate.
    allowed: [
      `${SRC}/base/fetch.ts`,
      `${SRC}/base/fetch-transport.ts`,
      // Hands on the serving side only.
      `${SRC}/base/http.ts`,
      `${SRC}/client/_pinned-socket.ts`,
      "packages/ui/",
    ],
    remedy: "requests leave through base/fetch.ts",
  },
  socket: {
    level: "error",
    // The gateway's own client runs in browsers, too.
    allowed: [`${SRC}/base/socket.ts`, `${SRC}/client/`, "packages/ui/"],
    remedy: "WebSockets leave through base/socket.ts",
  },
  open: {
    level: "error",
    allowed: [
      `${SRC}/base/files.ts`,
      `${SRC}/base/open.ts`,
      `${SRC}/base/growing-file.ts`,
      `${SRC}/base/log-file.ts`,
      `${SRC}/store/`,
      `${SRC}/app/`,
      `${SRC}/cli/`,
    ],
    remedy: "files are opened by base/files.ts (own paths) and base/open.ts (paths from elsewhere)",
  },
  compare: {
    level: "error",
    allowed: [`${SRC}/base/compare.ts`],
    remedy: "secrets are compared by secretsEqual of base/compare.ts",
    excusable: true,
  },
  pattern: {
    level: "error",
    allowed: [`${SRC}/base/pattern.ts`],
    remedy: "patterns from data become matchers in base/pattern.ts",
  },
  "env-whole": {
    level: "error",
    allowed: [`${SRC}/base/env.ts`],
    remedy: "the environment as a whole is handed on by base/env.ts",
  },
  "env-read": {
    level: "error",
    allowed: [`${SRC}/base/env.ts`, `${SRC}/app/`, `${SRC}/cli/`],
    remedy: "the environment comes in by parameter",
  },
  ambient: {
    level: "warning",
    allowed: [`${SRC}/base/`, `${SRC}/app/`, `${SRC}/cli/`, "packages/ui/"],
    remedy: "clock and randomness come in by parameter",
    excusable: true,
  },
  "module-state": {
    level: "warning",
    allowed: [`${SRC}/app/`, "packages/ui/"],
    remedy: "state belongs to something that is made and closed",
    excusable: true,
  },
} as const satisfies Readonly<Record<string, Row>>;

export type RuleName = keyof typeof TABLE;

export function isAllowed(rule: RuleName, path: string): boolean {
  return TABLE[rule].allowed.some((allowed) => (allowed.endsWith("/") ? path.startsWith(allowed) : path === allowed));
}
