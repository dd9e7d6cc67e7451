/** The credentials of the gateway, where the configuration only refers to them. */
import { record } from "../base/record.ts";
import type { Platform } from "../contracts/service.ts";

type Config = Readonly<Record<string, unknown>>;

/**
 * The configuration with text in the place of references below `gateway`. One that cannot be had is left
 * out with a line in the log: the gateway then says what is missing. Costs nothing without references.
 */
export async function withGatewaySecrets(config: Config, platform: Platform): Promise<Config> {
  const gateway = record(config["gateway"]);
  const credentials = ["auth", "remote"].flatMap((part) => {
    const { token, password } = record(gateway[part]);
    return [token, password];
  });
  if (credentials.every((value) => value === null || typeof value !== "object")) return config;
  const { createSecretResolver } = await import("../features/secrets/index.ts");
  const resolve = createSecretResolver({ platform, sections: [] });
  const { root, issues } = await resolve({ gateway, secrets: config["secrets"] ?? {} }, "check");
  for (const { path, message } of issues) platform.log.warn(`${path}: ${message}`);
  return { ...config, gateway: root["gateway"] };
}
