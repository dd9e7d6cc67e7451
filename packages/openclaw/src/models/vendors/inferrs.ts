import { defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "inferrs",
  label: "inferrs",
  api: "openai-completions",
  baseUrl: "http://127.0.0.1:8080/v1",
  keyEnv: [],
  anyModel: true,
  compat: { requiresStringContent: true },
  auth: [{ id: "inferrs", label: "Server on this machine", kind: "none" }],
  discovery: { paths: ["models"], shape: "openai" },
  note: "If it fails with tools, set `compat.supportsTools: false` for the model.",
  models: () => [],
});
