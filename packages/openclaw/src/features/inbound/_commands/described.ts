/** A command as clients see it. */
import type { ChatArg, ChatChoice, ChoiceContext } from "../../../contracts/chat.ts";
import type { Offered } from "./offered.ts";

export interface ArgDescription {
  readonly name: string;
  readonly description: string;
  readonly type: "string" | "number" | "boolean";
  readonly required: boolean;
  readonly choices?: ChatChoice[];
  readonly dynamic?: true;
  readonly captureRemaining?: true;
}

export interface Description {
  readonly name: string;
  readonly nativeName?: string;
  readonly textAliases: string[];
  readonly description: string;
  readonly category: string;
  readonly source: "native" | "skill" | "plugin";
  readonly scope: "both" | "text" | "native";
  readonly acceptsArgs: boolean;
  readonly args?: ArgDescription[];
}

interface Wanted {
  readonly provider?: string;
  readonly includeArgs: boolean;
  readonly context: ChoiceContext;
}

/** More are not offered: nobody looks through them. */
const MOST_CHOICES = 200;

export async function described(command: Offered, { provider, includeArgs, context }: Wanted): Promise<Description> {
  const { name, aliases = [], summary, category, args, native } = command;
  const known =
    typeof args === "string" ? [{ name: "args", description: args, captureRemaining: true } as const] : args;
  return {
    name,
    ...(native === false ? {} : { nativeName: nativeNameOf(command, provider) }),
    textAliases: [name, ...aliases].map((alias) => `/${alias}`),
    description: summary,
    category,
    source: "source" in command ? command.source : "native",
    scope: native === false ? "text" : "both",
    acceptsArgs: known !== undefined && known.length > 0,
    ...(known === undefined || !includeArgs
      ? {}
      : { args: await Promise.all(known.map((arg) => describedArg(arg, context))) }),
  };
}

/** What a network calls it: its own name for it, else the name in characters that every network takes. */
export function nativeNameOf({ name, native }: Offered, provider: string | undefined): string {
  return (native && provider !== undefined ? native[provider] : undefined) ?? name.replaceAll("-", "_");
}

/** Choices as value and label; undefined where nothing is offered. Never rejects. */
async function choicesOf({ choices }: ChatArg, context: ChoiceContext): Promise<ChatChoice[] | undefined> {
  if (choices === undefined) return undefined;
  try {
    const all = typeof choices === "function" ? await choices(context) : choices;
    const shown = all.map((one) => (typeof one === "string" ? { value: one, label: one } : { ...one }));
    return shown.slice(0, MOST_CHOICES);
  } catch {
    return undefined; // A list of commands must not fail because of one that cannot say what it takes.
  }
}

async function describedArg(arg: ChatArg, context: ChoiceContext): Promise<ArgDescription> {
  const choices = await choicesOf(arg, context);
  return {
    name: arg.name,
    description: arg.description,
    type: arg.type ?? "string",
    required: arg.required ?? false,
    ...(choices === undefined ? {} : { choices }),
    ...(typeof arg.choices === "function" ? { dynamic: true as const } : {}),
    ...(arg.captureRemaining === undefined ? {} : { captureRemaining: true as const }),
  };
}
