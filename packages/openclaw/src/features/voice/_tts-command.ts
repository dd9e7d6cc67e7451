/** Body of `/tts`: the mode holds for the session, everything else for the machine. */
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { remove } from "../../base/files.ts";
import { Config } from "../config/index.ts";
import { Sessions } from "../sessions/index.ts";
import { Voice } from "./_service-tokens.ts";
import { isMode } from "./_speech/settings.ts";
import type { VoiceService, VoiceState } from "./index.ts";

const HELP = [
  "/tts off | always | inbound | tagged — when answers of this chat are spoken",
  "/tts chat default — as the configuration says",
  "/tts provider <id> — who speaks",
  "/tts limit <characters> — longer answers are summarised first",
  "/tts summary on | off — or not spoken at all",
  "/tts audio <text> — speak a text once",
  "/tts status",
].join("\n");

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
    case "audio":
      return audio(at, value);
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
  const ready = state.providers.find(({ id }) => id === prefs.provider)?.configured === true;
  return `Speech provider: ${prefs.provider ?? value}.${ready ? "" : " It cannot be used yet: its key is missing."}`;
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

async function audio({ call, voice, config }: At, text: string): Promise<ChatOutcome> {
  if (text.trim() === "") return { reply: "Say what is to be spoken: /tts audio <text>" };
  const { agentId, address, signal } = call;
  const where = { agentId, channel: address.channel, account: address.account };
  const sound = await voice.convert({ text, config, signal, ...where });
  if (call.sendFile === undefined) {
    await remove(sound.path);
    return { reply: "This chat cannot take sound. Ask for it where files can be sent." };
  }
  await call.sendFile(sound.path, { asVoice: sound.asVoice });
  await remove(sound.path);
  return {};
}

async function statusText({ call, voice, config }: At): Promise<string> {
  const { agentId, address } = call;
  const state = await voice.state(config, { agentId, channel: address.channel, account: address.account });
  const own = (await (await call.use(Sessions)).get(call.sessionKey))?.entry["ttsAuto"];
  const auto = isMode(own) ? `${own} (this chat)` : state.auto;
  const attempts = state.last?.map(({ provider: id, ms, error }) => `${id} ${error ?? `ok in ${ms} ms`}`);
  return [
    `Spoken answers: ${auto}`,
    providersText(state),
    `Limit: ${state.maxLength} characters, summary ${state.summarize ? "on" : "off"}`,
    ...(attempts === undefined ? [] : [`Last: ${attempts.join("; ")}`]),
  ].join("\n");
}

function providersText({ provider: active, fallbacks, providers }: VoiceState): string {
  const ready = active === undefined ? "none is ready" : [active, ...fallbacks].join(" → ");
  const others = providers.filter(({ configured }) => !configured).map(({ id }) => id);
  return `Provider: ${ready}${others.length === 0 ? "" : `\nWithout a key: ${others.join(", ")}`}`;
}
