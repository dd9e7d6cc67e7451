/** The address that a setup code tells a phone. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { errors } from "../errors.ts";
import type { ReachFacts } from "../_listen/reach.ts";

export interface SetupUrl {
  /** `wss://host` or `ws://host:port`. */
  readonly url: string;
  /** Where it comes from, as a key or flag. */
  readonly source: string;
}

const CONFIGURED = "plugins.entries.device-pair.config.publicUrl";

/**
 * First that is there: the address that was asked for, `gateway.remote.url` where that is wanted, the configured
 * public one, the name in the tailnet, the address that the port is open on. Throws `SETUP_NOT_REACHABLE`.
 */
export async function setupUrl(of: {
  readonly publicUrl: string | undefined;
  readonly preferRemote: boolean;
  readonly config: ConfigSnapshot;
  readonly reach: ReachFacts | undefined;
  readonly magicName: () => Promise<string | undefined>;
}): Promise<SetupUrl> {
  const { config, reach } = of;
  if (of.publicUrl !== undefined) return { url: gatewayUrl(of.publicUrl), source: "publicUrl" };
  const remote = of.preferRemote ? textAt(config, "gateway.remote.url") : undefined;
  if (remote !== undefined) return { url: gatewayUrl(remote), source: "gateway.remote.url" };
  const configured = textAt(config, CONFIGURED);
  if (configured !== undefined) return { url: gatewayUrl(configured), source: CONFIGURED };
  if (reach?.tailscale !== undefined) {
    const name = await of.magicName();
    if (name !== undefined) return { url: `wss://${name}`, source: `gateway.tailscale.mode=${reach.tailscale}` };
  }
  const host = reach === undefined ? undefined : outwardHost(reach);
  if (reach === undefined || host === undefined) throw errors.SETUP_NOT_REACHABLE();
  return { url: `${reach.tls ? "wss" : "ws"}://${host}:${reach.port}`, source: `gateway.bind=${reach.bind}` };
}

/** Web addresses become those of the socket behind them; no trailing slash. */
function gatewayUrl(text: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `wss://${text}`);
  const scheme =
    url === null ? undefined : { "http:": "ws:", "https:": "wss:", "ws:": "ws:", "wss:": "wss:" }[url.protocol];
  if (url === null || scheme === undefined || url.hostname === "" || url.username !== "" || url.password !== "")
    throw errors.SETUP_URL_INVALID({ url: text });
  return `${scheme}//${url.host}${url.pathname.replace(/\/$/, "")}`;
}

function outwardHost({ host, own }: ReachFacts): string | undefined {
  if (host === "127.0.0.1" || host === "::1") return undefined;
  const open = host === "0.0.0.0" ? (own.outward[0] ?? own.tailnet[0]) : host;
  return open?.includes(":") ? `[${open}]` : open;
}

function textAt(config: ConfigSnapshot, path: string): string | undefined {
  const value = config.at(path);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
