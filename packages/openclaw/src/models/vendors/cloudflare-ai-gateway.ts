import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "cloudflare-ai-gateway",
  label: "Cloudflare AI Gateway",
  api: "anthropic-messages",
  baseUrl: "",
  baseUrlFrom: (env) => {
    const [account, gateway] = [env["CLOUDFLARE_ACCOUNT_ID"], env["CLOUDFLARE_GATEWAY_ID"]];
    return account && gateway ? `https://gateway.ai.cloudflare.com/v1/${account}/${gateway}/anthropic` : undefined;
  },
  keyEnv: ["CLOUDFLARE_AI_GATEWAY_API_KEY"],
  defaultModel: "claude-sonnet-4-5",
  auth: [{ id: "cloudflare-ai-gateway-api-key", label: "API key", kind: "api_key" }],
  note: "The address holds your account and gateway: set `models.providers.cloudflare-ai-gateway.baseUrl` to `https://gateway.ai.cloudflare.com/v1/<account>/<gateway>/anthropic`. The key is the one of Anthropic; a gateway that wants a login of its own gets it as the header `cf-aig-authorization`.",
  models: () => [
    model("claude-sonnet-4-5", "Claude Sonnet 4.5", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
    }),
    model("claude-sonnet-4-6", "Claude Sonnet 4.6", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-opus-4-6", "Claude Opus 4.6", {
      size: [200_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-haiku-4-5", "Claude Haiku 4.5", {
      size: [200_000, 64_000],
      usd: [1, 5, 0.1, 1.25],
      can: "think see",
    }),
    model("claude-sonnet-5", "Claude Sonnet 5", {
      size: [1_000_000, 128_000],
      usd: [2, 10, 0.2, 2.5],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-opus-5", "Claude Opus 5", {
      size: [1_000_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
  ],
});
