/** Body of `models list`: local, reads the configuration and the environment. */
import type { CliContext } from "../contracts/cli.ts";
import { compact } from "../base/text.ts";
import type { Platform } from "../contracts/service.ts";
import { AgentFiles } from "./_agent-file.ts";
import { agentDirOf, defaultAgentId } from "./auth/place.ts";
import { errors } from "./errors.ts";
import { providerId, providerOf } from "./_providers.ts";
import { isLocal } from "./_hosts.ts";
import { aliasTarget, spelled } from "./_refs.ts";
import { defaultChoice, settings } from "./_source.ts";
import type { Source } from "./_source.ts";
import { Models, Vendors } from "./index.ts";
import type { ListedModel, ModelsService } from "./index.ts";

interface Line {
  readonly key: string;
  readonly name: string;
  readonly input: string;
  readonly contextWindow: number;
  readonly local: boolean;
  readonly available: boolean;
  readonly tags: readonly string[];
}

export async function run({ use, config, options, global, out, platform }: CliContext): Promise<void> {
  const snapshot = await config();
  const [models, vendors] = await Promise.all([use(Models), use(Vendors)]);
  const files = new AgentFiles(platform.log, () => undefined);
  const dir = agentDirOf(snapshot, defaultAgentId(snapshot), platform);
  await files.load(dir);
  const file = files.entries(dir) ?? {};
  const source: Source = { vendors, env: platform.env, config: snapshot, known: new Map(), file };
  const named = typeof options["provider"] === "string" ? options["provider"] : undefined;
  const provider = named === undefined ? undefined : providerId(named, vendors);
  if (provider !== undefined && !providerOf(provider, source)) throw errors.UNKNOWN_PROVIDER({ provider });
  if (options["local"] === true) await lookAround(models, source, platform);
  const everything = options["all"] === true;
  const all = await models.list(
    snapshot,
    everything || options["local"] === true ? "all" : "configured",
    compact({ refresh: everything ? ("due" as const) : undefined, provider }),
  );
  const lines = all
    .map((listed) => lineOf(listed, source))
    .filter((line) => options["local"] !== true || line.local)
    .filter((line) => provider === undefined || line.key.startsWith(`${provider}/`));

  if (global.json || options["json"] === true) return out.json({ count: lines.length, models: lines });
  if (options["plain"] === true) return lines.forEach((line) => out.line(line.key));
  if (lines.length === 0)
    return out.line(out.named("No models. See every model that is known with: openclaw models list --all"));
  for (const text of table(lines)) out.line(text);
}

/** Asks the model servers that answer on this machine what they serve. */
async function lookAround(models: ModelsService, { vendors, config }: Source, platform: Platform): Promise<void> {
  const { probeServers } = await import("./_probe.ts");
  const servers = await probeServers({ ...platform, vendors });
  await Promise.all(
    servers.map(async ({ vendor }) => {
      if (vendor) await models.list(config, "all", { refresh: "due", provider: vendor.id });
    }),
  );
}

function lineOf(listed: ListedModel, source: Source): Line {
  const { provider, row, isDefault, alias, available } = listed;
  const key = `${provider}/${row.id}`;
  const api = providerOf(provider, source);
  return {
    key,
    name: row.name,
    input: row.input.join("+"),
    contextWindow: row.contextWindow,
    local: api?.api === "offline" || isLocal(api?.baseUrl ?? ""),
    available,
    tags: [
      ...(isDefault ? ["default"] : []),
      ...roles(key, source),
      ...(alias === undefined ? [] : [`alias:${alias}`]),
      ...(available ? [] : ["missing"]),
    ],
  };
}

/** What the configuration uses the model for. */
function roles(key: string, source: Source): string[] {
  const means = (ref: string | undefined) =>
    ref !== undefined && spelled(aliasTarget(ref, source.config) ?? ref, source) === key;
  const fallback = defaultChoice(source.config).fallbacks.findIndex(means);
  const image = source.config.at("agents.defaults.imageModel") as string | { primary?: string } | undefined;
  const configured = Object.keys(settings(source.config) ?? {}).some(means);
  return [
    ...(fallback < 0 ? [] : [`fallback#${fallback + 1}`]),
    ...(means(typeof image === "string" ? image : image?.primary) ? ["image"] : []),
    ...(configured ? ["configured"] : []),
  ];
}

function table(lines: readonly Line[]): string[] {
  const cells = [
    ["Model", "Input", "Ctx", "Local", "Auth", "Tags"],
    ...lines.map((line) => [
      line.key,
      line.input,
      thousands(line.contextWindow),
      yesNo(line.local),
      yesNo(line.available),
      line.tags.join(","),
    ]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function thousands(tokens: number): string {
  return `${Math.round(tokens / 1000)}k`;
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}
