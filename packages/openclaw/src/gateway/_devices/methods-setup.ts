/** Methods about setup codes: pairing a phone with one scan. */
import { defineMethod } from "../../contracts/method.ts";
import { Type, closed } from "../../contracts/schema.ts";
import { Config } from "../../features/config/index.ts";
import { qrDataUrl } from "./qr.ts";
import { setupUrl } from "./setup-url.ts";
import { ReachToken, Setups } from "../_service-tokens.ts";

const Text = Type.String({ minLength: 1, maxLength: 2048 });

export const setupMethods = [
  defineMethod({
    name: "device.pair.setupCode",
    scope: "operator.admin",
    summary: "Makes a code that pairs one phone within ten minutes.",
    params: closed({
      publicUrl: Type.Optional(Text),
      preferRemoteUrl: Type.Optional(Type.Boolean()),
      includeQr: Type.Optional(Type.Boolean()),
    }),
    hidden: true,
    result: closed({
      setupId: Type.String(),
      setupCode: Type.String(),
      gatewayUrl: Type.String(),
      auth: Type.String(),
      urlSource: Type.String(),
      access: Type.String(),
      expiresAtMs: Type.Integer(),
      qrDataUrl: Type.Optional(Type.String()),
    }),
    async run(call, { publicUrl, preferRemoteUrl = false, includeQr = false }) {
      const { use, platform } = call;
      const [config, reach, setups] = await Promise.all([use(Config), use(ReachToken), use(Setups)]);
      const { url, source } = await setupUrl({
        publicUrl,
        preferRemote: preferRemoteUrl,
        config: config.current(),
        reach: reach.facts(),
        magicName: async () => (await import("../_listen/tailscale.ts")).magicName(platform),
      });
      const { code, token } = setups.make();
      const { setupId, expiresAtMs, access } = code;
      const content = JSON.stringify({ url, bootstrapToken: token, expiresAtMs });
      const setupCode = Buffer.from(content).toString("base64url");
      return {
        setupId,
        setupCode,
        gatewayUrl: url,
        auth: reach.facts()?.authMode ?? "token",
        urlSource: source,
        access,
        expiresAtMs,
        ...(includeQr ? { qrDataUrl: await qrDataUrl(setupCode) } : {}),
      };
    },
  }),
  defineMethod({
    name: "device.pair.setupStatus",
    scope: "operator.pairing",
    summary: "Tells whether a setup code was used.",
    params: closed({ setupId: Type.String({ minLength: 1, maxLength: 128 }) }),
    hidden: true,
    result: closed({
      completion: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      deliveryUncertain: Type.Optional(Type.Boolean()),
    }),
    async run(call, { setupId }) {
      const completion = (await call.use(Setups)).completion(setupId);
      if (completion === "uncertain") return { deliveryUncertain: true };
      return completion === undefined ? {} : { completion: { setupId, ...completion } };
    },
  }),
];
