/** `skills`: instructions and scripts for single purposes. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  flag,
  maybeFlag,
  maybeMapOf,
  maybePart,
  maybeSecret,
  maybeSettings,
  maybeWhole,
  maybeWords,
  part,
  pick,
  whole,
  words,
} from "../../contracts/config-kinds.ts";

const entry = closed({
  enabled: maybeFlag("`false` switches the skill off, also a bundled one"),
  apiKey: maybeSecret("Key that the skill asks for, given to it in its own variable"),
  env: maybeMapOf(Type.String(), "Variables that runs get where they lack them"),
  config: maybeSettings("Settings of the skill"),
});

export const skillsSection = defineConfig({
  path: "skills",
  summary: "Skills: which, from where, with which keys.",
  reload: "live",
  secrets: ["entries.*.apiKey", "entries.*.env.*"],
  schema: closed({
    allowBundled: maybeWords("Bundled skills that may be used; absent means all"),
    load: part(
      {
        extraDirs: words([], "Further folders of skills; those elsewhere win"),
        watch: flag(true, "Notice changed skills"),
        watchDebounceMs: whole(250, "Quiet time after a change, ms"),
      },
      "Where skills come from",
    ),
    install: part(
      {
        preferBrew: flag(true, "Use Homebrew where there is a choice"),
        nodeManager: pick(["npm", "pnpm", "yarn", "bun"], "npm", "Installs Node packages"),
      },
      "How skills install what they need",
    ),
    limits: maybePart(
      { maxSkillsPromptChars: maybeWhole("Longest list of skills in the prompt, characters") },
      "Limits",
    ),
    entries: maybeMapOf(entry, "Single skills by name"),
  }),
});

export const config = [skillsSection];
