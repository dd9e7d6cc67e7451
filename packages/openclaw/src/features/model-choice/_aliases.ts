/** Bodies of `models aliases …`. */
import type { CliContext } from "../../contracts/cli.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { Config, formatPath } from "../config/index.ts";
import { chosen } from "./_choice.ts";
import { errors } from "./errors.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export async function list({ config, global, options, out }: CliContext): Promise<void> {
  const aliases = aliasesOf(await config());
  if (global.json || options["json"] === true) return out.json({ aliases: Object.fromEntries(aliases) });
  if (options["plain"] === true) return aliases.forEach(([alias, ref]) => out.line(`${alias} ${ref}`));
  if (aliases.length === 0)
    return out.line(out.named("None. Add one with: openclaw models aliases add <alias> <model>"));
  const width = Math.max(...aliases.map(([alias]) => alias.length));
  for (const [alias, ref] of aliases) out.line(`${alias.padEnd(width)}  ${ref}`);
}

export async function add(context: CliContext): Promise<void> {
  const alias = (context.args[0] ?? "").trim();
  if (!NAME.test(alias)) throw errors.ALIAS_INVALID({ alias });
  const { ref, config } = await chosen(context, 1);
  const holder = holderOf(config.current(), alias);
  if (holder !== undefined && holder !== ref) throw errors.ALIAS_TAKEN({ alias, ref: holder });
  const first = Object.keys(modelsOf(config.current())).length === 0;
  await config.edit({ path: formatPath(["agents", "defaults", "models", ref, "alias"]), value: alias });
  context.out.line(`${alias} → ${ref}`);
  if (first)
    context.out.note(
      "agents.defaults.models has its first entry now: from here on only models in it, the default one and fallbacks may be chosen.",
    );
}

export async function remove({ args, out, use }: CliContext): Promise<void> {
  const alias = (args[0] ?? "").trim();
  const config = await use(Config);
  const ref = holderOf(config.current(), alias);
  if (ref === undefined) throw errors.ALIAS_UNKNOWN({ alias });
  await config.edit({ path: formatPath(["agents", "defaults", "models", ref, "alias"]), remove: true });
  out.line(`Took the short name ${alias} away from ${ref}.`);
}

function aliasesOf(config: ConfigSnapshot): [alias: string, ref: string][] {
  return Object.entries(modelsOf(config)).flatMap(([ref, { alias }]) =>
    alias === undefined ? [] : [[alias, ref] as [string, string]],
  );
}

function holderOf(config: ConfigSnapshot, alias: string): string | undefined {
  return aliasesOf(config).find(([name]) => name.toLowerCase() === alias.toLowerCase())?.[1];
}

function modelsOf(config: ConfigSnapshot): Readonly<Record<string, { readonly alias?: string }>> {
  return (config.at("agents.defaults.models") as Record<string, { readonly alias?: string }> | undefined) ?? {};
}
