/** The settings of this start, with a secret in them: where none is configured and only this machine can connect, one is made. */
import type { Platform } from "../../contracts/service.ts";
import type { ConfigService } from "../../features/config/index.ts";
import type { OwnAddresses } from "../_listen/bind.ts";
import { gatewaySection } from "../config.ts";
import { generatedToken } from "./generated-token.ts";
import { resolveSettings, type GatewayOptions, type Settings } from "../_listen/settings.ts";

export async function completeSettings(
  platform: Platform,
  config: ConfigService,
  options: GatewayOptions,
  own: OwnAddresses,
): Promise<Settings> {
  const { env, paths } = platform;
  const settings = resolveSettings(config.current().section(gatewaySection), options, { env, paths, own });
  if (!settings.auth.generate) return settings;
  const secret = await generatedToken(platform, config);
  return { ...settings, auth: { ...settings.auth, secret, generate: false } };
}
