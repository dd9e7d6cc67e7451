/**
 * What is spoken, and how: `messages.tts`, over it the agent's `tts`, the channel's, the account's, then what was
 * chosen in chats (`settings/tts.json`).
 */
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { isRecord, record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";
import { personasIn } from "./persona.ts";
import type { Persona } from "./persona.ts";
import type { Prefs } from "./prefs.ts";

export type AutoMode = "off" | "always" | "inbound" | "tagged";
export const AUTO_MODES: readonly AutoMode[] = ["off", "always", "inbound", "tagged"];

export interface SpeechSettings {
  readonly auto: AutoMode;
  /** Speak the whole run, not only its last answer. */
  readonly whole: boolean;
  readonly provider?: string;
  /** The one in use. */
  readonly persona?: Persona;
  readonly personas: readonly Persona[];
  readonly summaryModel?: string;
  readonly overrides: Overrides;
  readonly maxTextLength: number;
  readonly timeoutMs: number;
  /** Longer answers are summarised before they are spoken, or not spoken at all. */
  readonly maxLength: number;
  readonly summarize: boolean;
  /** Settings of one provider, the map form over the older one; `names`: its id after its other names. */
  readonly of: (...names: readonly string[]) => Loose;
}

/** What the model may choose by tags. */
export interface Overrides {
  readonly enabled: boolean;
  readonly text: boolean;
  readonly provider: boolean;
  readonly voice: boolean;
  readonly model: boolean;
  readonly sound: boolean;
  readonly normalization: boolean;
  readonly seed: boolean;
}

export interface Where {
  /** What was chosen for the session (`ttsAuto`): over everything else. */
  readonly mode?: unknown;
  readonly agentId?: string;
  readonly channel?: string;
  readonly account?: string;
}

const MAX_LENGTH = 1500;

/** `over`: settings by provider for this once. */
export function speechSettings(
  config: ConfigSnapshot,
  prefs: Prefs,
  where: Where = {},
  over: Loose = {},
): SpeechSettings {
  const layers = [config.at("messages.tts"), ...layersOf(config, where)].filter(isRecord).map(withoutLegacy);
  const all = layers.reduce((under, over) => merged(under, over), {});
  const told = all["modelOverrides"];
  const auto = isMode(where.mode) ? where.mode : (prefs.auto ?? all["auto"]);
  const personas = personasIn(all["personas"]);
  const wanted = prefs.persona ?? nonEmpty(all["persona"]);
  const persona = personas.find(({ id }) => id === wanted);
  const provider = persona?.provider ?? prefs.provider ?? nonEmpty(all["provider"]);
  const summaryModel = nonEmpty(all["summaryModel"]);
  return {
    auto: isMode(auto) ? auto : "off",
    whole: all["mode"] === "all",
    ...(provider === undefined ? {} : { provider }),
    ...(persona === undefined ? {} : { persona }),
    personas,
    ...(summaryModel === undefined ? {} : { summaryModel }),
    overrides: overridesOf(record(told)),
    maxTextLength: number(all["maxTextLength"], 4000),
    timeoutMs: number(all["timeoutMs"], 30_000),
    maxLength: prefs.maxLength ?? MAX_LENGTH,
    summarize: prefs.summarize ?? true,
    of: (...names) => {
      const layered = [all, record(all["providers"]), persona?.providers ?? {}, over];
      const blocks = layered.flatMap((from) => names.map((name) => record(from[name])));
      return blocks.reduce((under, over) => merged(under, over), {});
    },
  };
}

export function isMode(value: unknown): value is AutoMode {
  return AUTO_MODES.includes(value as AutoMode);
}

function layersOf(config: ConfigSnapshot, { agentId, channel, account }: Where): unknown[] {
  const agents = config.at("agents.list");
  const agent = (Array.isArray(agents) ? agents : []).find((one: { id?: unknown }) => one.id === agentId);
  const own = channel === undefined ? {} : record(record(config.at("channels"))[channel]);
  const accounts = record(own["accounts"]);
  return [record(agent)["tts"], own["tts"], account === undefined ? undefined : record(accounts[account])["tts"]];
}

/** `enabled` is the older word for the mode. */
function withoutLegacy({ enabled, ...layer }: Loose): Loose {
  return typeof enabled === "boolean" ? { ...layer, auto: enabled ? "always" : "off" } : layer;
}

/** Objects are merged, everything else is replaced. */
function merged(under: Loose, over: Loose): Loose {
  const both = Object.entries(over).map(([key, value]) => {
    const before = under[key];
    return [key, isRecord(before) && isRecord(value) ? merged(before, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(both) };
}

function overridesOf(told: Loose): Overrides {
  const allowed = (name: string, usual = true) => (typeof told[name] === "boolean" ? told[name] : usual);
  return {
    enabled: allowed("enabled"),
    text: allowed("allowText"),
    provider: allowed("allowProvider", false),
    voice: allowed("allowVoice"),
    model: allowed("allowModelId"),
    sound: allowed("allowVoiceSettings"),
    normalization: allowed("allowNormalization"),
    seed: allowed("allowSeed"),
  };
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function number(value: unknown, usual: number): number {
  return typeof value === "number" && value > 0 ? value : usual;
}
