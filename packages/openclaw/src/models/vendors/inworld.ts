import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "inworld",
  label: "Inworld",
  api: NO_CHAT,
  baseUrl: "https://api.inworld.ai",
  keyEnv: ["INWORLD_API_KEY"],
  note: "Speaks. The key is used as it is shown there, in Base64.",
  models: () => [],
});
