import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "runway",
  label: "Runway",
  api: NO_CHAT,
  baseUrl: "https://api.dev.runwayml.com",
  keyEnv: ["RUNWAYML_API_SECRET", "RUNWAY_API_KEY"],
  auth: [{ id: "runway-api-key", label: "API key", kind: "api_key" }],
  note: "Makes videos.",
  models: () => [],
});
