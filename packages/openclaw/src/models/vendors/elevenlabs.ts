import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "elevenlabs",
  label: "ElevenLabs",
  api: NO_CHAT,
  baseUrl: "https://api.elevenlabs.io",
  keyEnv: ["ELEVENLABS_API_KEY", "XI_API_KEY"],
  note: "Speaks, and writes down speech.",
  models: () => [],
});
