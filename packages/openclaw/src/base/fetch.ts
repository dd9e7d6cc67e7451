/** The one place from which HTTP requests leave. */
import type { ClientRequest, IncomingMessage } from "node:http";
import { legalUrl } from "./egress.ts";
import type { Egress, Resolve } from "./egress.ts";
import { Fault, errorText, systemCode } from "./errors.ts";
import { errors } from "./faults.ts";
import type { ResponseOf } from "./fetch-response.ts";
import type { Hop, Transport } from "./fetch-transport.ts";
import { legalHeaders } from "./headers.ts";
import type { Log } from "./log.ts";
import type { Clock } from "./time.ts";

export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Until the response headers have arrived. */
  readonly connectTimeoutMs: number;
  /** Bytes of body that may be read; more fails the read. */
  readonly maxBytes: number;
  /**
   * Which destinations are legal. `{ origin }`: exactly that scheme, host and port, private or not
   * (a configured server), except link-local and cloud-metadata addresses. `public`: only public addresses.
   */
  readonly egress: "public" | { readonly origin: string };
}

/**
 * Egress-guarded fetch. Redirects are re-checked, DNS is pinned to the address that was checked.
 * Rejects with `FETCH_HEADER`, `EGRESS_REFUSED`, `FETCH_TIMEOUT`, `FETCH_REDIRECTS`, with `FETCH_FAILED` (the system's
 * code in `details.systemCode`), or with the signal's reason; an HTTP error status is a response.
 * A body that grows too large fails with `FETCH_TOO_LARGE` where it is read.
 */
export type Fetch = (url: string, options: FetchOptions) => Promise<Response>;

export interface FetchDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** All addresses of a name; the system's resolver unless given. */
  readonly resolve?: Resolve;
}

const MAX_REDIRECTS = 5;

export function createFetch({ clock, log, resolve }: FetchDeps): Fetch {
  // HTTP and TLS are loaded by the first request, not by every start.
  let loading: Promise<Network> | undefined;
  const load = async (): Promise<Network> => {
    const [{ createTransport, systemResolve }, { responseOf }] = await Promise.all([
      import("./fetch-transport.ts"),
      import("./fetch-response.ts"),
    ]);
    const resolver = resolve ?? systemResolve;
    // Connections are never shared between the rules: one that is legal to a configured server may not be so for the public.
    return { public: createTransport(resolver), configured: createTransport(resolver), responseOf };
  };

  return async (first, options) => {
    const { egress, signal } = options;
    signal?.throwIfAborted();
    const url = legalUrl(first, egress);
    let hop: Hop = {
      url,
      method: (options.method ?? "GET").toUpperCase(),
      headers: legalHeaders(options.headers, url.host),
      body: options.body,
    };
    const network = await (loading ??= load());
    const send = network[egress === "public" ? "public" : "configured"];
    for (let redirects = 0; ; redirects += 1) {
      const message = await headersOf(send(hop, egress), { ...options, host: hop.url.host, clock });
      const next = redirected(hop, message, egress);
      if (next === undefined) {
        log.debug("http request", { method: hop.method, host: hop.url.host, status: message.statusCode });
        return network.responseOf(message, {
          url: hop.url,
          redirected: redirects > 0,
          maxBytes: options.maxBytes,
          ...(signal ? { signal } : {}),
        });
      }
      message.destroy();
      if (redirects === MAX_REDIRECTS) throw errors.FETCH_REDIRECTS({ host: hop.url.host, max: MAX_REDIRECTS });
      hop = next;
    }
  };
}

interface Network {
  readonly public: Transport;
  readonly configured: Transport;
  readonly responseOf: ResponseOf;
}

type Wait = Pick<FetchOptions, "connectTimeoutMs" | "signal"> & { readonly host: string; readonly clock: Clock };

/** Resolves when the headers are there. */
function headersOf(request: ClientRequest, { connectTimeoutMs, signal, host, clock }: Wait): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      settle();
      reject(error);
      request.on("error", () => {});
      request.destroy();
    };
    const stop = () => fail(signal?.reason);
    const cancel = clock.timer(connectTimeoutMs, () => fail(errors.FETCH_TIMEOUT({ host, ms: connectTimeoutMs })));
    const settle = () => {
      cancel();
      signal?.removeEventListener("abort", stop);
    };
    signal?.addEventListener("abort", stop, { once: true });
    request.once("error", (error) => fail(failure(error, host)));
    request.once("response", (message) => {
      settle();
      request.on("error", () => {});
      resolve(message);
    });
  });
}

/** What a connection error means to the caller. */
function failure(error: unknown, host: string): Fault {
  if (error instanceof Fault) return error;
  const code = systemCode(error) ?? systemCode((error as { errors?: unknown[] }).errors?.[0]);
  const reason = errorText(error) === "" ? (code ?? "no connection") : errorText(error);
  return errors.FETCH_FAILED({ host, reason }).with({ cause: error, details: { systemCode: code } });
}

/** Headers that are for the first server only. */
const PRIVATE_HEADER = /^(?:authorization|proxy-authorization|cookie)$|key|token|secret|auth/;

/** The next request of a redirect (Fetch standard, HTTP-redirect fetch); undefined when the response is final. */
function redirected(
  hop: Hop,
  { statusCode = 0, headers: { location } }: IncomingMessage,
  egress: Egress,
): Hop | undefined {
  if (location === undefined || ![301, 302, 303, 307, 308].includes(statusCode)) return undefined;
  const url = legalUrl(URL.canParse(location, hop.url.href) ? new URL(location, hop.url).href : location, egress);
  const toGet = statusCode === 303 ? hop.method !== "HEAD" : statusCode < 303 && hop.method === "POST";
  const sameOrigin = url.origin === hop.url.origin;
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(
      ([name]) => (sameOrigin || !PRIVATE_HEADER.test(name)) && !(toGet && name.startsWith("content-")),
    ),
  );
  return toGet ? { url, method: "GET", headers, body: undefined } : { ...hop, url, headers };
}
