import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "tts-local-cli",
  label: "Speech program on this machine",
  api: NO_CHAT,
  baseUrl: "",
  keyEnv: [],
  auth: [{ id: "tts-local-cli", label: "Nothing is needed", kind: "none" }],
  note: "Speaks with a program of yours.",
  models: () => [],
});
