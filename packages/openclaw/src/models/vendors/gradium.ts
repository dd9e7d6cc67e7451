import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "gradium",
  label: "Gradium",
  api: NO_CHAT,
  baseUrl: "https://api.gradium.ai",
  keyEnv: ["GRADIUM_API_KEY"],
  note: "Speaks.",
  models: () => [],
});
