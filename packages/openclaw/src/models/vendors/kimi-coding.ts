import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "kimi-coding",
  aliases: ["kimi", "kimi-code"],
  label: "Kimi Coding",
  api: "anthropic-messages",
  baseUrl: "https://api.kimi.com/coding",
  keyEnv: ["KIMI_API_KEY"],
  defaultModel: "k2p5",
  auth: [{ id: "kimi-code-api-key", label: "API key", kind: "api_key" }],
  note: "The coding plan of Kimi; a key of `moonshot` does not work here.",
  models: () => [
    model("k2p5", "Kimi K2.5", { size: [262_144, 32_768], can: "think see" }),
    model("kimi-for-coding", "kimi-for-coding", {
      size: [1_048_576, 32_768],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("kimi-for-coding-highspeed", "Kimi For Coding HighSpeed", {
      size: [262_144, 32_768],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("k3", "Kimi K3", { size: [1_048_576, 131_072], can: "think see", compat: { thinkingFormat: "adaptive" } }),
    model("k3-256k", "Kimi K3-256K", {
      size: [262_144, 131_072],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
  ],
});
