/** Bodies of `models fallbacks …` and `models image-fallbacks …`. */
import type { CliContext } from "../../contracts/cli.ts";
import { Config } from "../config/index.ts";
import { errors } from "./errors.ts";
import { allow, choiceOf, chosen, writeChoice } from "./_choice.ts";
import type { Role } from "./_choice.ts";

type Body = (context: CliContext) => Promise<void>;

export const list =
  (role: Role): Body =>
  async ({ config, global, options, out }) => {
    const { fallbacks } = choiceOf(await config(), role);
    if (global.json || options["json"] === true) return out.json({ fallbacks });
    if (options["plain"] === true) return fallbacks.forEach((ref) => out.line(ref));
    if (fallbacks.length === 0) return out.line(out.named(`None. Add one with: openclaw models ${command(role)} add`));
    for (const [i, ref] of fallbacks.entries()) out.line(`${i + 1}. ${ref}`);
  };

export const add =
  (role: Role): Body =>
  async (context) => {
    const { ref, config } = await chosen(context);
    const choice = choiceOf(config.current(), role);
    if (choice.primary === ref || choice.fallbacks.includes(ref)) return context.out.line(`${ref} is there already.`);
    await writeChoice(config, role, { ...choice, fallbacks: [...choice.fallbacks, ref] });
    await allow(config, ref);
    say(context, [...choice.fallbacks, ref]);
  };

export const remove =
  (role: Role): Body =>
  async (context) => {
    const config = await context.use(Config);
    const choice = choiceOf(config.current(), role);
    const word = context.args[0] ?? "";
    // What stands there may be unknown by now, and must still come out.
    const ref = choice.fallbacks.includes(word)
      ? word
      : await chosen(context).then(
          (found) => found.ref,
          () => word,
        );
    if (!choice.fallbacks.includes(ref)) throw errors.FALLBACK_UNKNOWN({ ref, command: command(role) });
    const fallbacks = choice.fallbacks.filter((other) => other !== ref);
    await writeChoice(config, role, { ...choice, fallbacks });
    say(context, fallbacks);
  };

export const clear =
  (role: Role): Body =>
  async (context) => {
    const config = await context.use(Config);
    const choice = choiceOf(config.current(), role);
    if (choice.fallbacks.length > 0) await writeChoice(config, role, { ...choice, fallbacks: [] });
    say(context, []);
  };

function say({ out }: CliContext, fallbacks: readonly string[]): void {
  out.line(fallbacks.length === 0 ? "Fallbacks: none" : `Fallbacks: ${fallbacks.join(", ")}`);
}

function command(role: Role): string {
  return role === "model" ? "fallbacks" : "image-fallbacks";
}
