import { defineVendor } from "../../contracts/model.ts";

export const vendor = defineVendor({
  id: "copilot-proxy",
  label: "Copilot Proxy",
  api: "openai-completions",
  baseUrl: "http://localhost:3000/v1",
  keyEnv: [],
  anyModel: true,
  discovery: { paths: ["models"], shape: "openai" },
  auth: [{ id: "copilot-proxy", label: "Bridge of Visual Studio Code on this machine", kind: "none" }],
  note: "Start the bridge in Visual Studio Code first.",
  models: () => [],
});
