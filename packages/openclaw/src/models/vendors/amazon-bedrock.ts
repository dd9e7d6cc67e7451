import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "amazon-bedrock",
  aliases: ["bedrock", "aws-bedrock"],
  label: "Amazon Bedrock",
  api: "bedrock-converse-stream",
  baseUrl: "https://bedrock-runtime.us-east-1.amazonaws.com",
  baseUrlFrom: (env) => {
    const region = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
    return region ? `https://bedrock-runtime.${region}.amazonaws.com` : undefined;
  },
  keyEnv: ["AWS_BEARER_TOKEN_BEDROCK"],
  ambient: [
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    ["AWS_PROFILE"],
    ["AWS_WEB_IDENTITY_TOKEN_FILE"],
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
  ],
  documents: true,
  anyModel: true,
  renamed: { "us.anthropic.claude-opus-4-6-v1:0": "us.anthropic.claude-opus-4-6-v1" },
  auth: [
    {
      id: "aws-sdk",
      label: "Credentials of AWS on this machine",
      kind: "aws",
      defaultModel: "us.anthropic.claude-opus-4-6-v1",
    },
  ],
  note: 'Uses the credentials that AWS\'s own tools use (keys, profile, SSO, role of the machine). Where no variable names them, say so: `models.providers.amazon-bedrock.auth: "aws-sdk"`.',
  models: () => [
    model("us.anthropic.claude-opus-4-6-v1", "Claude Opus 4.6 (US)", {
      size: [200_000, 128_000],
      usd: [5.5, 27.5, 0.55, 6.875],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("us.anthropic.claude-sonnet-4-6", "Claude Sonnet 4.6 (US)", {
      size: [200_000, 128_000],
      usd: [3.3, 16.5, 0.33, 4.125],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("us.anthropic.claude-opus-5-5", "Claude Opus 5.5 (US)", {
      size: [1_000_000, 128_000],
      usd: [4.4, 22, 0.22, 5.5],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("us.anthropic.claude-sonnet-5", "Claude Sonnet 5 (US)", {
      size: [1_000_000, 128_000],
      usd: [2.2, 11, 0.22, 2.75],
      can: "think see",
      compat: { thinkingFormat: "adaptive" },
    }),
    model("us.anthropic.claude-opus-4-5-20251101-v1:0", "Claude Opus 4.5 (US)", {
      size: [200_000, 64_000],
      usd: [5.5, 27.5, 0.55, 6.875],
      can: "think see",
    }),
    model("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5 (US)", {
      size: [200_000, 64_000],
      usd: [3.3, 16.5, 0.33, 4.125],
      can: "think see",
    }),
    model("us.anthropic.claude-haiku-4-5-20251001-v1:0", "Claude Haiku 4.5 (US)", {
      size: [200_000, 64_000],
      usd: [1.1, 5.5, 0.11, 1.375],
      can: "think see",
    }),
    model("us.amazon.nova-2-lite-v1:0", "Nova 2 Lite (US)", {
      size: [1_000_000, 65_535],
      usd: [0.33, 2.75, 0.0825, 0.33],
      can: "think see",
    }),
    model("us.amazon.nova-premier-v1:0", "Nova Premier (US)", {
      size: [1_000_000, 10_000],
      usd: [2.5, 12.5, 0.625, 2.5],
      can: "see",
    }),
    model("us.amazon.nova-pro-v1:0", "Nova Pro (US)", {
      size: [300_000, 10_000],
      usd: [0.8, 3.2, 0.2, 0.8],
      can: "see",
    }),
    model("us.amazon.nova-lite-v1:0", "Nova Lite (US)", {
      size: [300_000, 10_000],
      usd: [0.06, 0.24, 0.015, 0.06],
      can: "see",
    }),
    model("openai.gpt-oss-120b-1:0", "gpt-oss-120b", { size: [128_000, 16_384], usd: [0.15, 0.6], can: "think" }),
    model("deepseek.v3.2", "DeepSeek V3.2", { size: [163_840, 81_920], usd: [0.62, 1.85], can: "think" }),
    model("moonshotai.kimi-k2.5", "Kimi K2.5", { size: [262_143, 16_384], usd: [0.6, 3], can: "think see" }),
    model("qwen.qwen3-coder-next", "Qwen3 Coder Next", { size: [262_144, 65_536], usd: [0.5, 1.2] }),
    model("us.meta.llama4-maverick-17b-instruct-v1:0", "Llama 4 Maverick 17B Instruct (US)", {
      size: [1_000_000, 8192],
      usd: [0.24, 0.97],
      can: "see",
    }),
  ],
});
