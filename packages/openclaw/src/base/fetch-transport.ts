/** Connections: kept alive per origin, and made only to addresses that were checked. */
import { lookup } from "node:dns/promises";
import type { ClientRequest, RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { hostOf, legalAddresses } from "./egress.ts";
import type { Egress, Resolve } from "./egress.ts";

/** Not imported, for the reason that `http.ts` gives. */
const { Agent: HttpAgent, request: httpRequest } = process.getBuiltinModule("node:http");

/** Below the five seconds after which common servers drop a silent connection without a word. */
const IDLE_MS = 4000;

export const systemResolve: Resolve = (host) => lookup(host, { all: true });

/** One request of a chain of redirects. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/** Sends a request over a kept connection or a new one. */
export type Transport = (hop: Hop, egress: Egress) => ClientRequest;

export function createTransport(resolve: Resolve): Transport {
  const settings = { keepAlive: true, timeout: IDLE_MS, scheduling: "lifo" as const, maxFreeSockets: 16 };
  const plain = new HttpAgent(settings);
  const secure = new HttpsAgent(settings);
  return ({ url, method, headers, body }, egress) => {
    // Bytes go out as they are; a text would be measured, copied and encoded once more.
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const https = url.protocol === "https:";
    const options: RequestOptions = {
      method,
      host: hostOf(url),
      port: url.port === "" ? (https ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      agent: https ? secure : plain,
      setHost: false,
      headers: {
        host: url.host,
        "accept-encoding": "identity",
        accept: "*/*",
        ...headers,
        ...(bytes === undefined ? {} : { "content-length": String(bytes.byteLength) }),
      },
      lookup: checkedLookup(egress, resolve),
    };
    const request = https ? httpsRequest(options) : httpRequest(options);
    request.setNoDelay(true);
    request.end(bytes);
    return request;
  };
}

/** The connection is made to exactly the addresses that were checked: there is no second resolution. */
export function checkedLookup(egress: Egress, resolve: Resolve): LookupFunction {
  return (host, { all }, callback) => {
    legalAddresses(host, egress, resolve).then(
      (legal) => (all ? callback(null, legal) : callback(null, legal[0]?.address ?? "", legal[0]?.family ?? 4)),
      (error: unknown) => callback(error as NodeJS.ErrnoException, ""),
    );
  };
}
