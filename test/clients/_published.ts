/**
 * The command line that others published for the documented gateway, run as a separate program: an
 * independent client. It is installed from npm into a cache; its scripts are not run and its files not read.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TOKEN } from "../harness/gateway.ts";

const VERSION = "2026.9.6";
const CACHE = fileURLToPath(new URL(`../../node_modules/.cache/published-openclaw-${VERSION}`, import.meta.url));
const COMMAND = join(CACHE, "node_modules", ".bin", "openclaw");
const INSTALL_MS = 300_000;
const COMMAND_MS = 90_000;

/** Why it cannot be run, or undefined once it is installed. */
export function installPublished(): string | undefined {
  if (existsSync(COMMAND)) return undefined;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(join(CACHE, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error"];
  const { status, stderr, error } = spawnSync("npm", ["install", ...flags, `openclaw@${VERSION}`], {
    cwd: CACHE,
    encoding: "utf8",
    timeout: INSTALL_MS,
  });
  if (status === 0) return undefined;
  rmSync(CACHE, { recursive: true, force: true });
  return `openclaw@${VERSION} cannot be installed from npm: ${error?.message ?? stderr.trim().split("\n")[0] ?? ""}`;
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
