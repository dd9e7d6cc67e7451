/** Pictures and files that a request names by address: fetched only where the configuration says so. */
import { Fault, errorText } from "../../base/errors.ts";
import { wildcard } from "../../base/pattern.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { isObject } from "./_fields.ts";

/** `gateway.http.endpoints.<api>.images` and `.files`. */
export interface FetchRules {
  /** Dotted, for messages. */
  readonly path: string;
  readonly allowUrl: boolean;
  /** Host names; `*` stands for any characters. Empty = every public host. */
  readonly hosts: readonly string[];
  readonly mimes: readonly string[];
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export function fetchRules(
  call: RouteCall,
  path: string,
  defaults: { readonly mimes: readonly string[]; readonly maxBytes: number },
): FetchRules {
  const value = call.config.at(path);
  const given = isObject(value) ? value : {};
  const list = (name: string): readonly string[] => {
    const names = given[name];
    return Array.isArray(names) ? names.map((one) => String(one).toLowerCase()) : [];
  };
  const mimes = list("allowedMimes");
  return {
    path,
    allowUrl: given["allowUrl"] === true,
    hosts: list("urlAllowlist"),
    mimes: mimes.length > 0 ? mimes : defaults.mimes,
    maxBytes: Number(given["maxBytes"] ?? defaults.maxBytes),
    timeoutMs: Number(given["timeoutMs"] ?? 10_000),
  };
}

export interface Fetched {
  readonly bytes: Buffer;
  readonly mimeType: string;
}

/** Throws an Error whose message is the reason, for the sentence around it. */
export async function fetchUrl(call: RouteCall, url: string, rules: FetchRules): Promise<Fetched> {
  if (!rules.allowUrl) throw new Error(`addresses are not fetched here unless ${rules.path}.allowUrl is true`);
  if (!hostAllowed(url, rules.hosts)) throw new Error(`its host is not in ${rules.path}.urlAllowlist`);
  const signal = AbortSignal.any([call.signal, deadline(call, rules.timeoutMs)]);
  try {
    const response = await call.platform.fetch(url, {
      signal,
      connectTimeoutMs: rules.timeoutMs,
      maxBytes: rules.maxBytes,
      egress: "public",
    });
    if (!response.ok) throw new Error(`its server answered ${response.status}`);
    if (!hostAllowed(response.url, rules.hosts))
      throw new Error(`it leads to a host that is not in ${rules.path}.urlAllowlist`);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { bytes, mimeType: response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "" };
  } catch (error) {
    throw new Error(error instanceof Fault ? error.message : errorText(error), { cause: error });
  }
}

function deadline({ platform }: RouteCall, ms: number): AbortSignal {
  const controller = new AbortController();
  platform.clock.timer(ms, () => controller.abort(new Error(`it took longer than ${ms} ms`)));
  return controller.signal;
}

function hostAllowed(url: string, hosts: readonly string[]): boolean {
  if (hosts.length === 0) return true;
  const host = URL.parse(url)?.hostname.toLowerCase() ?? "";
  return hosts.some((allowed) => wildcard(allowed)(host));
}
