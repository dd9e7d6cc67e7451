/** Where and as whom to call: the end of resolving a reference. */
import type { Endpoint } from "../contracts/model.ts";
import { compact } from "../base/text.ts";
import { errors } from "./errors.ts";
import type { Found } from "./_refs.ts";
import { LONG_WINDOW, longWindow } from "./_long-window.ts";
import { isNative } from "./_hosts.ts";
import type { KnownProvider, ProviderRow } from "./_providers.ts";
import type { Chosen } from "./auth/logins.ts";
import { paramsOf } from "./_source.ts";
import type { Source } from "./_source.ts";

export interface Called {
  readonly source: Source;
  readonly dialects: readonly string[];
  /** Absent: there is no credential. */
  readonly chosen: Chosen | undefined;
  /** Whose settings stand over all others. */
  readonly agentId?: string;
}

/** Throws `MODEL_KEY_MISSING`, `MODEL_BASE_URL_MISSING` or `DIALECT_UNKNOWN`. */
export function endpointOf({ ref, provider, row }: Found, { source, dialects, chosen, agentId }: Called): Endpoint {
  const api = row.api ?? provider.api;
  if (!dialects.includes(api)) throw errors.DIALECT_UNKNOWN({ api, provider: provider.id, known: dialects });
  const baseUrl = row.baseUrl ?? chosen?.baseUrl ?? provider.baseUrl;
  if (api !== "offline" && !provider.program && !URL.canParse(baseUrl))
    throw errors.MODEL_BASE_URL_MISSING({ provider: provider.id });
  assertConnected(provider, chosen);
  const params = paramsOf(ref, source.config, { ...provider.params, ...row.params }, agentId);
  const extraBody = extraBodyOf(row, params);
  return inLongWindow(
    compact({
      provider: provider.id,
      api,
      baseUrl,
      ...credentials(provider, chosen, row.headers),
      model: modelOf(row),
      native: baseUrl === provider.baseUrl ? provider.native : isNative(baseUrl),
      timeoutMs: provider.timeoutMs,
      extraBody: Object.keys(extraBody).length > 0 ? extraBody : undefined,
      params: Object.keys(params).length > 0 ? params : undefined,
      documents: provider.documents,
      program: provider.program,
    }),
  );
}

/** The room that a conversation has where a million tokens are asked for. */
function inLongWindow(endpoint: Endpoint): Endpoint {
  if (longWindow(endpoint) !== "asked" || endpoint.model.contextWindow >= LONG_WINDOW) return endpoint;
  return { ...endpoint, model: { ...endpoint.model, contextWindow: LONG_WINDOW, budget: LONG_WINDOW } };
}

/** Throws `MODEL_KEY_MISSING`. */
export function assertConnected({ id, available, keyEnv }: KnownProvider, chosen: Chosen | undefined): void {
  if (!chosen && !available) throw errors.MODEL_KEY_MISSING(compact({ provider: id, env: keyEnv }));
}

/** What is sent as whom. */
export function credentials(
  provider: Pick<KnownProvider, "keyed">,
  chosen: Chosen | undefined,
  more: Readonly<Record<string, string>> = {},
): Pick<Endpoint, "apiKey" | "login" | "headers"> {
  const { headers, ...keyed } = provider.keyed(chosen?.secret);
  return {
    ...keyed,
    ...(chosen ? { login: chosen.login } : {}),
    headers: { ...headers, ...chosen?.headers, ...more },
  };
}

/** The same call as somebody else: what a run has changed on the endpoint stays. */
export function withLogin(endpoint: Endpoint, provider: KnownProvider, chosen: Chosen): Endpoint {
  const { apiKey: _key, ...rest } = endpoint;
  const { headers, ...keyed } = credentials(provider, chosen);
  return {
    ...rest,
    ...keyed,
    baseUrl: chosen.baseUrl ?? endpoint.baseUrl,
    headers: { ...endpoint.headers, ...headers },
  };
}

function modelOf({
  api: _api,
  baseUrl: _baseUrl,
  headers: _headers,
  params: _params,
  numCtx: _numCtx,
  ...row
}: ProviderRow): Endpoint["model"] {
  return row;
}

/** What goes into the body as it is; a later source wins. */
function extraBodyOf(row: ProviderRow, params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const template = params["chat_template_kwargs"];
  return {
    ...(row.numCtx !== undefined && { options: { num_ctx: row.numCtx } }),
    ...(template !== undefined && { chat_template_kwargs: template }),
    ...(params["extraBody"] as object | undefined),
    ...(params["extra_body"] as object | undefined),
  };
}
