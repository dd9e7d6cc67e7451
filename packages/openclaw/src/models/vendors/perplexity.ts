import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "perplexity",
  label: "Perplexity",
  api: NO_CHAT,
  baseUrl: "https://api.perplexity.ai",
  keyEnv: ["PERPLEXITY_API_KEY"],
  note: "Searches the web.",
  models: () => [],
});
