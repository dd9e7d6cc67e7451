import { defineCheck, type Finding } from "../../contracts/check.ts";

export const checks = [
  defineCheck({
    id: "media.pictures",
    kind: "doctor",
    summary: "The library that makes pictures smaller is installed.",
    run: async () => [found()],
  }),
];

/** Looked up, not loaded. */
function found(): Finding {
  try {
    import.meta.resolve("sharp");
    return { level: "ok", message: "Large pictures are made to fit." };
  } catch {
    return {
      level: "info",
      message: "Pictures that are too large for a model or a channel are left out: the library sharp is not installed.",
      remedy: "Install it with openclaw: npm install -g openclaw --include=optional",
    };
  }
}
