import { defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "vllm",
  label: "vLLM",
  api: "openai-completions",
  baseUrl: "http://127.0.0.1:8000/v1",
  keyEnv: ["VLLM_API_KEY"],
  local: { port: 8000, probePath: "/v1/models" },
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai" },
  auth: [{ id: "vllm", label: "Server on this machine", kind: "none" }],
  note: "What it serves is found by itself when `VLLM_API_KEY` is set (any value will do). Start it with `--enable-auto-tool-choice` and the tool parser of your model.",
  models: () => [],
});
