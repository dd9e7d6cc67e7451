/** The real gateway as its own process: the CLI's `gateway run` with a state directory of its own. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Backend } from "./_backend.ts";
import { startScriptedModel } from "./_scripted-model.ts";
import { buildUi } from "./_ui-build.ts";

const CLI = fileURLToPath(new URL("../../packages/openclaw/bin/openclaw.mjs", import.meta.url));
const TOKEN = "e2e-token-0123456789abcdef";
const START_MS = 30_000;

/** `scripted`: answers come from the scenes; `offline`: from the model that is built in. `more`: further sections. */
export async function startRealBackend(model: "scripted" | "offline", more: object = {}): Promise<Backend> {
  const state = mkdtempSync(join(tmpdir(), "openclaw-e2e-"));
  const root = await buildUi();
  const server = model === "scripted" ? await startScriptedModel() : undefined;
  const port = await freePort();
  writeFileSync(join(state, "openclaw.json"), JSON.stringify({ ...configOf(root, server?.url), ...more }, null, 2));
  let child = await start(state, port);
  return {
    kind: "real",
    origin: `http://localhost:${port}`,
    token: TOKEN,
    state,
    stop: () => end(child),
    start: async () => {
      child = await start(state, port);
    },
    close: async () => {
      await end(child);
      await server?.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function configOf(root: string, modelUrl: string | undefined): object {
  const gateway = { mode: "local", auth: { token: TOKEN }, controlUi: { root } };
  if (modelUrl === undefined) return { gateway };
  return {
    gateway,
    agents: { defaults: { model: "scripted/my-model" } },
    models: {
      providers: {
        scripted: {
          baseUrl: modelUrl,
          apiKey: "none",
          api: "openai-completions",
          models: [
            { id: "my-model", name: "My model", cost: { input: 3, output: 15, cacheRead: 0, cacheWrite: 0 } },
            { id: "other", name: "Other", reasoning: true },
            { id: "tired", name: "Tired" },
          ],
        },
      },
    },
  };
}

/** Runs the command line beside the gateway. */
export async function runCli(state: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=openclaw-source", CLI, ...args], {
    env: envOf(state),
    stdio: "ignore",
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`openclaw ${args.join(" ")} ended with ${code}`);
}

function envOf(state: string): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], HOME: state, OPENCLAW_STATE_DIR: state, OPENCLAW_FROM_SOURCE: "1" };
}

async function start(state: string, port: number): Promise<ChildProcess> {
  const args = ["--conditions=openclaw-source", CLI, "gateway", "run", "--port", String(port)];
  const child = spawn(process.execPath, args, { env: envOf(state), stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const keep = (data: Buffer) => (log = (log + data.toString()).slice(-4000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const until = Date.now() + START_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`The gateway did not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return child;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill("SIGKILL"), 8000);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
