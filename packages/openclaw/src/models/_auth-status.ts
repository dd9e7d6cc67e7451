/** The answer of `models.authStatus`: providers that somebody has connected or configured. */
import { CurrentConfig } from "../contracts/bus.ts";
import type { MethodCall } from "../contracts/method.ts";
import { Models } from "./_service-tokens.ts";
import type { LoginState, ProviderLogins } from "./index.ts";

export async function authStatus({ use, platform }: MethodCall, agentId: string | undefined) {
  const [models, config] = await Promise.all([use(Models), use(CurrentConfig)]);
  const found = await models.loginReport(config.current(), agentId === undefined ? {} : { agentId });
  const ts = platform.clock.now();
  return { ts, providers: found.map((one) => shown(one, ts)) };
}

function shown({ provider, label, status, logins }: ProviderLogins, now: number) {
  const key = logins.find(({ source }) => source !== "profile");
  return {
    provider,
    displayName: label,
    status,
    profiles: logins.filter(({ source }) => source === "profile").map((login) => profileOf(login, now)),
    ...(key === undefined ? {} : { apiKey: { source: key.source === "env" ? ("env" as const) : ("config" as const) } }),
  };
}

function profileOf({ id, kind, state, expires }: LoginState, now: number) {
  const ends = expires === undefined ? {} : { expiry: { at: expires, remainingMs: Math.max(0, expires - now) } };
  return { profileId: id, type: kind, status: state === "ok" && expires === undefined ? "static" : state, ...ends };
}
