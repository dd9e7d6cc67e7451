/** How the parts of Amazon's SDK that fetch credentials reach the network: through the product's own exit. */
import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from "@smithy/types";
import type { DialectIo } from "../../contracts/model.ts";

const CONNECT_MS = 10_000;
const ANSWER_LIMIT = 1024 * 1024;

type Handler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;

export function awsHandler({ fetch }: Pick<DialectIo, "fetch">): Handler {
  return {
    handle: async (request, { abortSignal } = {}) => {
      const url = urlOf(request);
      const signal = abortSignal instanceof AbortSignal ? { signal: abortSignal } : {};
      const body = request.body as string | Uint8Array | undefined;
      const answer = await fetch(url.href, {
        method: request.method,
        headers: headersOf(request.headers),
        ...(body !== undefined && body !== null && { body }),
        ...signal,
        connectTimeoutMs: CONNECT_MS,
        maxBytes: ANSWER_LIMIT,
        egress: { origin: url.origin },
      });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return { response: { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: bytes } };
    },
  };
}

function urlOf({ protocol, hostname, port, path, query }: HttpRequest): URL {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`);
  for (const [name, value] of Object.entries(query ?? {}))
    for (const one of Array.isArray(value) ? value : [value ?? ""]) url.searchParams.append(name, one);
  return url;
}

/** The exit names the host and the length itself. */
function headersOf(headers: HttpRequest["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(?:host|content-length)$/i.test(name)));
}
