/** Changing what is stored: a login that was connected, an order that somebody wants. */
import { record } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import { errors } from "../errors.ts";
import { loginInBrowser } from "./browser-login.ts";
import type { LoginDeps, LoginUi } from "./browser-login.ts";
import { loginWithCode } from "./device-login.ts";
import { flowOf } from "./flow.ts";
import type { Flow, Tokens } from "./flow.ts";
import type { Shelf } from "./shelf.ts";
import { factsOf } from "./token-endpoint.ts";

/** Puts a login into the store, in the place of one with the same id. What was held against that one is forgotten. */
export async function keepLogin(shelf: Shelf, id: string, profile: Loose): Promise<void> {
  shelf.forget(id);
  await shelf.file.update((raw) => {
    const { [id]: _old, ...stats } = record(raw["usageStats"]);
    const profiles = { ...record(raw["profiles"]), [id]: profile };
    return { ...raw, profiles, ...(raw["usageStats"] === undefined ? {} : { usageStats: stats }) };
  });
}

/** Undefined clears it. */
export async function keepOrder(shelf: Shelf, provider: string, ids: readonly string[] | undefined): Promise<void> {
  await shelf.file.update((raw) => {
    const { [provider]: _old, ...others } = record(raw["order"]);
    return { ...raw, order: ids === undefined ? others : { ...others, [provider]: [...ids] } };
  });
}

export interface Connecting {
  readonly provider: string;
  readonly flows: readonly Flow[];
  readonly method?: "browser" | "device" | undefined;
  readonly profileId?: string | undefined;
}

/** Logs in and keeps the login; its id. Throws `LOGIN_UNKNOWN` and what logging in throws. */
export async function connect(shelf: Shelf, asked: Connecting, deps: LoginDeps, ui: LoginUi): Promise<string> {
  const { provider, flows, method, profileId } = asked;
  const flow = flowOf(flows, provider, method);
  if (!flow) throw errors.LOGIN_UNKNOWN({ provider, known: [...new Set(flows.map((one) => one.provider))] });
  const tokens = await (flow.kind === "browser" ? loginInBrowser(flow, deps, ui) : loginWithCode(flow, deps, ui));
  const { id, profile } = profileFor(flow, tokens);
  await keepLogin(shelf, profileId ?? id, profile);
  return profileId ?? id;
}

function profileFor(flow: Flow, tokens: Tokens): { readonly id: string; readonly profile: Loose } {
  const { provider, gives } = flow;
  const { access, refresh, expires } = tokens;
  if (gives === "key") return { id: `${provider}:default`, profile: { type: "api_key", provider, key: access } };
  if (gives === "token") return { id: `${provider}:github`, profile: { type: "token", provider, token: access } };
  const facts = factsOf(tokens);
  return {
    id: `${provider}:${facts["email"] ?? "default"}`,
    profile: {
      type: "oauth",
      provider,
      access,
      ...(refresh === undefined ? {} : { refresh }),
      ...(expires === undefined ? {} : { expires }),
      ...facts,
    },
  };
}
