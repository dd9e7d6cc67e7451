import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "minimax",
  aliases: ["minimax-cn"],
  label: "MiniMax",
  api: "anthropic-messages",
  baseUrl: "https://api.minimax.io/anthropic",
  baseUrlFrom: (env) => {
    const host = env["MINIMAX_API_HOST"]?.replace(/\/+$/, "");
    return host ? `${/^https?:/.test(host) ? host : `https://${host}`}/anthropic` : undefined;
  },
  keyEnv: ["MINIMAX_API_KEY", "MINIMAX_CODE_PLAN_KEY", "MINIMAX_CODING_API_KEY"],
  defaultModel: "MiniMax-M2.1",
  compat: { thinkingFormat: "explicit" },
  auth: [
    { id: "minimax-api", label: "API key", kind: "api_key" },
    {
      id: "minimax-api-lightning",
      label: "API key, for the faster model",
      kind: "api_key",
      defaultModel: "MiniMax-M2.1-lightning",
    },
    { id: "minimax-global-api", label: "API key", kind: "api_key" },
    { id: "minimax-cn-api", label: "API key, China", kind: "api_key", baseUrl: "https://api.minimaxi.com/anthropic" },
  ],
  note: "Ids are written exactly so: `MiniMax-M2.1`, not `minimax-m2.1`.",
  models: () => [
    model("MiniMax-M2.1", "MiniMax-M2.1", { size: [204_800, 131_072], usd: [0.3, 1.2, 0.03, 0.375], can: "think" }),
    model("MiniMax-M2.1-lightning", "MiniMax-M2.1 Lightning", {
      size: [204_800, 131_072],
      usd: [0.3, 2.4, 0.03, 0.375],
      can: "think",
    }),
    model("MiniMax-M2.5", "MiniMax-M2.5", { size: [204_800, 131_000], usd: [0.3, 1.2, 0.03, 0.375], can: "think" }),
    model("MiniMax-M2.7", "MiniMax-M2.7", { size: [204_800, 131_072], usd: [0.3, 1.2, 0.06, 0.375], can: "think" }),
    model("MiniMax-M2.7-highspeed", "MiniMax-M2.7-highspeed", {
      size: [204_800, 131_072],
      usd: [0.6, 2.4, 0.06, 0.375],
      can: "think",
    }),
    model("MiniMax-M3", "MiniMax-M3", { size: [1_048_576, 512_000], usd: [0.3, 1.2, 0.06], can: "think see" }),
  ],
});
