/** The answer of `models.authStatus`: providers that somebody has connected or configured, or all that can be. */
import { compact } from "../base/text.ts";
import { CurrentConfig } from "../contracts/bus.ts";
import type { MethodCall } from "../contracts/method.ts";
import { NO_CHAT } from "../contracts/model.ts";
import type { Vendor } from "../contracts/model.ts";
import { probeServers } from "./_probe.ts";
import { Models, Vendors } from "./_service-tokens.ts";
import { serverOffer } from "./detect.ts";
import type { LoginState, ProviderLogins } from "./index.ts";

interface AuthQuestion {
  readonly agentId?: string | undefined;
  /** Also those that nobody has connected yet. */
  readonly all?: boolean | undefined;
  /** Looks for model servers on this machine. */
  readonly refresh?: boolean | undefined;
}

export async function authStatus({ use, platform }: MethodCall, { agentId, all, refresh }: AuthQuestion) {
  const [models, config, vendors] = await Promise.all([use(Models), use(CurrentConfig), use(Vendors)]);
  const also = all ? vendors.map(({ id }) => id) : [];
  const [found, servers] = await Promise.all([
    models.loginReport(config.current(), compact({ agentId, also })),
    refresh ? probeServers({ ...platform, vendors }) : undefined,
  ]);
  const ts = platform.clock.now();
  return {
    ts,
    providers: found.map((one) => ({
      ...shown(one, ts),
      ...(all && aboutOf(vendors.find(({ id }) => id === one.provider))),
    })),
    ...(servers && { servers: servers.map(serverOffer) }),
  };
}

function shown({ provider, label, status, logins }: ProviderLogins, now: number) {
  const key = logins.find(({ source }) => source !== "profile");
  return {
    provider,
    displayName: label,
    status,
    profiles: logins.filter(({ source }) => source === "profile").map((login) => profileOf(login, now)),
    ...(key === undefined ? {} : { apiKey: keyOf(key, now) }),
  };
}

function keyOf(key: LoginState, now: number) {
  const source = key.source === "env" ? ("env" as const) : ("config" as const);
  return { source, name: key.id.slice(key.id.indexOf(":") + 1), status: key.state, ...standing(key, now) };
}

function profileOf(login: LoginState, now: number) {
  const { id, kind, state, expires } = login;
  const ends = expires === undefined ? {} : { expiry: { at: expires, remainingMs: Math.max(0, expires - now) } };
  const status = state === "ok" && expires === undefined ? "static" : state;
  return { profileId: id, type: kind, status, ...ends, ...standing(login, now) };
}

/** What keeps a login from being used, and until when. */
function standing({ next, reason, remainingMs, model, renewable }: LoginState, now: number) {
  const until = remainingMs === undefined ? undefined : now + remainingMs;
  return { next, ...compact({ reason, until, model, renewable }) };
}

/** What a person who connects a provider wants to know. */
function aboutOf(vendor: Vendor | undefined) {
  if (vendor === undefined) return undefined;
  const { keyEnv, auth, note, local, api } = vendor;
  const ways = (auth ?? [{ id: `${vendor.id}-api-key`, label: "API key", kind: "api_key" as const }]).map(
    ({ id, label, kind }) => ({ id, label, kind }),
  );
  return {
    keyEnv: [...keyEnv],
    ways,
    ...(note === undefined ? {} : { note }),
    ...(local && { local: true }),
    ...(api === NO_CHAT && { chat: false }),
  };
}
