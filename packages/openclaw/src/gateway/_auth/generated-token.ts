/** The token of a gateway that nobody configured one for: made, kept in the configuration, never shown. */
import { errorText } from "../../base/errors.ts";
import { secretToken } from "../../base/ids.ts";
import type { Platform } from "../../contracts/service.ts";
import type { ConfigService } from "../../features/config/index.ts";

export async function generatedToken(platform: Platform, config: ConfigService): Promise<string> {
  const log = platform.log.for("gateway");
  const token = secretToken(platform.random);
  try {
    await config.edit({ path: "gateway.auth.token", value: token });
    log.info("no gateway token was configured: a new one is in gateway.auth.token");
  } catch (error) {
    log.warn("no gateway token is configured: a new one holds until this process ends", { error: errorText(error) });
  }
  return token;
}
