import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "deepgram",
  label: "Deepgram",
  api: NO_CHAT,
  baseUrl: "https://api.deepgram.com",
  keyEnv: ["DEEPGRAM_API_KEY"],
  note: "Writes down speech.",
  models: () => [],
});
