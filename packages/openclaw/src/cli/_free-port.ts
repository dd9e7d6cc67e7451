/** `--force`: ends whatever listens on the port. */
import { childEnv } from "../base/env.ts";
import { Fault, errorText } from "../base/errors.ts";
import type { CliContext } from "../contracts/cli.ts";
import { errors } from "./errors.ts";

const WAIT_MS = 5000;
const MAX_OUTPUT = 64 * 1024;

/** SIGTERM to each listener, then waits until the port is free. Throws `CLI_PORT_TOOL_MISSING` without `lsof`. */
export async function freePort({ platform, out }: CliContext, port: number): Promise<void> {
  for (const pid of await listeners(platform, port)) {
    if (pid === process.pid) continue;
    out.note(`Ending process ${pid}, which listens on port ${port}.`);
    try {
      process.kill(pid, "SIGTERM");
    } catch (error) {
      out.note(`Process ${pid} could not be ended: ${errorText(error)}`);
    }
  }
  const deadline = platform.clock.monotonic() + WAIT_MS;
  while (platform.clock.monotonic() < deadline && (await listeners(platform, port)).length > 0)
    await platform.clock.sleep(100);
}

async function listeners({ spawn, env, paths }: CliContext["platform"], port: number): Promise<number[]> {
  let output = "";
  try {
    const child = await spawn({
      argv: ["lsof", "-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-t"],
      cwd: paths.home,
      env: childEnv(env),
      onOutput: (stream, chunk) => {
        if (stream === "stdout" && output.length < MAX_OUTPUT) output += chunk.toString("utf8");
      },
    });
    await child.exit;
  } catch (error) {
    if (error instanceof Fault) throw errors.CLI_PORT_TOOL_MISSING({ tool: "lsof" }).with({ cause: error });
    throw error;
  }
  return output
    .split("\n")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}
