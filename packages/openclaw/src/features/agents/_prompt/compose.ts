/** From the parts of a prompt to what a model is sent. */
import type { SystemBlock } from "../../../contracts/model.ts";
import type { Prompt } from "../index.ts";
import { fitPrompt } from "./fit.ts";
import type { PromptParts, Section } from "./parts.ts";
import { reportOf } from "./report.ts";
import type { ReportFacts } from "./report.ts";

/** `override` stands in place of all sections. */
export function compose(parts: PromptParts, facts: ReportFacts, override: string | undefined): Prompt {
  const fitted = fitPrompt(override === undefined ? parts : { ...parts, files: [] }, parts.request.budget);
  const sections = override === undefined ? fitted.sections : overridden(override, parts.request.extra);
  return {
    system: [block(sections, true), block(sections, false)].filter(({ text }) => text !== ""),
    tools: fitted.schemas,
    report: reportOf(parts, { ...fitted, sections }, facts),
  };
}

function overridden(override: string, extra = ""): readonly Section[] {
  const own: Section = { id: "identity", text: override, stable: true };
  return extra.trim() === "" ? [own] : [own, { id: "conversation", text: extra.trim(), stable: false }];
}

function block(sections: readonly Section[], stable: boolean): SystemBlock {
  const those = sections.filter((section) => section.stable === stable);
  return { text: those.map(({ text }) => text).join("\n\n"), stable };
}
