/**
 * Hop 5: what does the message mean? A word that stops the run, a command, directives, or something for the agent.
 * Everything but the last is answered here, without a model, whatever runs in the session meanwhile.
 */
import { errorData } from "../../base/errors.ts";
import { compact } from "../../base/text.ts";
import type { ChatCommand, ChatCommandCall, ChatOutcome, TurnWishes } from "../../contracts/chat.ts";
import { envelopeText } from "../../contracts/envelope.ts";
import { NO_TYPING } from "../outbound/index.ts";
import { sessionSection } from "../sessions/index.ts";
import { abortWord } from "./_commands/abort.ts";
import { answer, remark, routeOf } from "./_commands/answer.ts";
import type { Answer } from "./_commands/answer.ts";
import { Catalog } from "./_commands/catalog.ts";
import { named } from "./_commands/dynamic.ts";
import { parseMessage, without } from "./_commands/parse.ts";
import type { Token } from "./_commands/parse.ts";
import type { Refusal } from "./_commands/rights.ts";
import { sceneOf } from "./_commands/scene.ts";
import type { Scene } from "./_commands/scene.ts";
import { stopped } from "./_commands/stop.ts";
import type { PipelineDeps } from "./pipeline.ts";
import type { WithMedia } from "./gather.ts";
import type { Routed } from "./route.ts";

export interface Meaning extends WithMedia {
  /** What the agent is told. */
  readonly text: string;
}

/** Answered outside the order of its conversation, so that what is written meanwhile does not wait. */
export interface Later {
  readonly later: () => Promise<Meaning | undefined>;
}

/** Often enough for every network. */
const TYPING_SECONDS = 5;

interface Named {
  readonly command: ChatCommand;
  readonly typed: string;
  readonly rest: string;
}

export async function interpret(deps: PipelineDeps, routed: Routed): Promise<Meaning | Later | undefined> {
  const text = envelopeText(routed.row.envelope);
  const asText: Meaning = { ...routed, text };
  if (routed.row.options?.["plain"] === true) return asText;
  const scene = sceneOf(deps, routed);
  if (scene.authorized && (await stopWord(deps, routed, scene, text))) return undefined;
  if (scene.parsing === "none") return asText;
  const parsed = parseMessage(text, grammar(deps, scene));
  switch (parsed.kind) {
    case "text":
      return asText;
    case "command":
      return carryOut(deps, routed, scene, parsed);
    case "directives":
      return keepDirectives(deps, routed, scene, parsed.tokens);
    case "mixed":
      return among(deps, asText, scene, parsed);
    case "unknown": {
      const found = scene.authorized
        ? await named(deps, scene, { agentId: routed.agentId, unknown: parsed })
        : undefined;
      if (!found) return asText;
      return "wishes" in found ? withWishes(asText, found.wishes, parsed.rest) : carryOut(deps, routed, scene, found);
    }
  }
}

function grammar(deps: PipelineDeps, { config, parsing, settings }: Scene) {
  const offered = parsing === "menu" ? deps.commands.filter(({ native }) => native !== false) : deps.commands;
  const catalog = offered === deps.commands ? deps.catalog : new Catalog(offered);
  return {
    catalog,
    resetTriggers: config.section(sessionSection).resetTriggers,
    bang: settings.bash ? catalog.find("bash") : undefined,
  };
}

/** Whether the message was a word that stops what runs, and has been answered. */
async function stopWord(deps: PipelineDeps, routed: Routed, scene: Scene, text: string): Promise<boolean> {
  const word = abortWord(text);
  if (!word) return false;
  const { anything, reply } = await stopped(scene.call(text.trim(), ""), "stop");
  if (!anything && word === "ambiguous") return false;
  await answer(deps, routed, { reply, reason: "command:stop" });
  return true;
}

async function carryOut(
  deps: PipelineDeps,
  routed: Routed,
  scene: Scene,
  { command, typed, rest }: Named,
): Promise<Meaning | Later | undefined> {
  const refusal = scene.refusal(command);
  if (refusal) return refuse(deps, routed, scene, { command, refusal });
  const perform = async () => {
    const typing = command.slow ? deps.outbound.typing(routeOf(routed), TYPING_SECONDS) : NO_TYPING;
    typing.touch();
    const outcome = await outcomeOf(command, scene.call(typed, rest)).finally(() => typing.stop());
    if (outcome?.turn !== undefined) return withWishes({ ...routed, text: outcome.turn }, outcome.options ?? {});
    await answer(deps, routed, answerOf(command, outcome));
    return undefined;
  };
  return command.slow ? { later: perform } : perform();
}

/** People on chat networks get no answer: a stranger to a command learns nothing of it. */
async function refuse(
  deps: PipelineDeps,
  routed: Routed,
  scene: Scene,
  { command, refusal }: { readonly command: ChatCommand; readonly refusal: Refusal },
): Promise<undefined> {
  const reason = `command:${command.name}:${refusal}`;
  const tell = scene.signedIn || ((refusal === "flag" || refusal === "elevated") && scene.owner);
  if (tell) await answer(deps, routed, { reply: `⚠️ ${whyNot(command, refusal, scene)}`, reason });
  else await deps.store.inbox.settle(routed.row.id, { kind: "ignored", reason });
}

