/** What the operator said about making things, and whether anybody could be asked. */
import type { Env } from "../../../base/env.ts";
import { isRecord, record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { providersOf } from "./catalog.ts";
import type { Kind } from "./provider.ts";

const SETTING: Readonly<Record<Kind, string>> = {
  image: "imageGenerationModel",
  video: "videoGenerationModel",
  music: "musicGenerationModel",
};

/** Primary and fallbacks, in order. */
export function chosenModels(config: ConfigSnapshot, kind: Kind): readonly string[] {
  const setting = config.at(`agents.defaults.${SETTING[kind]}`);
  if (typeof setting === "string") return [setting].filter((ref) => ref.trim() !== "");
  const { primary, fallbacks } = record(setting);
  const all = [primary, ...(Array.isArray(fallbacks) ? fallbacks : [])];
  return all.filter((ref): ref is string => typeof ref === "string" && ref.trim() !== "");
}

/** Whoever has a key is asked when nobody was chosen, or when the chosen ones fail. */
export function asksOthers(config: ConfigSnapshot): boolean {
  return config.at("agents.defaults.mediaGenerationAutoProviderFallback") !== false;
}

export function comfySettings(config: ConfigSnapshot): Loose {
  return record(record(record(config.at("plugins.entries"))["comfy"])["config"]);
}

/** A workflow for this kind is named. */
export function hasWorkflow(config: ConfigSnapshot, kind: Kind): boolean {
  const own = record(comfySettings(config)[kind]);
  const enabled = record(record(config.at("plugins.entries"))["comfy"])["enabled"];
  return enabled !== false && (isRecord(own["workflow"]) || typeof own["workflowPath"] === "string");
}

/** Without waiting for anything: a model is chosen, or somebody who makes this kind is configured or has a key. */
export function canMake(kind: Kind, config: ConfigSnapshot, env: Env = {}): boolean {
  if (chosenModels(config, kind).length > 0 || hasWorkflow(config, kind)) return true;
  if (!asksOthers(config)) return false;
  const entries = record(config.at("models.providers"));
  const profiles = Object.values(record(config.at("auth.profiles"))).map((one) => record(one)["provider"]);
  return providersOf(kind)
    .filter(({ makes }) => makes[kind]?.onlyNamed !== true)
    .some(
      ({ id, keyEnv }) =>
        keyEnv.some((name) => (env[name] ?? "").trim() !== "") ||
        record(entries[id])["apiKey"] !== undefined ||
        profiles.includes(id),
    );
}
