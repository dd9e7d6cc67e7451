/** Runs the real command with a home of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { builtFrom, sourcesOf } from "../../scripts/prepare/build.mjs";
import { freePort } from "../harness/gateway.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = ["--conditions=openclaw-source", join(ROOT, "packages/openclaw/src/cli/entry.ts")];
/** What people run, where it was built from these very sources; it starts in a fifth of the time. */
const COMMAND = builtFrom(ROOT) === sourcesOf(ROOT) ? [join(ROOT, "packages/openclaw/bin/openclaw.mjs")] : SOURCES;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Home {
  readonly state: string;
  readonly config: string;
  readonly cwd: string;
  readonly port: number;
  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<Ended>;
  /** The same with further variables, Node flags and standard input. */
  runWith(
    options: {
      readonly env?: Readonly<Record<string, string>>;
      /** The sources are run where there are any. */
      readonly node?: readonly string[];
      readonly input?: string;
    },
    ...args: readonly string[]
  ): Promise<Ended>;
  /** Starts a command that goes on; it is ended with the test. */
  start(...args: readonly string[]): Running;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with everything printed so far once `text` is part of it. */
  printed(text: string): Promise<string>;
  readonly ended: Promise<Ended>;
}

export async function makeHome(t: TestContext): Promise<Home> {
  const root = mkdtempSync(join(tmpdir(), "openclaw-cli-"));
  const running = new Set<ChildProcess>();
  t.after(() => {
    for (const child of running) child.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true });
  });
  const port = await freePort();
  const state = join(root, ".openclaw");
  const launch = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    node: readonly string[] = [],
    input?: string,
  ): Running => {
    const child = spawn(process.execPath, [...node, ...(node.length > 0 ? SOURCES : COMMAND), ...args], {
      cwd: root,
      env: { PATH: process.env["PATH"], HOME: root, TMPDIR: root, OPENCLAW_GATEWAY_PORT: String(port), ...env },
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    child.stdin?.end(input);
    running.add(child);
    return watch(child, () => running.delete(child));
  };
  return {
    state,
    config: join(state, "openclaw.json"),
    cwd: root,
    port,
    run: (...args) => launch(args).ended,
    runWith: ({ env, node, input }, ...args) => launch(args, env, node, input).ended,
    start: (...args) => launch(args),
  };
}

function watch(child: ChildProcess, onEnd: () => void): Running {
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
    for (const listener of listeners) listener();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => {
      onEnd();
      resolve({ code, stdout, stderr });
    });
  });
  const printed = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (!`${stdout}${stderr}`.includes(text)) return;
        listeners.delete(look);
        resolve(`${stdout}${stderr}`);
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without printing ${JSON.stringify(text)}:\n${stdout}${stderr}`)));
    });
  return { process: child, printed, ended };
}
