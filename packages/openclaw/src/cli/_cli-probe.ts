import { Fault, errorText } from "../base/errors.ts";
import type { CliContext } from "../contracts/cli.ts";
import { numberOf } from "./_options.ts";
import { targetOf } from "./_target.ts";

/** Exit code 1 only when nothing answers. */
export async function run(context: CliContext): Promise<number> {
  const { call, out, global, options, platform } = context;
  const target = await targetOf(context);
  const began = platform.clock.monotonic();
  const timeoutMs = numberOf(options, "timeout") ?? 10_000;
  const error = await call("status", {}, { scopes: ["operator.read"], timeoutMs }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const latencyMs = Math.round(platform.clock.monotonic() - began);
  const limited = error instanceof Fault && error.rpc === "FORBIDDEN";
  const connected = error === undefined || limited;
  if (global.json) {
    out.json({
      ok: connected,
      degraded: error !== undefined,
      capability: error === undefined ? "read_only" : limited ? "connected_no_operator_scope" : "unknown",
      primaryTargetId: connected ? "local" : null,
      warnings: [],
      targets: [
        {
          id: target.local ? "local" : "explicit",
          kind: target.source,
          url: target.url,
          connect: {
            ok: connected,
            rpcOk: error === undefined,
            scopeLimited: limited,
            latencyMs,
            error: error === undefined ? null : errorText(error),
          },
        },
      ],
    });
    return connected ? 0 : 1;
  }
  out.line(`${target.local ? "Local loopback" : "URL (explicit)"}: ${target.url}`);
  out.line(`Reachable: ${connected ? "yes" : "no"}`);
  out.line(`Connect: ${connected ? `ok (${latencyMs} ms)` : `failed (${errorText(error)})`}`);
  out.line(`Read probe: ${error === undefined ? "ok" : limited ? "limited - missing scope: operator.read" : "failed"}`);
  return connected ? 0 : 1;
}
