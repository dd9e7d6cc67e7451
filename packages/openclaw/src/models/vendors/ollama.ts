import { defineVendor } from "../../contracts/model.ts";

/** Ollama on this machine, through the address where it speaks OpenAI's dialect. */
export const vendor = defineVendor({
  id: "ollama",
  label: "Ollama",
  api: "openai-completions",
  baseUrl: "http://127.0.0.1:11434/v1",
  keyEnv: ["OLLAMA_API_KEY"],
  local: { port: 11434, probePath: "/v1/models" },
  anyModel: true,
  models: () => [],
});
