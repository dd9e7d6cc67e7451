/** Whether this gateway can be started, who may get in, and who waits for it. */
import { defineCheck, type CheckContext, type Finding } from "../contracts/check.ts";
import { errorText } from "../base/errors.ts";
import { secretToken } from "../base/ids.ts";
import { Config, ConfigSections, editConfig, readConfig } from "../features/config/index.ts";
import { StoreToken } from "../store/index.ts";
import { isSecretRef } from "../contracts/secret-ref.ts";
import { gatewaySection, type GatewayConfig } from "./config.ts";

const PAIRING =
  "Approve with: openclaw devices approve <request>, or turn down with: openclaw devices reject <request>";
/** A request that is not repeated lapses. */
const PENDING_MS = 300_000;
/** Shorter secrets can be guessed. */
const MIN_SECRET = 16;

export const checks = [
  defineCheck({
    id: "gateway.auth",
    kind: "doctor",
    summary: "Clients must prove themselves to the gateway.",
    needsConfig: true,
    async run(context) {
      const { gateway, secret } = await authOf(context);
      if (gateway.mode === "remote") return [{ level: "ok", message: "Clients here use a gateway elsewhere." }];
      const mode = gateway.auth.mode ?? "token";
      if (mode === "none" || mode === "trusted-proxy") return [{ level: "ok", message: `Clients: ${mode}.` }];
      if (secret === undefined)
        return [
          {
            level: "warn",
            message: "There is no gateway token: one is made when the gateway starts.",
            remedy: "Make one now with: openclaw doctor --generate-gateway-token",
          },
        ];
      if (typeof secret === "string" && secret.length < MIN_SECRET)
        return [
          {
            level: "warn",
            message: `The gateway ${mode} is shorter than ${MIN_SECRET} characters.`,
            remedy: "Make a long one with: openclaw doctor --generate-gateway-token",
          },
        ];
      return [{ level: "ok", message: `Clients need the gateway ${mode}.` }];
    },
    async fix(context) {
      const { gateway, secret } = await authOf(context);
      const mode = gateway.auth.mode ?? "token";
      if (gateway.mode !== "local" || mode !== "token" || secret !== undefined) return [];
      const { platform, use } = context;
      const request = { path: "gateway.auth.token", value: secretToken(platform.random) };
      await editConfig({ platform, sections: await use(ConfigSections) }, [request]);
      return ["made a gateway token in gateway.auth.token"];
    },
  }),
  defineCheck({
    id: "gateway.weak",
    kind: "doctor",
    summary: "No setting opens the gateway further than it need be.",
    needsConfig: true,
    async run({ use, platform }) {
      const [{ resolveSettings }, { ownAddresses }] = await Promise.all([
        import("./_listen/settings.ts"),
        import("./_listen/bind.ts"),
      ]);
      const gateway = (await use(Config)).current().section(gatewaySection);
      if (gateway.mode === "remote") return [];
      try {
        const { weak } = resolveSettings(
          gateway,
          {},
          { env: platform.env, paths: platform.paths, own: ownAddresses() },
        );
        return weak.map((key) => ({
          level: "warn",
          message: `${key} weakens the protection of the gateway.`,
          remedy: `Take it out unless you need it: openclaw config unset ${key.split("=")[0]?.replace(/\[.*$/, "")}`,
        }));
      } catch (error) {
        return [{ level: "error", message: `The gateway cannot start: ${errorText(error)}` }];
      }
    },
  }),
  defineCheck({
    id: "gateway.devices",
    kind: "doctor",
    summary: "Nobody waits for being let in.",
    needsConfig: true,
    async run({ use, platform }) {
      const { devices } = await use(StoreToken);
      const waiting = (await devices.requests()).filter(({ ts }) => platform.clock.now() - ts < PENDING_MS);
      if (waiting.length === 0) return [{ level: "ok", message: "No device waits for approval." }];
      return waiting.map(({ requestId, displayName, clientId, role, remoteIp }): Finding => ({
        level: "warn",
        message: `${displayName ?? clientId} (${role}, ${remoteIp ?? "unknown address"}) asks to be paired: ${requestId}`,
        remedy: PAIRING,
      }));
    },
  }),
];

/** The section and the secret of its mode: from the environment, as text, or as a reference that has no value now. */
async function authOf({ use, platform }: CheckContext): Promise<{ gateway: GatewayConfig; secret: unknown }> {
  const gateway = (await use(Config)).current().section(gatewaySection);
  const key = gateway.auth.mode === "password" ? "password" : "token";
  const named = platform.env[key === "password" ? "OPENCLAW_GATEWAY_PASSWORD" : "OPENCLAW_GATEWAY_TOKEN"];
  const secret = named || gateway.auth[key] || (await referenceAt(platform, key));
  return { gateway, secret };
}

async function referenceAt(platform: CheckContext["platform"], key: "token" | "password"): Promise<unknown> {
  const { gateway } = (await readConfig(platform)).resolved as {
    gateway?: { auth?: Readonly<Record<string, unknown>> };
  };
  const written = gateway?.auth?.[key];
  return isSecretRef(written) ? written : undefined;
}
