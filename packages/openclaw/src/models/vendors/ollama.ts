import { defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "ollama",
  label: "Ollama",
  api: "ollama",
  baseUrl: "http://127.0.0.1:11434",
  keyEnv: ["OLLAMA_API_KEY"],
  local: { port: 11434, probePath: "/v1/models" },
  anyModel: true,
  discovery: { paths: ["/api/tags"], shape: "ollama" },
  auth: [{ id: "ollama", label: "Server on this machine, or a key for https://ollama.com", kind: "none" }],
  note: "Models that you have pulled are found by themselves when `OLLAMA_API_KEY` is set (any value will do for a server of your own).",
  models: () => [],
});
