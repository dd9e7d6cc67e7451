import { defineCli } from "../../contracts/cli.ts";
import { onboardOptions } from "./_options.ts";

/** Steps of set-up that this version does not have: saying that they are skipped is right. */
const SKIPS = ["channels", "skills", "search", "health", "ui", "daemon"].map((step) => ({
  flags: `--skip-${step}`,
  summary: "Is skipped anyway",
}));

export const cli = [
  defineCli({
    name: "setup",
    summary: "Make the state directory, the configuration and the workspace",
    options: [{ flags: "--wizard", summary: "The same as onboard" }, ...onboardOptions, ...SKIPS],
    gateway: "none",
    json: true,
    examples: [
      "openclaw setup",
      "openclaw setup --workspace ~/assistant",
      "openclaw setup --non-interactive --auth-choice groq-api-key --groq-api-key gsk_…",
    ],
    load: async () => ({ run: (await import("./_cli-onboard.ts")).setup }),
  }),
  defineCli({
    name: "onboard",
    summary: "Set up by questions, or by flags: connect a model, then the rest",
    options: [...onboardOptions, ...SKIPS],
    gateway: "none",
    json: true,
    examples: ["openclaw onboard", "openclaw onboard --auth-choice ollama --custom-model-id llama3.3"],
    load: async () => ({ run: (await import("./_cli-onboard.ts")).onboard }),
  }),
];
