/**
 * The command line that others published for the documented gateway, run as a separate program: an
 * independent client. It is installed from npm into a cache; its scripts are not run and its files not read.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TOKEN } from "../harness/gateway.ts";

const VERSION = "2026.9.6";
/** What its package says it runs on: Node 24 from 24.16 on, and everything from 26.1 on. */
const runsOn = (major: number, minor: number) =>
  (major === 24 && minor >= 16) || (major === 26 && minor >= 1) || major > 26;
const CACHE = fileURLToPath(new URL(`../../node_modules/.cache/published-openclaw-${VERSION}`, import.meta.url));
const COMMAND = join(CACHE, "node_modules", ".bin", "openclaw");
/** Holds the id of the process that installs. */
const LOCK = `${CACHE}.lock`;
const INSTALL_MS = 300_000;
const COMMAND_MS = 90_000;

/** Why it cannot be run, or undefined once it is installed. Test files that run at the same time install it once. */
export function installPublished(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (!runsOn(major, minor)) return `openclaw@${VERSION} does not run on Node ${process.versions.node}`;
  mkdirSync(dirname(CACHE), { recursive: true });
  for (const begun = performance.now(); !existsSync(COMMAND); pause(200)) {
    if (performance.now() - begun > INSTALL_MS) return `openclaw@${VERSION} is being installed by another test run`;
    if (!takeLock()) continue;
    try {
      if (!existsSync(COMMAND)) return install();
    } finally {
      rmSync(LOCK, { force: true });
    }
  }
  return undefined;
}

/** Why a command cannot be given a terminal of its own here, or undefined. */
export function noTerminal(): string | undefined {
  const { status } = spawnSync("script", ["--version"], { stdio: "ignore" });
  return status === 0 ? undefined : "there is no script of util-linux here (Debian: bsdutils)";
}

function install(): string | undefined {
  const part = `${CACHE}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part);
  writeFileSync(join(part, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error"];
  const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
  const { status, stderr, error } = spawnSync("npm", ["install", ...flags, ...patience, `openclaw@${VERSION}`], {
    cwd: part,
    encoding: "utf8",
    timeout: INSTALL_MS,
  });
  if (status === 0) {
    rmSync(CACHE, { recursive: true, force: true });
    renameSync(part, CACHE);
    return undefined;
  }
  rmSync(part, { recursive: true, force: true });
  const said = stderr
    ?.replaceAll(/^npm error /gm, "")
    .trim()
    .split("\n")
    .slice(0, 4)
    .join("; ");
  return `openclaw@${VERSION} cannot be installed from npm: ${error?.message ?? said}`;
}

/** False while another process holds it; one left behind by a process that is gone is removed. */
function takeLock(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isAlive(holder())) rmSync(LOCK, { force: true });
    return false;
  }
}

/** NaN while it is being written or when it is gone. */
function holder(): number {
  try {
    return Number(readFileSync(LOCK, "utf8") || Number.NaN);
  } catch {
    return Number.NaN;
  }
}

function isAlive(pid: number): boolean {
  if (Number.isNaN(pid)) return true;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PublishedClient {
  /** Arguments that name the gateway, for commands that take them. */
  readonly flags: readonly string[];
  run(...args: string[]): Promise<Outcome>;
  /** In a terminal of its own; `type` writes keys, `screen` is everything that was drawn so far, without escapes. */
  terminal(...args: string[]): {
    type(text: string): void;
    screen(): string;
    end(): Promise<void>;
  };
  end(): void;
}

/** A home of its own whose configuration names the gateway at `port` as a remote one. */
export function publishedClient(port: number): PublishedClient {
  const home = mkdtempSync(join(tmpdir(), "published-client-"));
  const url = `ws://127.0.0.1:${port}`;
  mkdirSync(join(home, ".openclaw"), { mode: 0o700 });
  writeFileSync(
    join(home, ".openclaw", "openclaw.json"),
    JSON.stringify({ gateway: { mode: "remote", remote: { url, token: TOKEN } } }),
    { mode: 0o600 },
  );
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
    HOME: home,
    TMPDIR: home,
    TERM: "xterm-256color",
    NO_COLOR: "1",
    OPENCLAW_HIDE_BANNER: "1",
    OPENCLAW_NO_AUTO_UPDATE: "1",
  };
  const argv = (args: readonly string[]) => [COMMAND, ...args];
  return {
    flags: ["--url", url, "--token", TOKEN],
    run: (...args) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, argv(args), {
          env,
          timeout: COMMAND_MS,
          stdio: ["ignore", "pipe", "pipe"],
        });
        let stdout = "";
        let stderr = "";
        child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        child.on("close", (code) => resolve({ code, stdout, stderr }));
      }),
    terminal(...args) {
      const line = [process.execPath, ...argv(args)].map((word) => `'${word}'`).join(" ");
      const child = spawn("script", ["-qfec", `stty cols 120 rows 40; exec ${line}`, "/dev/null"], { env });
      let drawn = "";
      child.stdout.on("data", (chunk: Buffer) => (drawn += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (drawn += chunk.toString()));
      return {
        type: (text) => void child.stdin.write(text),
        screen: () => drawn.replaceAll(ESCAPES, ""),
        end: () =>
          new Promise((resolve) => {
            if (child.exitCode !== null) return resolve();
            child.on("close", () => resolve());
            child.kill("SIGTERM");
            setTimeout(() => child.kill("SIGKILL"), 3000).unref();
          }),
      };
    },
    end: () => rmSync(home, { recursive: true, force: true }),
  };
}

// oxlint-disable-next-line no-control-regex -- what terminals are sent
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*(?:\u0007|\u001b\\)|[@-Z\\-_=>])/g;
