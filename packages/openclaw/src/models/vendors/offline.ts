import { defineVendor } from "../../contracts/model.ts";

/** What answers while no model is connected: a few plain requests, no network. */
export const vendor = defineVendor({
  id: "offline",
  label: "Built in",
  api: "offline",
  baseUrl: "",
  keyEnv: [],
  defaultModel: "assistant",
  models: () => [
    {
      id: "assistant",
      name: "Offline assistant (built in)",
      reasoning: false,
      input: ["text"],
      contextWindow: 200_000,
      maxTokens: 8192,
    },
  ],
});
