import type { CliContext } from "../../contracts/cli.ts";
import { resolve } from "node:path";
import { Agents } from "../agents/index.ts";
import { ConfigSections, editConfig, loadConfig, requireValid } from "../config/index.ts";
import { findModel, setUp } from "./index.ts";

export async function run({ platform, options, out, use }: CliContext): Promise<void> {
  const workspace = typeof options["workspace"] === "string" ? resolve(options["workspace"]) : undefined;
  const done = await setUp({
    platform,
    detect: () => findModel({ platform, use }),
    ...(workspace === undefined ? {} : { workspace }),
  });
  for (const path of done.created) out.line(`Created ${path}`);
  for (const path of done.kept) out.line(`Kept    ${path}`);
  const sections = await use(ConfigSections);
  const changes = wishes(options, workspace, done.kept.includes(platform.paths.config));
  if (changes.length > 0) await editConfig({ platform, sections }, changes);

  const config = requireValid(await loadConfig({ platform, sections }));
  if (config.at("gateway.mode") === "remote") return;
  const agents = await use(Agents);
  const agent = agents.default(config);
  const files = await agents.prepareWorkspace(agent, config);
  for (const path of files.created) out.line(`Created ${path}`);
  for (const path of files.kept) out.line(`Kept    ${path}`);
  out.line(`Workspace: ${agent.workspace}`);
  if (done.model) out.line(`Model: ${done.model.label}`);
  out.line(out.named("Next: openclaw gateway run"));
}

/** What flags say about a configuration; the workspace only where the file was there before. */
function wishes(
  options: CliContext["options"],
  workspace: string | undefined,
  kept: boolean,
): { readonly path: string; readonly value: unknown }[] {
  const pairs: readonly (readonly [path: string, value: unknown])[] = [
    ["agents.defaults.workspace", kept ? workspace : undefined],
    ["gateway.mode", options["mode"]],
    ["gateway.remote.url", options["remoteUrl"]],
    ["gateway.remote.token", options["remoteToken"]],
  ];
  return pairs.flatMap(([path, value]) => (value === undefined ? [] : [{ path, value }]));
}
