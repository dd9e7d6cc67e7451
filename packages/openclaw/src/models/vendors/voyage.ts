import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "voyage",
  label: "Voyage AI",
  api: NO_CHAT,
  baseUrl: "https://api.voyageai.com/v1",
  keyEnv: ["VOYAGE_API_KEY"],
  models: () => [],
  note: "Computes embeddings, with which notes are found by meaning.",
});
