import { join } from "node:path";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { Dialect, DialectIo, ModelEvent, ModelFailure, ModelRequest } from "../contracts/model.ts";
import { NO_USAGE } from "../contracts/message.ts";
import { provide } from "../contracts/service.ts";
import type { ServiceContext } from "../contracts/service.ts";
import { errorText } from "../base/errors.ts";
import { uuid } from "../base/ids.ts";
import { compact } from "../base/text.ts";
import { listed } from "./_catalog.ts";
import { endpointOf } from "./_endpoint.ts";
import { assertAllowed, find } from "./_refs.ts";
import type { Leniency } from "./_refs.ts";
import { providerId, providerOf } from "./_providers.ts";
import { OFFLINE, defaultChoice } from "./_source.ts";
import type { Source } from "./_source.ts";
import { errors } from "./errors.ts";
import { Dialects, Models, Vendors } from "./index.ts";
import type { ModelsService } from "./index.ts";

export const services = [provide(Models, makeModels)];

async function makeModels({ use, platform }: ServiceContext): Promise<ModelsService> {
  const [vendors, dialects] = await Promise.all([use(Vendors), use(Dialects)]);
  const io: DialectIo = {
    fetch: platform.fetch,
    clock: platform.clock,
    log: platform.log.for("models"),
    programs: {
      spawn: platform.spawn,
      env: platform.env,
      scratch: join(platform.paths.state, "tmp"),
      uuid: () => uuid(platform.random),
    },
  };
  const warned = new Set<string>();
  const sources = new WeakMap<ConfigSnapshot, Source>();
  const under = (config: ConfigSnapshot): Source => {
    const source = sources.get(config) ?? { vendors, env: platform.env, config, known: new Map() };
    sources.set(config, source);
    return source;
  };

  const look = (ref: string, config: ConfigSnapshot, leniency?: Leniency) => {
    const found = find(ref, under(config), leniency);
    if (found.guessed && !warned.has(ref) && warned.size < 100) {
      warned.add(ref);
      io.log.warn(`The model "${ref}" names no provider; taking "${found.ref}". Write it in full.`);
    }
    return found;
  };
  const defaultRef = (config: ConfigSnapshot, agentModel?: string): string => {
    const ref = agentModel ?? defaultChoice(config).primary ?? OFFLINE;
    try {
      return find(ref, under(config)).ref;
    } catch {
      return ref; // Resolving it will say what is wrong.
    }
  };

  return {
    defaultRef,
    canonical: (ref, config) => look(ref, config).ref,
    resolve: async (ref, config, { anyId = false } = {}) => {
      const found = look(ref, config, { anyId });
      assertAllowed(found, defaultRef(config), under(config));
      return endpointOf(found, under(config), Object.keys(dialects));
    },
    after: async () => undefined,
    worked: () => undefined,
    access: async (name, config) => {
      const provider = providerOf(providerId(name, vendors), under(config));
      if (!provider) throw errors.UNKNOWN_PROVIDER({ provider: name });
      const { id, baseUrl, key, keyEnv, headers, available, configured } = provider;
      if (!available) throw errors.MODEL_KEY_MISSING(compact({ provider: id, env: keyEnv }));
      return compact({ provider: id, baseUrl, apiKey: key, headers, configured });
    },
    list: async (config, view) => listed(under(config), defaultRef(config), view),
    embedder: async ({ provider: name, model, config, apiKey }) => {
      const source = under(config);
      const known = providerOf(providerId(name, vendors), source);
      const ref = `${known?.id ?? name}/${model}`;
      if (!known) throw errors.UNKNOWN_MODEL({ ref });
      const provider = apiKey === undefined ? known : { ...known, key: apiKey, available: true };
      return endpointOf({ ref, provider, row: provider.rowFor(model) }, source, Object.keys(dialects));
    },
    embed: async (request) => (await import("./_embed.ts")).embed(request, platform.fetch),
    stream: (request) => ({ [Symbol.asyncIterator]: () => lazily(dialects[request.endpoint.api], request, io) }),
  };
}

type Load = (() => Promise<Dialect>) | undefined;

/** The dialect's own iterator once its code is there: nothing stands between it and the reader of the tokens. */
function lazily(load: Load, request: ModelRequest, io: DialectIo): AsyncIterator<ModelEvent> {
  let inner: AsyncIterator<ModelEvent> | undefined;
  const open = async () => {
    inner ??= await opened(load, request, io);
    return inner.next();
  };
  return {
    next: () => inner?.next() ?? open(),
    return: async () => (await inner?.return?.()) ?? { done: true, value: undefined },
  };
}

async function opened(load: Load, request: ModelRequest, io: DialectIo): Promise<AsyncIterator<ModelEvent>> {
  const { api } = request.endpoint;
  try {
    if (!load) throw new Error(`there is no dialect "${api}"`);
    return (await load()).stream(request, io)[Symbol.asyncIterator]();
  } catch (error) {
    return refusal(
      request,
      { class: "unknown", message: `The model cannot be called: ${errorText(error)}` },
      io.clock.now(),
    );
  }
}

async function* refusal(
  { endpoint }: ModelRequest,
  failure: ModelFailure,
  timestamp: number,
): AsyncGenerator<ModelEvent, void> {
  const { provider, api, model } = endpoint;
  const empty = { role: "assistant", content: [], usage: NO_USAGE, stopReason: "error" } as const;
  yield {
    type: "error",
    failure,
    partial: { ...empty, timestamp, api, provider, model: model.id, errorMessage: failure.message },
  };
}