function whyNot({ name, flag }: ChatCommand, refusal: Refusal, scene: Scene): string {
  switch (refusal) {
    case "flag":
      return `/${name} is switched off. To allow it, set commands.${flag} to true.`;
    case "elevated":
      return `/${name} is not available to you: ${scene.closedGate()} does not allow it.`;
    case "member":
      return `/${name} is not for guests.`;
    case "owner":
      return `/${name} is for owners only. The Control UI may, and so may your own chats.`;
    case "unauthorized":
      return "You may not use commands here.";
  }
}

/** Nothing but directives: each is kept for the session, their acknowledgements are one message. */
async function keepDirectives(
  deps: PipelineDeps,
  routed: Routed,
  scene: Scene,
  tokens: readonly Token[],
): Promise<undefined> {
  const allowed = tokens.filter(({ command }) => scene.refusal(command) === undefined);
  const first = tokens[0];
  if (first && allowed.length === 0) {
    const refusal = scene.refusal(first.command) ?? "unauthorized";
    return refuse(deps, routed, scene, { command: first.command, refusal });
  }
  const outcomes: (ChatOutcome | undefined)[] = [];
  for (const { command, typed, rest } of allowed) outcomes.push(await outcomeOf(command, scene.call(typed, rest)));
  const replies = outcomes.flatMap((outcome) => (outcome?.reply === undefined ? [] : [outcome.reply]));
  const choices = outcomes.findLast((outcome) => outcome?.choices)?.choices;
  await answer(deps, routed, {
    reply: replies.length === 0 ? undefined : replies.join("\n"),
    reason: `command:${allowed.map(({ command }) => command.name).join("+")}`,
    ...(choices === undefined ? {} : { choices }),
  });
}

/** Directives hold for this message only; shortcuts are answered at once; the rest goes on. */
async function among(
  deps: PipelineDeps,
  meaning: Meaning,
  scene: Scene,
  { tokens, text }: { readonly tokens: readonly Token[]; readonly text: string },
): Promise<Meaning | undefined> {
  const taken: Token[] = [];
  let wishes: TurnWishes = {};
  const answers: Answer[] = [];
  for (const token of tokens.filter(({ command }) => scene.refusal(command) === undefined)) {
    const call = scene.call(token.typed, token.rest);
    if (token.command.directive) {
      const wanted = await token.command.directive.forTurn(call).catch((error: unknown) => ({ error }));
      if (wanted === undefined) continue;
      if ("error" in wanted) {
        const reason = `command:${token.command.name}:refused`;
        await answer(deps, meaning, { reply: sentence(wanted.error), reason });
        return undefined;
      }
      wishes = merged(wishes, wanted);
    } else answers.push(answerOf(token.command, await outcomeOf(token.command, call)));
    taken.push(token);
  }
  const rest = without(text, taken);
  if (rest === "" && hasNothingElse(meaning)) {
    const replies = answers.flatMap(({ reply }) => (reply === undefined ? [] : [reply]));
    await answer(deps, meaning, { reply: replies.join("\n\n"), reason: answers.map(({ reason }) => reason).join(" ") });
    return undefined;
  }
  for (const [nth, one] of answers.entries()) await remark(deps, meaning, one, nth);
  return withWishes(meaning, wishes, rest);
}

function hasNothingElse({ row }: Meaning): boolean {
  return row.envelope.parts.every(({ type }) => type === "text");
}

/** The turn gets them as if its sender had sent them along. */
function withWishes(meaning: Meaning, wishes: TurnWishes, text = meaning.text): Meaning {
  const { row } = meaning;
  const preferences = { ...(row.options?.["preferences"] as object | undefined), ...wishes.preferences };
  const options = {
    ...row.options,
    ...wishes,
    ...(Object.keys(preferences).length === 0 ? {} : { preferences }),
  };
  return { ...meaning, text, row: { ...row, options } };
}

function merged(a: TurnWishes, b: TurnWishes): TurnWishes {
  const preferences = { ...a.preferences, ...b.preferences };
  return { ...a, ...b, ...(Object.keys(preferences).length === 0 ? {} : { preferences }) };
}

async function outcomeOf(command: ChatCommand, call: ChatCommandCall): Promise<ChatOutcome | undefined> {
  try {
    return await command.run(call);
  } catch (error) {
    return { reply: sentence(error) };
  }
}

function answerOf({ name }: ChatCommand, outcome: ChatOutcome | undefined): Answer {
  const { reply, choices, aside } = outcome ?? {};
  return { reply, reason: `command:${name}`, ...compact({ choices, aside }) };
}

function sentence(error: unknown): string {
  const { message, remedy } = errorData(error);
  const said = /[.!?:)\]`]$/.test(message) ? message : `${message}.`;
  return `⚠️ ${remedy === undefined || remedy === "" ? message : `${said} ${remedy}`}`;
}
