import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

/** The address keeps its `www`: the redirect to it drops the key. */
export const vendor = defineVendor({
  id: "vydra",
  label: "Vydra",
  api: NO_CHAT,
  baseUrl: "https://www.vydra.ai/api/v1",
  keyEnv: ["VYDRA_API_KEY"],
  auth: [{ id: "vydra-api-key", label: "API key", kind: "api_key" }],
  note: "Makes pictures and videos, and speaks.",
  models: () => [],
});
