import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

const lowToXhigh = "low medium high xhigh";

export const vendor = defineVendor({
  id: "github-copilot",
  label: "GitHub Copilot",
  api: "openai-responses",
  baseUrl: "https://api.individual.githubcopilot.com",
  keyEnv: ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"],
  headers: {
    "user-agent": "GitHubCopilotChat/0.35.0",
    "editor-version": "vscode/1.107.0",
    "editor-plugin-version": "copilot-chat/0.35.0",
    "copilot-integration-id": "vscode-chat",
  },
  discovery: { paths: ["models"], shape: "openai" },
  anyModel: true,
  auth: [
    {
      id: "github-copilot",
      label: "Login at GitHub with a code",
      kind: "device",
      flow: "github-copilot",
      flag: "--github-copilot-token",
      defaultModel: "gpt-4o",
    },
  ],
  note: "Uses a Copilot subscription. Which models there are depends on the subscription and on what its owner allows.",
  models: () => [
    model("gpt-4o", "GPT-4o", { size: [128_000, 4096], can: "see" }),
    model("gpt-5-mini", "GPT-5 Mini", { size: [264_000, 64_000], can: "think see", efforts: "low medium high" }),
    model("gpt-5.3-codex", "GPT-5.3 Codex", { size: [1_000_000, 128_000], can: "think see", efforts: lowToXhigh }),
    model("gpt-5.4", "GPT-5.4", { size: [1_000_000, 128_000], can: "think see", efforts: lowToXhigh }),
    model("gpt-5.5", "GPT-5.5", { size: [1_000_000, 128_000], can: "think see", efforts: lowToXhigh }),
    model("gpt-6-sol", "GPT-6 Sol", {
      size: [1_000_000, 128_000],
      can: "think see",
      efforts: "none low medium high xhigh max",
    }),
    model("claude-haiku-4.5", "Claude Haiku 4.5", {
      size: [200_000, 64_000],
      can: "think see",
      api: "anthropic-messages",
    }),
    model("claude-sonnet-4.6", "Claude Sonnet 4.6", {
      size: [1_000_000, 32_000],
      can: "think see",
      api: "anthropic-messages",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-opus-4.7", "Claude Opus 4.7", {
      size: [1_000_000, 32_000],
      can: "think see",
      api: "anthropic-messages",
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
    model("claude-sonnet-5", "Claude Sonnet 5", {
      size: [1_000_000, 128_000],
      can: "think see",
      api: "anthropic-messages",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-opus-5", "Claude Opus 5", {
      size: [1_000_000, 64_000],
      can: "think see",
      api: "anthropic-messages",
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
    model("gemini-3.5-flash", "Gemini 3.5 Flash", {
      size: [200_000, 64_000],
      can: "think see",
      api: "openai-completions",
    }),
    model("gemini-3.8-flash", "Gemini 3.8 Flash", {
      size: [1_000_000, 64_000],
      can: "think see",
      api: "openai-completions",
    }),
    model("kimi-k2.7-code", "Kimi K2.7 Code", { size: [256_000, 32_000], can: "think see", api: "openai-completions" }),
    model("grok-4.7", "Grok 4.7", { size: [500_000, 128_000], can: "think see" }),
  ],
});
