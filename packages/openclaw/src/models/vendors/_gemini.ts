/** The Gemini models that Google serves to everybody, with a key and in its cloud, at one price. */
import type { ModelRow } from "../../contracts/model.ts";
import { model } from "./_model.ts";

const lowToHigh = "low medium high";
const minimalToHigh = "minimal low medium high";

export function geminiModels(): readonly ModelRow[] {
  return [
    model("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", {
      size: [1_048_576, 65_536],
      usd: [2, 12, 0.2],
      can: "think see",
      efforts: lowToHigh,
    }),
    model("gemini-3-flash-preview", "Gemini 3 Flash Preview", {
      size: [1_048_576, 65_536],
      usd: [0.5, 3, 0.05],
      can: "think see",
      efforts: minimalToHigh,
    }),
    model("gemini-3.8-flash", "Gemini 3.8 Flash", {
      size: [1_048_576, 65_536],
      usd: [0.75, 3.75, 0.075],
      can: "think see",
      efforts: lowToHigh,
    }),
    model("gemini-3.5-flash", "Gemini 3.5 Flash", {
      size: [1_048_576, 65_536],
      usd: [1.5, 9, 0.15],
      can: "think see",
      efforts: minimalToHigh,
    }),
    model("gemini-3.5-flash-lite", "Gemini 3.5 Flash Lite", {
      size: [1_048_576, 65_536],
      usd: [0.3, 2.5, 0.03],
      can: "think see",
      efforts: minimalToHigh,
    }),
    model("gemini-3.1-flash-lite", "Gemini 3.1 Flash Lite", {
      size: [1_048_576, 65_536],
      usd: [0.25, 1.5, 0.025],
      can: "think see",
      efforts: minimalToHigh,
    }),
    model("gemini-2.5-pro", "Gemini 2.5 Pro", { size: [1_048_576, 65_536], usd: [1.25, 10, 0.125], can: "think see" }),
    model("gemini-2.5-flash", "Gemini 2.5 Flash", {
      size: [1_048_576, 65_536],
      usd: [0.3, 2.5, 0.03],
      can: "think see",
    }),
  ];
}
