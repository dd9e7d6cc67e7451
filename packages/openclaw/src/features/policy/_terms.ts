/** What a question about a command may be answered with, and what holds when nobody answers. */
import { commandOf, isAllowlisted, isInlineEval, mayBeListed, setsNothing } from "./_allowlist.ts";
import { toCase } from "./_rule.ts";
import type { Act, AskFallback, AskTerms, GateContext } from "./index.ts";

export function askTerms(act: Act, context: GateContext, askFallback: AskFallback): AskTerms {
  const { argv, exec } = toCase(act, context);
  const command = commandOf(act, argv);
  const listed = isAllowlisted(command, context.allowlist, context.exec);
  const inline = context.exec.strictInlineEval === true && isInlineEval(command);
  const lasting = act.tool === "exec" && exec.security === "allowlist" && exec.ask !== "always" && !inline;
  return {
    host: exec.host === "implicit" ? "gateway" : exec.host,
    security: exec.security,
    ask: exec.ask,
    withoutAnswer: askFallback === "full" || (askFallback === "allowlist" && listed) ? "run" : "refuse",
    ...(lasting && command.resolved !== undefined && setsNothing(command) && mayBeListed(command.resolved)
      ? { lastingPattern: command.resolved }
      : {}),
  };
}
