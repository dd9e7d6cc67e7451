/** The `tailscale` program: asking it, and publishing the gateway through it. */
import { withDeadline } from "../../base/time.ts";
import { childEnv } from "../../base/env.ts";
import { errorText } from "../../base/errors.ts";
import type { Scope } from "../../base/scope.ts";
import type { Platform } from "../../contracts/service.ts";
import { errors } from "../errors.ts";
import type { TailscaleSettings } from "./settings.ts";

const ASK_MS = 3000;
const PUBLISH_MS = 15_000;
const MAX_OUTPUT = 256 * 1024;

/** What `tailscale` prints. Rejects with `TAILSCALE_FAILED` when it fails, says too much or takes too long. */
export async function runTailscale(platform: Platform, args: readonly string[], ms = ASK_MS): Promise<string> {
  const command = args.slice(0, 2).join(" ");
  const failed = (reason: string) => errors.TAILSCALE_FAILED({ command, reason });
  const output = { stdout: "", stderr: "" };
  const child = await platform
    .spawn({
      argv: ["tailscale", ...args],
      cwd: platform.paths.state,
      env: childEnv(platform.env),
      onOutput(stream, chunk) {
        if (output[stream].length < MAX_OUTPUT) output[stream] += chunk.toString("utf8");
      },
    })
    .catch((error: unknown) => {
      throw failed(errorText(error));
    });
  try {
    const { code } = await withDeadline(platform.clock, ms, child.exit, () =>
      failed(`no answer within ${ms / 1000} s`),
    );
    if (code !== 0) throw failed(output.stderr.trim().split("\n", 1)[0] || `exit code ${code}`);
    return output.stdout;
  } finally {
    await child.kill(0);
  }
}

/**
 * Publishes the port until the scope ends, and takes that back then where it is wanted. A failure is logged:
 * the gateway itself works without.
 */
export async function publish(
  platform: Platform,
  scope: Scope,
  { mode, resetOnExit, port, tls }: TailscaleSettings & { readonly port: number; readonly tls: boolean },
): Promise<void> {
  if (scope.closed) return;
  const log = platform.log.for("tailscale");
  const target = tls ? `https+insecure://127.0.0.1:${port}` : String(port);
  const publishing = runTailscale(platform, [mode, "--bg", "--yes", target], PUBLISH_MS);
  if (resetOnExit) {
    // Before it is known whether it worked: the gateway may be stopped meanwhile.
    scope.add(`tailscale ${mode}`, async () => {
      const published = await publishing.then(
        () => true,
        () => false,
      );
      if (!published) return;
      await runTailscale(platform, [mode, "reset"]).catch((error: unknown) =>
        log.warn(`tailscale ${mode} was not reset`, { error: errorText(error) }),
      );
    });
  }
  try {
    await publishing;
    const name = await magicName(platform);
    log.info(`published by tailscale ${mode}`, name === undefined ? {} : { url: `https://${name}/` });
  } catch (error) {
    log.warn(`the gateway is not published by tailscale ${mode}`, { error: errorText(error) });
  }
}

/** The name of this machine in its tailnet; undefined when there is none. */
export async function magicName(platform: Platform): Promise<string | undefined> {
  try {
    const { Self } = JSON.parse(await runTailscale(platform, ["status", "--json"])) as { Self?: { DNSName?: unknown } };
    const name = typeof Self?.DNSName === "string" ? Self.DNSName.replace(/\.$/, "") : "";
    return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(name) ? name.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}
