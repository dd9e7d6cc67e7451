/** Where and as whom to call: the end of resolving a reference. */
import type { Endpoint } from "../contracts/model.ts";
import { compact } from "../base/text.ts";
import { errors } from "./errors.ts";
import type { Found } from "./_refs.ts";
import type { ProviderRow } from "./_providers.ts";
import { settings } from "./_source.ts";
import type { Source } from "./_source.ts";

/** Throws `MODEL_KEY_MISSING`, `MODEL_BASE_URL_MISSING` or `DIALECT_UNKNOWN`. */
export function endpointOf({ ref, provider, row }: Found, source: Source, dialects: readonly string[]): Endpoint {
  const api = row.api ?? provider.api;
  if (!dialects.includes(api)) throw errors.DIALECT_UNKNOWN({ api, provider: provider.id, known: dialects });
  const baseUrl = row.baseUrl ?? provider.baseUrl;
  if (api !== "offline" && !provider.program && !URL.canParse(baseUrl))
    throw errors.MODEL_BASE_URL_MISSING({ provider: provider.id });
  if (!provider.available) throw errors.MODEL_KEY_MISSING(compact({ provider: provider.id, env: provider.keyEnv }));
  const params = { ...provider.params, ...row.params, ...settings(source.config)?.[ref]?.params };
  const extraBody = extraBodyOf(row, params);
  return compact({
    provider: provider.id,
    api,
    baseUrl,
    apiKey: provider.key,
    headers: { ...provider.headers, ...row.headers },
    model: modelOf(row),
    native: provider.native,
    timeoutMs: provider.timeoutMs,
    extraBody: Object.keys(extraBody).length > 0 ? extraBody : undefined,
    params: Object.keys(params).length > 0 ? params : undefined,
    documents: provider.documents,
    program: provider.program,
  });
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
