/** A port of this machine that leads to one of another through the system's `ssh`. */
import { createServer } from "node:net";
import { childEnv } from "../base/env.ts";
import type { Platform } from "../contracts/service.ts";
import { errors } from "./errors.ts";
import type { SshHost, Target } from "./target.ts";

export interface Tunnel {
  /** On 127.0.0.1 of this machine. */
  readonly port: number;
  close(): void;
}

export interface TunnelOptions extends SshHost {
  /** Port of the gateway there, on its loopback. */
  readonly remotePort: number;
  readonly signal: AbortSignal;
}

const READY_MS = 10_000;
const POLL_MS = 50;
const MAX_SAID = 2000;

/** Resolves when the near end is open. Throws `CLI_SSH_TUNNEL` with what `ssh` said. */
export async function openTunnel(platform: Platform, options: TunnelOptions): Promise<Tunnel> {
  const { host, sshPort } = destination(options.to);
  const port = await freePort();
  const { env, clock, paths, spawn } = platform;
  let said = "";
  let ended = false;
  const child = await spawn({
    argv: [
      "ssh",
      "-N",
      "-o",
      "ExitOnForwardFailure=yes",
      "-o",
      "BatchMode=yes",
      "-o",
      "ConnectTimeout=8",
      "-L",
      `127.0.0.1:${port}:127.0.0.1:${options.remotePort}`,
      ...(sshPort === undefined ? [] : ["-p", sshPort]),
      ...(options.identity === undefined ? [] : ["-i", options.identity]),
      "--",
      host,
    ],
    cwd: paths.home,
    env: childEnv(env),
    onOutput: (_stream, chunk) => {
      if (said.length < MAX_SAID) said += chunk.toString("utf8");
    },
  });
  void child.exit.then(() => (ended = true));
  const close = () => void child.kill();
  options.signal.addEventListener("abort", close, { once: true });
  for (let waited = 0; waited < READY_MS && !ended; waited += POLL_MS) {
    if (await isTaken(port)) return { port, close };
    await clock.sleep(POLL_MS);
  }
  close();
  throw errors.CLI_SSH_TUNNEL({ to: options.to, reason: said.trim().split("\n")[0] || "it did not open in time" });
}

/** The target as it is reached from here, with the tunnel that must be closed afterwards. */
export async function throughTunnel(
  target: Target,
  platform: Platform,
  signal: AbortSignal,
): Promise<{ readonly target: Target; readonly close: () => void }> {
  if (target.ssh === undefined) return { target, close: () => {} };
  const far = new URL(target.url);
  const remotePort = Number(far.port || (far.protocol === "wss:" ? 443 : 18_789));
  const tunnel = await openTunnel(platform, { ...target.ssh, remotePort, signal });
  return { target: { ...target, url: `${far.protocol}//127.0.0.1:${tunnel.port}` }, close: tunnel.close };
}

/** A host that begins with `-` would be an option of `ssh`. */
function destination(to: string): { readonly host: string; readonly sshPort: string | undefined } {
  const [, host = "", sshPort] = /^([^\s:]+)(?::(\d{1,5}))?$/.exec(to) ?? [];
  if (host === "" || host.startsWith("-")) throw errors.CLI_SSH_TUNNEL({ to, reason: "that is no host" });
  return { host, sshPort };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(true));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(false)));
  });
}
