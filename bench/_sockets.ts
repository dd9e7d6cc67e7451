/** What many sockets cost: idle ones, and ones that watch a run. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { TOKEN, cpuMs, residentMb } from "../test/harness/gateway.ts";
import type { Place, Running } from "../test/harness/gateway.ts";

const IDLE = 1000;
const WATCHING = 200;
const ROUNDS = 5;

/** `run` plays one streamed answer to its end. */
export async function socketFigures(
  { pid }: Pick<Running, "pid">,
  place: Place,
  run: () => Promise<unknown>,
): Promise<Record<string, number>> {
  await run();
  const alone = await timed(pid, run);
  const watchers = await listen(place, WATCHING);
  await run();
  const watched = await timed(pid, run);
  watchers.kill();
  await pause(1500);
  const before = residentMb(pid);
  const idle = await listen(place, IDLE);
  await pause(1000);
  const idleSocketKb = ((residentMb(pid) - before) * 1024) / IDLE;
  idle.kill();
  return {
    watchedSlowdown: (watched.ms / alone.ms - 1) * 100,
    watcherCpuMs: (watched.cpu - alone.cpu) / WATCHING,
    idleSocketKb: Math.max(0, idleSocketKb),
  };
}

/** Median time and mean processor time of the gateway, ms. */
async function timed(pid: number, run: () => Promise<unknown>): Promise<{ ms: number; cpu: number }> {
  const times: number[] = [];
  const before = cpuMs(pid);
  for (let i = 0; i < ROUNDS; i += 1) {
    const begun = performance.now();
    await run();
    times.push(performance.now() - begun);
  }
  const ms = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  return { ms, cpu: (cpuMs(pid) - before) / ROUNDS };
}

/** A process with `count` sockets, once all are logged in. */
function listen({ port }: Place, count: number): Promise<ChildProcess> {
  const script = fileURLToPath(new URL("./_listeners.ts", import.meta.url));
  const args = [script, `ws://127.0.0.1:${port}`, TOKEN, String(count)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    child.stdout.once("data", () => resolve(child));
    child.once("exit", (code) => reject(new Error(`the listeners ended with ${code}`)));
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
