/** Set-up by questions on a terminal: which vendor, and its key. */
import type { CliContext } from "../../contracts/cli.ts";
import type { Vendor } from "../../contracts/model.ts";
import { NO_CHAT } from "../../contracts/model.ts";
import { ask, secret } from "../logins/index.ts";
import { choicesOf, optionOf } from "./_choices.ts";
import type { Choice } from "./_choices.ts";

/** Shown when nothing is searched for. */
const KNOWN_BEST = [
  "anthropic",
  "openai",
  "openai-codex",
  "google",
  "openrouter",
  "github-copilot",
  "ollama",
  "lmstudio",
];

/** True when a person wants to go on. */
export async function goesOn({ signal }: CliContext): Promise<boolean> {
  return /^y(?:es)?$/i.test((await ask("Go on? [y/N]", signal))?.trim() ?? "");
}

/** The way that a person chooses; undefined for none. */
export async function chooseWay(context: CliContext, vendors: readonly Vendor[]): Promise<Choice | undefined> {
  const { out, signal } = context;
  const choices = choicesOf(vendors.filter(({ api }) => api !== NO_CHAT));
  const offered = [...new Set(choices.map(({ vendor }) => vendor))];
  let shown = KNOWN_BEST.flatMap((id) => offered.find((vendor) => vendor.id === id) ?? []);
  for (;;) {
    shown.forEach(({ id, label }, at) => out.line(`${String(at + 1).padStart(3)}. ${label} (${id})`));
    const asked = `Number, or part of a name among ${offered.length}; Enter for no model now`;
    const answer = (await ask(asked, signal))?.trim().toLowerCase() ?? "";
    if (answer === "") return undefined;
    const matching = matches(answer, offered);
    const vendor = /^\d+$/.test(answer)
      ? shown[Number(answer) - 1]
      : (offered.find(({ id, aliases }) => id === answer || aliases?.includes(answer)) ??
        (matching.length === 1 ? matching[0] : undefined));
    if (vendor)
      return chooseAmong(
        context,
        choices.filter((choice) => choice.vendor === vendor),
      );
    if (matching.length === 0) out.line("None is called so.");
    else shown = matching;
  }
}

/** What options a person adds for a way that takes a key; `{}` for the others. */
export async function askKey(context: CliContext, choice: Choice): Promise<Readonly<Record<string, unknown>>> {
  const { kind, flag, keyEnv, vendor } = choice;
  if (kind !== "api_key" && kind !== "token") return {};
  const name = kind === "token" ? "token" : optionOf(flag ?? "");
  const set = keyEnv.find((variable) => context.platform.env[variable]?.trim());
  if (kind === "api_key" && set !== undefined) {
    const answer = (await ask(`Use the key in ${set}? [Y/n]`, context.signal))?.trim() ?? "";
    if (!/^n/i.test(answer)) return {};
  }
  return { [name]: await secret(context, `${choice.label} of ${vendor.label} (it is not shown)`) };
}

/** Vendors whose name or id has the text in it. */
export function matches(text: string, vendors: readonly Vendor[]): Vendor[] {
  return vendors.filter(({ id, label, aliases = [] }) =>
    [id, label, ...aliases].some((name) => name.toLowerCase().includes(text)),
  );
}

async function chooseAmong({ out, signal }: CliContext, ways: readonly Choice[]): Promise<Choice | undefined> {
  if (ways.length < 2) return ways[0];
  ways.forEach(({ label, id }, at) => out.line(`${String(at + 1).padStart(3)}. ${label} (${id})`));
  const answer = (await ask("How? [1]", signal))?.trim() ?? "";
  return ways.find(({ id }) => id === answer) ?? ways[Number(answer || 1) - 1];
}
