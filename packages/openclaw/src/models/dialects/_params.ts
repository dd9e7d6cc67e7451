/** What the operator set for a model, where the request itself says nothing. */
import type { CacheRetention, ModelRequest } from "../../contracts/model.ts";
import { compact } from "../../base/text.ts";

const RETENTIONS: Readonly<Record<string, CacheRetention>> = {
  none: "none",
  short: "short",
  long: "long",
  // Values of `cacheControlTtl`, which `cacheRetention` replaced.
  "5m": "short",
  "1h": "long",
};

/** The request with `temperature`, `topP`, `maxTokens` and `cacheRetention` of `params`. What it asks for itself stands. */
export function withParams(request: ModelRequest): ModelRequest {
  const { params } = request.endpoint;
  if (params === undefined) return request;
  const told = String(params["cacheRetention"] ?? params["cacheControlTtl"] ?? "");
  return {
    ...request,
    ...compact({
      temperature: request.temperature ?? numberIn(params, "temperature"),
      topP: request.topP ?? numberIn(params, "topP") ?? numberIn(params, "top_p"),
      maxTokens: request.maxTokens ?? limitIn(params),
    }),
    // Nothing is worth keeping of a question that asks for no cache.
    cacheRetention:
      request.cacheRetention !== "none" && Object.hasOwn(RETENTIONS, told)
        ? (RETENTIONS[told] as CacheRetention)
        : request.cacheRetention,
  };
}

function numberIn(params: Readonly<Record<string, unknown>>, key: string): number | undefined {
  const value = params[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function limitIn(params: Readonly<Record<string, unknown>>): number | undefined {
  const value = numberIn(params, "maxTokens") ?? numberIn(params, "max_tokens");
  return value !== undefined && value >= 1 ? Math.floor(value) : undefined;
}
