import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "microsoft",
  label: "Microsoft Edge voices",
  api: NO_CHAT,
  baseUrl: "https://speech.platform.bing.com",
  keyEnv: [],
  aliases: ["edge"],
  auth: [{ id: "microsoft", label: "Nothing is needed", kind: "none" }],
  note: "Speaks, without a key.",
  models: () => [],
});
