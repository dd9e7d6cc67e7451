import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "fal",
  label: "fal",
  api: NO_CHAT,
  baseUrl: "https://queue.fal.run",
  keyEnv: ["FAL_KEY", "FAL_API_KEY"],
  auth: [{ id: "fal-api-key", label: "API key", kind: "api_key" }],
  note: "Makes pictures, videos and music.",
  models: () => [],
});
