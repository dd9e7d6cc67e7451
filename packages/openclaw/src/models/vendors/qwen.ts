import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "qwen",
  aliases: ["modelstudio"],
  label: "Qwen (Alibaba Model Studio)",
  api: "openai-completions",
  baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
  keyEnv: ["QWEN_API_KEY", "MODELSTUDIO_API_KEY", "DASHSCOPE_API_KEY"],
  defaultModel: "qwen3.5-plus",
  compat: { thinkingFormat: "qwen" },
  auth: [
    { id: "qwen-standard-api-key", label: "API key", kind: "api_key", flag: "--qwen-api-key" },
    {
      id: "qwen-standard-api-key-cn",
      label: "API key, China",
      kind: "api_key",
      baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    },
    {
      id: "qwen-api-key",
      label: "Key of the coding plan",
      kind: "api_key",
      baseUrl: "https://coding-intl.dashscope.aliyuncs.com/v1",
    },
    {
      id: "qwen-api-key-cn",
      label: "Key of the coding plan, China",
      kind: "api_key",
      baseUrl: "https://coding.dashscope.aliyuncs.com/v1",
    },
  ],
  note: "The coding plan has an address of its own and leaves out some models.",
  models: () => [
    model("qwen3.5-plus", "Qwen 3.5 Plus", { size: [1_000_000, 64_000], usd: [0.4, 2.5, 0.04, 0.5], can: "think see" }),
    model("qwen3.5-flash", "Qwen 3.5 Flash", {
      size: [1_000_000, 64_000],
      usd: [0.1, 0.4, 0.01, 0.125],
      can: "think see",
    }),
    model("qwen3.6-plus", "Qwen 3.6 Plus", { size: [1_000_000, 64_000], usd: [0.5, 3, 0.05, 0.625], can: "think see" }),
    model("qwen3.7-plus", "Qwen 3.7 Plus", { size: [1_000_000, 64_000], usd: [0.4, 1.6, 0.08, 0.5], can: "think see" }),
    model("qwen3.7-max", "Qwen 3.7 Max", { size: [991_000, 64_000], usd: [2.5, 7.5, 0.5, 3.125], can: "think" }),
    model("qwen3.8-flash", "Qwen 3.8 Flash", {
      size: [991_000, 128_000],
      usd: [0.15, 0.47, 0.016, 0.2],
      can: "think see",
    }),
    model("qwen3-coder-plus", "Qwen3 Coder Plus", { size: [1_000_000, 65_536], usd: [1, 5, 0.2] }),
    model("qwen3-max", "Qwen3 Max", { size: [262_144, 32_768], usd: [1.2, 6, 0.24] }),
    model("qwen3.8-max", "Qwen3.8 Max", { size: [1_000_000, 131_072], can: "think see" }),
    model("glm-5", "GLM-5", { size: [202_752, 16_384], can: "think" }),
    model("kimi-k2.5", "Kimi K2.5", { size: [262_144, 98_304], can: "think see" }),
  ],
});
