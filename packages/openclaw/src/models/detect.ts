/**
 * Which model to begin with: a key in the environment, else a model server on this machine, else the
 * built-in offline model.
 */
import { NO_CHAT } from "../contracts/model.ts";
import type { AuthChoice, Vendor } from "../contracts/model.ts";
import type { Env } from "../base/env.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Clock } from "../base/time.ts";
import { probeServers } from "./_probe.ts";
import type { ServerFound } from "./_probe.ts";
import { OFFLINE } from "./_source.ts";

/** The order in which keys are looked for; other vendors follow in the order of their ids. */
const FIRST = ["anthropic", "openai", "openrouter", "google"];

export interface Detected {
  /** `provider/id`. */
  readonly ref: string;
  /** For people, with where it comes from: `Claude Opus 4.6 (key from ANTHROPIC_API_KEY)`. */
  readonly label: string;
  /** One sentence: where it was found. */
  readonly why: string;
  readonly source: "key" | "server" | "offline";
  /** Entry of `models.providers` that makes `ref` work; absent when it works without. */
  readonly provider?: { readonly id: string; readonly config: Readonly<Record<string, unknown>> };
}

/** Takes at most 200 ms where no key is set; never throws. */
export async function detectModel(options: {
  readonly env: Env;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly vendors: readonly Vendor[];
}): Promise<Detected> {
  const { env, vendors } = options;
  const keyed = byKey(env, vendors);
  if (keyed) return keyed;
  const [server] = await probeServers(options);
  return server ? ofServer(server) : offline(vendors);
}

function byKey(env: Env, vendors: readonly Vendor[]): Detected | undefined {
  const variable = (vendor: Vendor) => vendor.keyEnv.find((name) => env[name]?.trim());
  // `HF_TOKEN` and its like are often there for something else: a variable made for models comes first.
  const meant = (vendor: Vendor) => (variable(vendor)?.endsWith("_API_KEY") ? 0 : 1);
  const rank = (vendor: Vendor) =>
    FIRST.includes(vendor.id) ? FIRST.indexOf(vendor.id) : FIRST.length + meant(vendor);
  // Of products that share a variable, the shorter name is the one that is not for a plan.
  for (const vendor of vendors.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))) {
    const name = variable(vendor);
    const address = vendor.baseUrlFrom?.(env) ?? vendor.baseUrl;
    const ref = firstModel(
      vendor,
      vendor.auth?.find(({ kind }) => kind === "api_key"),
    );
    if (name === undefined || ref === undefined || address === "") continue;
    const owner = vendors.find(({ id }) => ref.startsWith(`${id}/`));
    const id = ref.slice(ref.indexOf("/") + 1);
    return {
      ref,
      label: `${owner?.models().find((model) => model.id === id)?.name ?? id} (key from ${name})`,
      why: `${name} is set in the environment.`,
      source: "key",
    };
  }
  return undefined;
}

/**
 * `provider/id` of the model that a way to connect a vendor begins with; undefined where a person must name one. A key
 * may be meant for a plan of the vendor that has an id of its own: `volcengine-plan/…` for `volcengine`.
 */
export function firstModel(vendor: Vendor, way?: AuthChoice): string | undefined {
  const model = way?.defaultModel ?? vendor.defaultModel;
  if (vendor.api === NO_CHAT || model === undefined) return undefined;
  return model.startsWith(`${vendor.id}-`) && model.includes("/") ? model : `${vendor.id}/${model}`;
}

function ofServer(found: ServerFound): Detected {
  const { ref, label, where, provider } = serverOffer(found);
  const why = found.vendor ? `${label} answers at ${where}.` : `A model server answers at ${where}.`;
  return {
    ref,
    label: `${found.model.id} (${found.vendor ? label : "model server"} at ${where})`,
    why,
    source: "server",
    provider,
  };
}

/** What it takes to use a server that was found: its first model, and the entry of `models.providers`. */
export function serverOffer({ vendor, port, model }: ServerFound) {
  const id = vendor?.id ?? "local";
  const where = `http://127.0.0.1:${port}`;
  return {
    ref: `${id}/${model.id}`,
    label: vendor?.label ?? "Model server",
    where,
    provider: {
      id,
      config: {
        baseUrl: vendor?.baseUrl ?? `${where}/v1`,
        api: vendor?.api ?? "openai-completions",
        models: [
          { id: model.id, ...(model.contextWindow === undefined ? {} : { contextWindow: model.contextWindow }) },
        ],
      },
    },
  };
}

function offline(vendors: readonly Vendor[]): Detected {
  const name = vendors.find((vendor) => vendor.id === "offline")?.models()[0]?.name;
  return {
    ref: OFFLINE,
    label: name ?? OFFLINE,
    why: "No key is set in the environment and no model server answers on this machine.",
    source: "offline",
  };
}
