/** `--force`: ends whatever listens on the port. */
import { errorText } from "../base/errors.ts";
import type { CliContext } from "../contracts/cli.ts";
import { listenersOn } from "./_listeners.ts";

const WAIT_MS = 5000;

/** SIGTERM to each listener, then waits until the port is free. Throws `CLI_PORT_TOOL_MISSING` without a way to look. */
export async function freePort({ platform, out }: CliContext, port: number): Promise<void> {
  const pids = (await listenersOn(port, platform)).flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  for (const pid of new Set(pids)) {
    if (pid === process.pid) continue;
    out.note(`Ending process ${pid}, which listens on port ${port}.`);
    try {
      process.kill(pid, "SIGTERM");
    } catch (error) {
      out.note(`Process ${pid} could not be ended: ${errorText(error)}`);
    }
  }
  const deadline = platform.clock.monotonic() + WAIT_MS;
  while (platform.clock.monotonic() < deadline && (await listenersOn(port, platform)).length > 0)
    await platform.clock.sleep(50);
}
