import { NO_CHAT, defineVendor } from "../../contracts/model.ts";

/** Video of Alibaba; its language models are `qwen`. */
export const vendor = defineVendor({
  id: "alibaba",
  label: "Alibaba Model Studio",
  api: NO_CHAT,
  baseUrl: "https://dashscope-intl.aliyuncs.com",
  keyEnv: ["MODELSTUDIO_API_KEY", "DASHSCOPE_API_KEY", "QWEN_API_KEY"],
  note: "Makes videos. The chat models of the same company are the vendor `qwen`, with the same key.",
  models: () => [],
});
