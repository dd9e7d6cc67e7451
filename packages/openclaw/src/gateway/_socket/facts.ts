/** What clients are told about the agents of this gateway when they begin. */
import type { Platform, Use } from "../../contracts/service.ts";
import { Agents } from "../../features/agents/index.ts";
import type { ConfigService, ConfigSnapshot } from "../../features/config/index.ts";
import { mainKey } from "../../features/sessions/index.ts";
import { uiSection } from "../config.ts";
import type { SessionDefaults } from "./hello.ts";
import type { Settings } from "../_listen/settings.ts";
import type { StaticUi } from "../_http/static.ts";

export async function readSessionDefaults(use: Use, config: ConfigSnapshot): Promise<SessionDefaults> {
  const agent = (await use(Agents)).default(config);
  const name = textAt(config, "session.mainKey") ?? "main";
  return {
    defaultAgentId: agent.id,
    mainKey: name,
    mainSessionKey: mainKey(agent.id, name),
    scope: textAt(config, "session.scope") ?? "per-sender",
  };
}

/** `control-ui-config.json`. */
export async function uiConfig(of: {
  readonly use: Use;
  readonly platform: Platform;
  readonly settings: Settings;
  readonly ui: StaticUi | undefined;
  readonly config: ConfigService;
}): Promise<Record<string, unknown>> {
  const config = of.config.current();
  const agents = await of.use(Agents);
  const agent = agents.default(config);
  const identity = await agents.identity(agent);
  const shown = config.section(uiSection).assistant;
  const name = shown.name ?? (identity.nameSource === "default" ? "Assistant" : identity.name);
  return {
    basePath: of.settings.ui.basePath,
    assistantName: name,
    assistantAvatar: shown.avatar ?? identity.emoji ?? name.slice(0, 1).toUpperCase(),
    assistantAvatarSource: null,
    assistantAvatarStatus: null,
    assistantAvatarReason: null,
    assistantAgentId: agent.id,
    serverVersion: of.platform.version,
    serverBuildId: (await of.ui?.index())?.buildId ?? of.platform.version,
    embedSandbox: of.settings.embeds.sandbox,
    allowExternalEmbedUrls: of.settings.embeds.external,
    automaticallyFetchFavicons: false,
    communityInvite: false,
    terminalEnabled: false,
    cliAgentsEnabled: false,
    pluginAssetsRequireAuth: true,
    pluginFrameGrants: [],
  };
}

function textAt(config: ConfigSnapshot, path: string): string | undefined {
  const value = config.at(path);
  return typeof value === "string" && value !== "" ? value : undefined;
}
