/** `agents.defaults.model` and `imageModel`: a reference, or a primary one with its fallbacks. */
import type { CliContext } from "../../contracts/cli.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { Models } from "../../models/index.ts";
import { Config, formatPath } from "../config/index.ts";
import type { ConfigService } from "../config/index.ts";

export type Role = "model" | "imageModel";

export interface Choice {
  readonly primary?: string;
  readonly fallbacks: readonly string[];
}

export function choiceOf(config: ConfigSnapshot, role: Role): Choice {
  const value = config.at(`agents.defaults.${role}`) as string | Partial<Choice> | undefined;
  if (typeof value === "string") return { primary: value, fallbacks: [] };
  const { primary, fallbacks = [] } = value ?? {};
  return primary === undefined ? { fallbacks } : { primary, fallbacks };
}

/** Written as text where there is nothing but a primary one and it was no object before. */
export async function writeChoice(config: ConfigService, role: Role, { primary, fallbacks }: Choice): Promise<void> {
  const path = `agents.defaults.${role}`;
  const before = config.current().at(path);
  const short = fallbacks.length === 0 && primary !== undefined && (before === undefined || typeof before === "string");
  const value = short ? primary : { ...(primary === undefined ? {} : { primary }), fallbacks };
  await config.edit({ path, value });
}

/** Where there is a list of models that may be used, a chosen one is put into it. */
export async function allow(config: ConfigService, ref: string): Promise<boolean> {
  const listed = config.current().at("agents.defaults.models") as Record<string, unknown> | undefined;
  if (!listed || Object.keys(listed).length === 0 || Object.hasOwn(listed, ref)) return false;
  await config.edit({ path: formatPath(["agents", "defaults", "models", ref]), value: {} });
  return true;
}

/** The model that the first argument means. Throws `UNKNOWN_MODEL`. */
export async function chosen(context: CliContext, argument = 0): Promise<{ ref: string; config: ConfigService }> {
  const [models, config] = await Promise.all([context.use(Models), context.use(Config)]);
  return { ref: models.canonical(context.args[argument] ?? "", config.current()), config };
}
