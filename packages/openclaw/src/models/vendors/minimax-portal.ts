import { defineVendor } from "../../contracts/model.ts";
import { model } from "./_model.ts";

export const vendor = defineVendor({
  id: "minimax-portal",
  label: "MiniMax (login)",
  api: "anthropic-messages",
  baseUrl: "https://api.minimax.io/anthropic",
  keyEnv: ["MINIMAX_OAUTH_TOKEN"],
  defaultModel: "MiniMax-M2.1",
  compat: { thinkingFormat: "explicit" },
  // Its login needs a client id that is documented nowhere; a token from its own apps works.
  auth: [{ id: "minimax-portal", label: "Token of the coding plan", kind: "token" }],
  note: "The coding plan of MiniMax, with a token in place of a key.",
  models: () => [
    model("MiniMax-M2.1", "MiniMax-M2.1", { size: [204_800, 131_072], can: "think" }),
    model("MiniMax-M2.1-lightning", "MiniMax-M2.1 Lightning", { size: [204_800, 131_072], can: "think" }),
    model("MiniMax-M2.7", "MiniMax-M2.7", { size: [204_800, 131_072], can: "think" }),
    model("MiniMax-M2.7-highspeed", "MiniMax-M2.7-highspeed", { size: [204_800, 131_072], can: "think" }),
    model("MiniMax-M3", "MiniMax-M3", { size: [1_048_576, 512_000], can: "think see" }),
  ],
});
