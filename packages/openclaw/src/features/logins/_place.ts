/** What flags mean: whose logins, and which. */
import type { CliContext } from "../../contracts/cli.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Vendor } from "../../contracts/model.ts";
import { agentIds, defaultAgentId } from "../../models/index.ts";
import { errors } from "./errors.ts";

export function textOf(options: CliContext["options"], name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** Throws `LOGIN_AGENT_UNKNOWN`. */
export function agentOf(options: CliContext["options"], config: ConfigSnapshot): string {
  const id = textOf(options, "agent")?.toLowerCase();
  if (id === undefined) return defaultAgentId(config);
  const known = agentIds(config);
  if (!known.includes(id)) throw errors.LOGIN_AGENT_UNKNOWN({ id, known });
  return id;
}

/** `work` is `provider:work`. Throws `LOGIN_PROFILE_NAME`. */
export function profileIdOf(options: CliContext["options"], provider: string): string | undefined {
  const id = textOf(options, "profileId");
  if (id === undefined) return undefined;
  const whole = id.includes(":") ? id : `${provider}:${id}`;
  if (!/^[a-z0-9][\w.-]*:[\w.@+-]{1,120}$/i.test(whole) || /^(?:env|config):/.test(whole))
    throw errors.LOGIN_PROFILE_NAME({ id, provider });
  return whole;
}

/** Logins are kept where the gateway runs. */
export function sayWhere({ out }: CliContext, config: ConfigSnapshot): void {
  if (config.at("gateway.mode") === "remote")
    out.note(
      "The gateway of this configuration runs on another machine: its logins are kept there. Run this command on that machine.",
    );
}

/** A login of somebody who is not known yet is kept all the same: it may be set up later. */
export function noteUnknown(
  { out }: CliContext,
  config: ConfigSnapshot,
  { provider, vendors }: { readonly provider: string; readonly vendors: readonly Vendor[] },
): void {
  if (vendors.some(({ id }) => id === provider) || config.at(`models.providers.${provider}`) !== undefined) return;
  out.note(`No company or server "${provider}" is known. See which there are with: openclaw models list --all`);
}
