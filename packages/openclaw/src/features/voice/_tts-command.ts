/** Body of `/tts`: the mode holds for the session, everything else for the machine. */
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { remove } from "../../base/files.ts";
import { textOf } from "../../contracts/message.ts";
import { Config } from "../config/index.ts";
import { Sessions } from "../sessions/index.ts";
import { TranscriptsToken } from "../../store/index.ts";
import type { Entry, MessageEntry } from "../../store/index.ts";
import { Voice } from "./_service-tokens.ts";
import { isMode } from "./_speech/settings.ts";
import { plainAnswer } from "./_speech/decide.ts";
import type { VoiceService, VoiceState } from "./index.ts";

const HELP = [
  "/tts off | always | inbound | tagged — when answers of this chat are spoken",
  "/tts chat default — as the configuration says",
  "/tts provider <id> — who speaks",
  "/tts persona <id> | off — in which way",
  "/tts limit <characters> — longer answers are summarised first",
  "/tts summary on | off — or not spoken at all",
  "/tts audio <text> — speak a text once",
  "/tts latest — speak the last answer of this chat",
  "/tts status",
].join("\n");

/** How far back the last answer is looked for. */
const TAIL = { maxEntries: 100, maxBytes: 2 * 1024 * 1024 };
const SHORTEST_LIMIT = 100;
const LONGEST_LIMIT = 4096;

interface At {
  readonly call: ChatCommandCall;
  readonly voice: VoiceService;
  readonly config: ConfigSnapshot;
}

export async function ttsCommand(call: ChatCommandCall): Promise<ChatOutcome> {
  const [, word = "", value = ""] = /^(\S*)\s*([\s\S]*)$/.exec(call.rest.trim()) ?? [];
  const [voice, config] = await Promise.all([call.use(Voice), call.use(Config)]);
  const at = { call, voice, config: config.current() };
  switch (word.toLowerCase()) {
    case "":
    case "status":
      return { reply: await statusText(at) };
    case "provider":
      return { reply: await provider(at, value) };
    case "limit":
      return { reply: await limit(at, value) };
    case "summary":
      return { reply: await summary(at, value) };
    case "persona":
      return { reply: await persona(at, value) };
    case "audio":
      return audio(at, value);
    case "latest":
      return latest(at);
    case "chat":
      return { reply: await mode(at, value) };
    case "help":
      return { reply: HELP };
    default:
      return { reply: await mode(at, word) };
  }
}

async function mode({ call }: At, word: string): Promise<string> {
  const told = word.toLowerCase() === "on" ? "always" : word.toLowerCase();
  if (told !== "default" && !isMode(told)) return `I do not know "${word}".\n${HELP}`;
  const sessions = await call.use(Sessions);
  await sessions.ensure(call.sessionKey, { address: call.address });
  await sessions.patch(call.sessionKey, { set: { ttsAuto: told === "default" ? null : told } });
  if (told === "default") return "Answers of this chat are spoken as the configuration says.";
  if (told === "off") return "Answers of this chat are not spoken.";
  if (told === "inbound") return "Answers to voice messages are spoken in this chat.";
  if (told === "tagged") return "Answers are spoken in this chat when the assistant asks for it.";
  return "Every answer of this chat is spoken.";
}

async function provider({ voice, config }: At, value: string): Promise<string> {
  if (value === "") return providersText(await voice.state(config));
  const prefs = await voice.choose(config, { provider: value });
  const state = await voice.state(config);
  const chosen = prefs.provider ?? value;
  if (state.provider !== chosen && state.persona !== undefined)
    return `Speech provider: ${chosen}. While the persona ${state.persona} is in use, ${state.provider ?? "its own"} speaks; leave it with /tts persona off.`;
  const found = state.providers.find(({ id }) => id === chosen);
  if (found?.keyless === true) return `Speech provider: ${chosen}. It needs no key: texts go to Microsoft.`;
  return `Speech provider: ${chosen}.${found?.configured === true ? "" : " It cannot be used yet: its key is missing."}`;
}

