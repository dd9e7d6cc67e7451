import { defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "sglang",
  label: "SGLang",
  api: "openai-completions",
  baseUrl: "http://127.0.0.1:30000/v1",
  keyEnv: ["SGLANG_API_KEY"],
  local: { port: 30000, probePath: "/v1/models" },
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai" },
  auth: [{ id: "sglang", label: "Server on this machine", kind: "none" }],
  note: "What it serves is found by itself when `SGLANG_API_KEY` is set (any value will do).",
  models: () => [],
});
