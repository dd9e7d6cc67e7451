import { join } from "node:path";
import type { ConfigSnapshot } from "../contracts/config.ts";
import { NO_CHAT } from "../contracts/model.ts";
import type { Dialect, DialectIo, ModelEvent, ModelFailure, ModelRequest } from "../contracts/model.ts";
import { NO_USAGE } from "../contracts/message.ts";
import { CurrentConfig, SecretTexts } from "../contracts/bus.ts";
import { provide } from "../contracts/service.ts";
import type { ServiceContext } from "../contracts/service.ts";
import { Fault, errorText } from "../base/errors.ts";
import { uuid } from "../base/ids.ts";
import { Logins } from "./auth/logins.ts";
import { loginStates } from "./auth/states.ts";
import { agentDirOf, defaultAgentId } from "./auth/place.ts";
import { keyText } from "./auth/secret-text.ts";
import { providerLogins } from "./auth/report.ts";
import { AgentFiles } from "./_agent-file.ts";
import { listed } from "./_catalog.ts";
import { discoverable, serversOf } from "./_discoverable.ts";
import { Discoveries } from "./_discovery.ts";
import { assertConnected, credentials, endpointOf, withLogin } from "./_endpoint.ts";
import { aliasTarget, assertAllowed, find, spelled } from "./_refs.ts";
import type { Leniency } from "./_refs.ts";
import { providerId, providerIds, providerOf } from "./_providers.ts";
import type { KnownProvider } from "./_providers.ts";
import { OFFLINE, defaultChoice } from "./_source.ts";
import type { Source } from "./_source.ts";
import { errors } from "./errors.ts";
import { Dialects, LoginFlows, Models, Vendors } from "./index.ts";
import type { ModelsService } from "./index.ts";

export const services = [
  provide(Models, makeModels),
  provide(LoginFlows, async () => (await import("./auth/flows.ts")).FLOWS),
];

