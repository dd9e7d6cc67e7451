import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "senseaudio",
  label: "SenseAudio",
  api: NO_CHAT,
  baseUrl: "https://api.senseaudio.cn",
  keyEnv: ["SENSEAUDIO_API_KEY"],
  note: "Speaks, and writes down speech.",
  models: () => [],
});
