import { defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "lmstudio",
  aliases: ["lm-studio"],
  label: "LM Studio",
  api: "openai-completions",
  baseUrl: "http://127.0.0.1:1234/v1",
  keyEnv: ["LM_API_TOKEN"],
  local: { port: 1234, probePath: "/v1/models" },
  anyModel: true,
  discovery: { paths: ["/api/v1/models", "models"], shape: "openai" },
  auth: [{ id: "lmstudio", label: "Server on this machine", kind: "none", flag: "--lmstudio-api-key" }],
  note: "Start its server (the Developer tab, or `lms server start`) and load a model.",
  models: () => [],
});
