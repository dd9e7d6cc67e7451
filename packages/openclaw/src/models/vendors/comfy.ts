import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "comfy",
  label: "ComfyUI",
  api: NO_CHAT,
  baseUrl: "http://127.0.0.1:8188",
  keyEnv: ["COMFY_API_KEY", "COMFY_CLOUD_API_KEY"],
  note: "Draws pictures and makes videos and music with workflows of your own, on this machine or at https://cloud.comfy.org.",
  models: () => [],
});