async function persona({ voice, config }: At, value: string): Promise<string> {
  const { personas, persona: used } = await voice.state(config);
  if (value === "") {
    if (personas.length === 0) return "No personas are described. They stand under messages.tts.personas.";
    const lines = personas.map(({ id, label, description }) => {
      const more = [label === id ? "" : label, description ?? ""].filter((part) => part !== "").join(": ");
      return `${id === used ? "• " : ""}${id}${more === "" ? "" : ` (${more})`}`;
    });
    return `Personas:\n${lines.join("\n")}`;
  }
  const off = ["off", "none", "default"].includes(value.toLowerCase());
  await voice.choose(config, { persona: off ? "" : value });
  return off ? "No persona is in use." : `Persona: ${value}.`;
}

async function limit({ voice, config }: At, value: string): Promise<string> {
  const characters = Number(value);
  if (!Number.isInteger(characters) || characters < SHORTEST_LIMIT || characters > LONGEST_LIMIT)
    return `Give a number of characters from ${SHORTEST_LIMIT} to ${LONGEST_LIMIT}.`;
  await voice.choose(config, { maxLength: characters });
  return `Answers longer than ${characters} characters are summarised before they are spoken.`;
}

async function summary({ voice, config }: At, value: string): Promise<string> {
  const on = { on: true, off: false }[value.toLowerCase()];
  if (on === undefined) return "Say /tts summary on or /tts summary off.";
  await voice.choose(config, { summarize: on });
  return on ? "Long answers are summarised before they are spoken." : "Long answers are not spoken.";
}

/** The last answer of the chat, whether or not it was spoken. */
async function latest(at: At): Promise<ChatOutcome> {
  const { call } = at;
  const [sessions, transcripts] = await Promise.all([call.use(Sessions), call.use(TranscriptsToken)]);
  const session = await sessions.get(call.sessionKey);
  const { entries } = session
    ? await transcripts.tail({ agentId: session.agentId, sessionId: session.entry.sessionId }, TAIL)
    : { entries: [] };
  const last = entries.flatMap(answerIn).findLast((text) => text.trim() !== "");
  if (last === undefined) return { reply: "Nothing was answered in this chat yet." };
  return audio(at, plainAnswer(last));
}

function answerIn(entry: Entry): string[] {
  if (entry.type !== "message") return [];
  const { message } = entry as MessageEntry;
  return message.role === "assistant" ? [textOf(message)] : [];
}

async function audio({ call, voice, config }: At, text: string): Promise<ChatOutcome> {
  if (text.trim() === "") return { reply: "Say what is to be spoken: /tts audio <text>" };
  const { agentId, address, signal } = call;
  const mode = (await (await call.use(Sessions)).get(call.sessionKey))?.entry["ttsAuto"];
  const where = { agentId, channel: address.channel, account: address.account, mode };
  const sound = await voice.convert({ text, config, signal, ...where });
  if (call.sendFile === undefined) {
    await remove(sound.path);
    return { reply: "This chat cannot take sound. Ask for it where files can be sent." };
  }
  try {
    await call.sendFile(sound.path, { asVoice: sound.asVoice });
  } finally {
    await remove(sound.path);
  }
  return {};
}

async function statusText({ call, voice, config }: At): Promise<string> {
  const { agentId, address } = call;
  const own = (await (await call.use(Sessions)).get(call.sessionKey))?.entry["ttsAuto"];
  const where = { agentId, channel: address.channel, account: address.account, mode: own };
  const state = await voice.state(config, where);
  const auto = isMode(own) ? `${own} (this chat)` : state.auto;
  const attempts = state.last?.map(({ provider: id, ms, error }) => `${id} ${error ?? `ok in ${ms} ms`}`);
  return [
    `Spoken answers: ${auto}`,
    providersText(state),
    ...(state.persona === undefined ? [] : [`Persona: ${state.persona}`]),
    `Limit: ${state.maxLength} characters, summary ${state.summarize ? "on" : "off"}`,
    ...(attempts === undefined ? [] : [`Last: ${attempts.join("; ")}`]),
  ].join("\n");
}

function providersText({ provider: active, fallbacks, providers }: VoiceState): string {
  const ready = active === undefined ? "none is ready" : [active, ...fallbacks].join(" → ");
  const others = providers.filter(({ configured, keyless }) => !configured && !keyless).map(({ id }) => id);
  return `Provider: ${ready}${others.length === 0 ? "" : `\nNot set up: ${others.join(", ")}`}`;
}
