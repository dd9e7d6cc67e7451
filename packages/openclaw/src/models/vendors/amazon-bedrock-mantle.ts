import { defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "amazon-bedrock-mantle",
  label: "Amazon Bedrock Mantle",
  api: "openai-completions",
  baseUrl: "https://bedrock-mantle.us-east-1.api.aws/v1",
  baseUrlFrom: (env) => {
    const region = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
    return region ? `https://bedrock-mantle.${region}.api.aws/v1` : undefined;
  },
  keyEnv: ["AWS_BEARER_TOKEN_BEDROCK"],
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai" },
  note: "Models of many makers behind OpenAI's protocol; the list is asked from the region.",
  models: () => [],
});
