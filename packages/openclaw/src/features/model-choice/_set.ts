/** Bodies of `models set` and `models set-image`. */
import type { CliContext } from "../../contracts/cli.ts";
import { Fault } from "../../base/errors.ts";
import { Models } from "../../models/index.ts";
import { allow, choiceOf, chosen, writeChoice } from "./_choice.ts";
import type { Role } from "./_choice.ts";

export async function setDefault(context: CliContext, role: Role): Promise<void> {
  const { out, use } = context;
  const { ref, config } = await chosen(context);
  const { fallbacks } = choiceOf(config.current(), role);
  await writeChoice(config, role, { primary: ref, fallbacks: fallbacks.filter((other) => other !== ref) });
  const added = await allow(config, ref);
  out.line(role === "model" ? `Default model: ${ref}` : `Model for pictures: ${ref}`);
  if (added) out.line("It was added to the models that may be used (agents.defaults.models).");
  if (role === "model") sayAgents(context, config.current().at("agents.list"));
  try {
    const { model } = await (await use(Models)).resolve(ref, config.current());
    if (role === "imageModel" && !model.input.includes("image"))
      out.note(`${ref} is not known to take pictures; choose another one with: openclaw models list`);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    out.note(`It cannot be used yet: ${error.message} ${error.remedy}`);
  }
}

function sayAgents({ out }: CliContext, list: unknown): void {
  const own = (Array.isArray(list) ? list : []).flatMap(({ id, model }: { id?: string; model?: unknown }) =>
    model === undefined || id === undefined ? [] : [id],
  );
  if (own.length > 0) out.line(`Agents with a model of their own keep it: ${own.join(", ")}`);
}
