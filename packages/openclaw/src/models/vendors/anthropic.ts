import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "anthropic",
  label: "Anthropic",
  api: "anthropic-messages",
  baseUrl: "https://api.anthropic.com",
  keyEnv: ["ANTHROPIC_API_KEY"],
  defaultModel: "claude-opus-4-6",
  documents: true,
  auth: [
    { id: "apiKey", label: "API key", kind: "api_key", flag: "--anthropic-api-key" },
    { id: "setup-token", label: "Setup token of a Claude subscription (claude setup-token)", kind: "token" },
    { id: "token", label: "Token that you already have", kind: "token" },
  ],
  note: 'A setup token belongs to a subscription and may be refused with "This credential is only authorized for use with Claude Code and cannot be used for other API requests."; an API key always works.',
  models: () => [
    model("claude-opus-4-6", "Claude Opus 4.6", {
      size: [200_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-sonnet-4-6", "Claude Sonnet 4.6", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-opus-4-5", "Claude Opus 4.5", { size: [200_000, 64_000], usd: [5, 25, 0.5, 6.25], can: "think see" }),
    model("claude-sonnet-4-5", "Claude Sonnet 4.5", {
      size: [200_000, 64_000],
      usd: [3, 15, 0.3, 3.75],
      can: "think see",
    }),
    model("claude-haiku-4-5", "Claude Haiku 4.5", {
      size: [200_000, 64_000],
      usd: [1, 5, 0.1, 1.25],
      can: "think see",
    }),
    model("claude-opus-5-5", "Claude Opus 5.5", {
      size: [1_000_000, 128_000],
      usd: [4, 20, 0.2, 5],
      can: "think see",
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
    model("claude-opus-5", "Claude Opus 5", {
      size: [1_000_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
    model("claude-sonnet-5", "Claude Sonnet 5", {
      size: [1_000_000, 128_000],
      usd: [2, 10, 0.2, 2.5],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-fable-5-1", "Claude Fable 5.1", {
      size: [1_000_000, 128_000],
      usd: [10, 50, 0.25, 12.5],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-fable-5", "Claude Fable 5", {
      size: [1_000_000, 128_000],
      usd: [10, 50, 1, 12.5],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("claude-opus-4-8", "Claude Opus 4.8", {
      size: [1_000_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
    model("claude-opus-4-7", "Claude Opus 4.7", {
      size: [1_000_000, 128_000],
      usd: [5, 25, 0.5, 6.25],
      can: "think see",
      compat: { thinkingFormat: "adaptive", supportsTemperature: false },
    }),
  ],
});
