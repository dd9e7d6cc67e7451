/**
 * Prompts as they were composed last. The same parts make the same prompt, and mostly nothing has changed since the
 * turn before: it is given again as the same object, so that whoever measures or digests it does so once.
 */
import type { Prompt } from "../index.ts";
import type { PromptParts } from "./parts.ts";

interface Made {
  readonly from: readonly unknown[];
  readonly prompt: Prompt;
}

const MAX_PROMPTS = 32;

export class RememberedPrompts {
  readonly #made = new Map<string, Made>();

  /** `prose`: where the texts come from. `make` is asked when anything is different. */
  of(parts: PromptParts, prose: object, make: () => Prompt): Prompt {
    const { id } = parts.request.agent;
    const key = JSON.stringify([id, ...wording(parts)]);
    const from = [prose, ...ingredients(parts)];
    const known = this.#made.get(key);
    const holds = known?.from.length === from.length && known.from.every((one, at) => one === from[at]);
    const made = holds ? known : { from, prompt: make() };
    this.#made.delete(key);
    this.#made.set(key, made);
    if (this.#made.size > MAX_PROMPTS) this.#made.delete(this.#made.keys().next().value ?? "");
    return made.prompt;
  }
}

/** What differs between conversations: small, and compared by what it says. */
function wording({ request }: PromptParts): readonly unknown[] {
  const { modelRef, mode, thinking, reasoning, extra, folder, budget, channel, group, sandbox } = request;
  return [modelRef, mode, thinking, reasoning, extra, folder, budget, channel, group, sandbox];
}

function ingredients({ request, facts, files, notice }: PromptParts): readonly unknown[] {
  const { agent, config, skills, tools } = request;
  return [
    config,
    agent.workspace,
    JSON.stringify([facts, agent.identity]),
    skills,
    notice,
    ...tools,
    ...files.flatMap(({ name, path, text, rawChars, truncated }) => [name, path, text, rawChars, truncated]),
  ];
}
