import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "tencent-tokenhub",
  label: "Tencent TokenHub",
  api: "openai-completions",
  baseUrl: "https://tokenhub.tencentmaas.com/v1",
  keyEnv: ["TOKENHUB_API_KEY"],
  defaultModel: "hy3-preview",
  auth: [
    { id: "tokenhub-api-key", label: "API key", kind: "api_key" },
    {
      id: "tokenhub-api-key-intl",
      label: "API key, international",
      kind: "api_key",
      baseUrl: "https://tokenhub-intl.tencentmaas.com/v1",
    },
  ],
  note: "Prices depend on the length of the input, so none are shown.",
  models: () => [model("hy3-preview", "Hy3 (preview)", { size: [256_000, 64_000], can: "think" })],
});