async function makeModels({ use, platform, scope }: ServiceContext): Promise<ModelsService> {
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
  let sources = new WeakMap<ConfigSnapshot, Map<string, Source>>();
  const forget = () => {
    sources = new WeakMap(); // What was put together before lacks what was found.
  };
  const discoveries = new Discoveries(platform, io.log, forget);
  const files = new AgentFiles(io.log, forget);
  const found = (provider: string) => discoveries.rows(provider);
  const folder = (config: ConfigSnapshot, agentId = defaultAgentId(config)) => agentDirOf(config, agentId, platform);
  const under = (config: ConfigSnapshot, agentId?: string): Source => {
    const dir = folder(config, agentId);
    const all = sources.get(config) ?? new Map<string, Source>();
    const file = files.entries(dir);
    const anew = { vendors, env: platform.env, config, known: new Map(), found, ...(file && { file }) };
    const source = all.get(dir) ?? anew;
    sources.set(config, all.set(dir, source));
    return source;
  };
  /** With what the agent's own file says now. */
  const looked = async (config: ConfigSnapshot, agentId?: string): Promise<Source> => {
    await files.load(folder(config, agentId));
    return under(config, agentId);
  };

  const names = Object.keys(dialects);
  const logins = new Logins({
    platform,
    scope,
    canonical: (id) => providerId(id, vendors),
    flows: () => use(LoginFlows),
    secrets: async (root) => (await (await use(SecretTexts))(root, "check")).root,
  });

  const look = (ref: string, source: Source, leniency?: Leniency) => {
    const found = find(ref, source, leniency);
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

  // Names are understood at once, without waiting for the file.
  const current = (await use(CurrentConfig).catch(() => undefined))?.current();
  if (current) await looked(current);

  const service: ModelsService = {
    defaultRef,
    canonical: (ref, config) => look(ref, under(config)).ref,
    resolve: async (ref, config, { anyId = false, ...whose } = {}) => {
      const before = await looked(config, whose.agentId);
      await discoveries.load([spelled(aliasTarget(ref, config) ?? ref, before).split("/", 1)[0] ?? ""]);
      const source = under(config, whose.agentId);
      const found = look(ref, source, { anyId });
      assertAllowed(found, defaultRef(config), source);
      const question = { provider: found.provider, config, model: found.row.id, ...whose };
      const chosen = needsNobody(found.provider) ? undefined : await logins.choose(question);
      return endpointOf(found, { source, dialects: names, chosen, ...whose });
    },
    after: async (endpoint, failure, config) => {
      if (!endpoint.login) return undefined;
      const provider = providerOf(endpoint.provider, under(config, endpoint.login.agentId));
      const chosen = await logins.after(endpoint.login, failure, config).catch((error: unknown) => {
        io.log.warn("no other login could be found", { error: errorText(error) });
        return undefined;
      });
      return provider && chosen ? withLogin(endpoint, provider, chosen) : undefined;
    },
    worked: ({ login }) => {
      if (login) logins.worked(login);
    },
    access: async (name, config, whose = {}) => {
      const provider = providerOf(providerId(name, vendors), await looked(config, whose.agentId));
      if (!provider) throw errors.UNKNOWN_PROVIDER({ provider: name });
      const { id, baseUrl, configured } = provider;
      const chosen = await logins.choose({ provider, config, ...whose });
      assertConnected(provider, chosen);
      return { provider: id, baseUrl: chosen?.baseUrl ?? baseUrl, ...credentials(provider, chosen), configured };
    },
    loginStore: (config, agentId) => logins.shelf(config, agentId ?? defaultAgentId(config)).file.path,
    logins: async (name, config, whose = {}) => {
      const provider = providerOf(providerId(name, vendors), under(config));
      if (!provider || needsNobody(provider)) return [];
      return loginStates(await logins.overview({ provider, config, ...whose }));
    },
    loginReport: async (config, { agentId, also = [] } = {}) => {
      const source = under(config);
      const ids = [...new Set([...also.map((id) => providerId(id, vendors)), ...providerIds(source)])];
      const found = await Promise.all(
        ids.map(async (id) => {
          const provider = providerOf(id, source);
          if (!provider || needsNobody(provider)) return undefined;
          const states = loginStates(await logins.overview({ provider, config, agentId }));
          const vendor = vendors.find((one) => one.id === id);
          const configured = provider.configured || also.includes(id);
          const reported = { provider: id, vendor, configured, needsKey: !provider.available, logins: states };
          return providerLogins(reported, platform.clock.now());
        }),
      );
      return found.filter((one) => one !== undefined);
    },
    keepLogin: async (config, { agentId, id, profile }) => {
      const { keepLogin } = await import("./auth/keep.ts");
      await keepLogin(logins.shelf(config, agentId ?? defaultAgentId(config)), id, profile);
    },
    loginOrder: async (config, { provider: name, agentId, ids }) => {
      const shelf = logins.shelf(config, agentId ?? defaultAgentId(config));
      const provider = providerId(name, vendors);
      if (ids !== undefined) await (await import("./auth/keep.ts")).keepOrder(shelf, provider, ids ?? undefined);
      return (await shelf.file.fresh()).order[provider];
    },
    connect: async (config, { provider, agentId, ...asked }, ui) => {
      const [{ connect }, flows] = await Promise.all([import("./auth/keep.ts"), use(LoginFlows)]);
      const shelf = logins.shelf(config, agentId ?? defaultAgentId(config));
      return connect(shelf, { ...asked, provider: providerId(provider, vendors), flows }, platform, ui);
    },
    list: async (config, view, { refresh, provider, agentId } = {}) => {
      const source = await looked(config);
      if (refresh) await discoveries.refresh(await serversOf(source, logins, { provider, agentId }), refresh);
      else await discoveries.load(discoverable(source));
      const { profiles } = await logins.shelf(config, agentId ?? defaultAgentId(config)).read();
      const connected = new Set([...profiles.values()].map((profile) => providerId(profile.provider, vendors)));
      return listed({ ...under(config), connected }, defaultRef(config), view);
    },
    embedder: async ({ provider: name, model, config, apiKey, agentId, resting }) => {
      const source = await looked(config, agentId);
      const known = providerOf(providerId(name, vendors), source);
      const ref = `${known?.id ?? name}/${model}`;
      if (!known) throw errors.UNKNOWN_MODEL({ ref });
      const found = { ref, provider: known, row: known.rowFor(model) };
      const given = { ...found, provider: { ...known, available: true } };
      const dialects = [...names, NO_CHAT];
      if (apiKey === undefined) {
        const whose = agentId === undefined ? {} : { agentId };
        const choosing = logins.choose({ provider: known, config, model, ...whose });
        if (!resting) return endpointOf(found, { source, dialects, chosen: await choosing });
        const chosen = await choosing.catch((error: unknown) => {
          if (error instanceof Fault && error.code === "PROFILES_UNAVAILABLE") return null;
          throw error;
        });
        return endpointOf(chosen === null ? given : found, { source, dialects, chosen: chosen ?? undefined });
      }
      const read = keyText(apiKey);
      if ("problem" in read)
        throw errors.MODEL_KEY_UNUSABLE({
          provider: known.id,
          source: "the key for embeddings",
          problem: read.problem,
        });
      return { ...endpointOf(given, { source, dialects, chosen: undefined }), ...known.keyed(read.key) };
    },
    embed: async (request) =>
      (await import("./_embed.ts")).embed(request, {
        fetch: platform.fetch,
        clock: platform.clock,
        next: async (endpoint, failure) =>
          request.config ? service.after(endpoint, failure, request.config) : undefined,
        worked: (endpoint) => service.worked(endpoint),
      }),
    stream: (request) => ({ [Symbol.asyncIterator]: () => lazily(dialects[request.endpoint.api], request, io) }),
  };
  return service;
}

/** The offline model and programs of this machine: nobody is asked who calls. */
function needsNobody({ api, program }: KnownProvider): boolean {
  return api === "offline" || program !== undefined;
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
