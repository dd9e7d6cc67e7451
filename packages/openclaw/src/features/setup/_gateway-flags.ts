/** What flags say about the gateway and the place of the workspace, as changes of the configuration. Pure. */
import { resolve } from "node:path";
import type { Env } from "../../base/env.ts";
import { text } from "./_asked.ts";
import type { Change } from "./_write.ts";
import { errors } from "./errors.ts";

type Options = Readonly<Record<string, unknown>>;

/** Throws `SETUP_FLAG`. */
export function flagChanges(options: Options, env: Env): Change[] {
  const workspace = text(options, "workspace");
  const pairs: readonly (readonly [path: string, value: unknown])[] = [
    ["agents.defaults.workspace", workspace === undefined ? undefined : resolve(workspace)],
    ["gateway.mode", options["mode"]],
    ["gateway.remote.url", options["remoteUrl"]],
    ["gateway.remote.token", options["remoteToken"]],
    ["gateway.port", portOf(options)],
    ["gateway.bind", options["gatewayBind"]],
    ["gateway.auth.mode", options["gatewayAuth"] ?? (text(options, "gatewayPassword") ? "password" : undefined)],
    ["gateway.auth.token", tokenOf(options, env)],
    ["gateway.auth.password", text(options, "gatewayPassword")],
    ["gateway.tailscale.mode", options["tailscale"]],
    ["gateway.tailscale.resetOnExit", options["tailscaleResetOnExit"] === true ? true : undefined],
  ];
  return pairs.flatMap(([path, value]) => (value === undefined ? [] : [{ path, value }]));
}

function portOf(options: Options): number | undefined {
  const written = options["gatewayPort"];
  if (written === undefined) return undefined;
  const port = Number(written);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw errors.SETUP_FLAG({ problem: "--gateway-port must be a whole number, from 1 to 65535." });
}

function tokenOf(options: Options, env: Env): unknown {
  const [token, variable] = [text(options, "gatewayToken"), text(options, "gatewayTokenRefEnv")];
  if (variable === undefined) return token;
  if (token !== undefined)
    throw errors.SETUP_FLAG({ problem: "Give --gateway-token or --gateway-token-ref-env, not both." });
  if (!env[variable]?.trim())
    throw errors.SETUP_FLAG({ problem: `--gateway-token-ref-env names ${variable.slice(0, 80)}, which is not set.` });
  return { source: "env", provider: "default", id: variable };
}
