import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "azure-speech",
  label: "Azure Speech",
  api: NO_CHAT,
  baseUrl: "",
  keyEnv: ["AZURE_SPEECH_KEY", "AZURE_SPEECH_API_KEY", "SPEECH_KEY"],
  aliases: ["azure"],
  baseUrlFrom: (env) => {
    const region = env["AZURE_SPEECH_REGION"] ?? env["SPEECH_REGION"];
    return env["AZURE_SPEECH_ENDPOINT"] ?? (region ? `https://${region}.tts.speech.microsoft.com` : undefined);
  },
  note: "Speaks. Needs a region beside the key.",
  models: () => [],
});
