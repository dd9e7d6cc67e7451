import { DEFAULT_ACCOUNT, credentialDigest, resolveAccounts } from "openclaw/channel-kit";
import type { ChannelAccount, ChannelPreview, DmPolicy, Env } from "openclaw/sdk";
import { REPEAT_MARK } from "./_texts.ts";

/** An entry of the menu that the operator added. */
export interface CustomCommand {
  readonly command: string;
  readonly description: string;
}

/** What one account needs to connect. Plain data. */
export interface TelegramSettings {
  readonly botToken?: string;
  /** Read when the account is opened. */
  readonly tokenFile?: string;
  /** Without a slash at the end. */
  readonly apiRoot: string;
  readonly callTimeoutMs: number;
  readonly stallMs: number;
  readonly linkPreview: boolean;
  readonly preview: PreviewSettings;
  /** Messages may have buttons. */
  readonly buttons: boolean;
  readonly customCommands: readonly CustomCommand[];
  /** What is said about the menu; a change of it connects anew, so that the menu is right. */
  readonly commands: unknown;
  /** Keys that are set and that this version does not act on. */
  readonly unused: readonly string[];
}

/** How answers are shown while they are written. */
export interface PreviewSettings {
  /** `draft`: in topics of private chats only. */
  readonly kind: "off" | "draft" | "message";
  /** It grows by pieces. */
  readonly chunk?: NonNullable<ChannelPreview["chunk"]>;
  /** Its message quotes the question, as the answer will. */
  readonly quotes: boolean;
}

type Raw = Readonly<Record<string, unknown>>;

/** Telegram's limit after the markup is taken out, less the mark of a repeated message. */
const HARD_LIMIT = 4096 - REPEAT_MARK.length;
const CREDENTIALS = ["botToken", "tokenFile"] as const;
const UNUSED = ["proxy", "webhookUrl"] as const;

export function telegramAccounts(section: unknown, env: Env): ChannelAccount<TelegramSettings>[] {
  const floor = list((section as Raw | undefined)?.["allowFrom"]);
  return resolveAccounts(section, {
    credentials: CREDENTIALS,
    replaced: ["groups", "direct"],
    notShared: ["groups"],
  }).map(({ id, settings, usesEnv }) => {
    const login = loginOf(settings, usesEnv ? env : {});
    const apiRoot = (text(settings["apiRoot"]) ?? "https://api.telegram.org").replace(/\/+$/, "");
    const name = text(settings["name"]);
    return {
      id,
      ...(name === undefined ? {} : { name }),
      enabled: settings["enabled"] !== false,
      configured: login.source !== undefined,
      ...(login.source === undefined
        ? { missing: login.missing ?? missing(id) }
        : {
            credentialSource: login.source,
            credential: credentialDigest(apiRoot, login.token ?? `file:${login.file}`),
          }),
      dmPolicy: (text(settings["dmPolicy"]) ?? "pairing") as DmPolicy,
      allowFrom: allowFromOf(list(settings["allowFrom"]), floor),
      textLimit: Math.min(number(settings["textChunkLimit"]) ?? 4000, HARD_LIMIT),
      replyToMode: replyToMode(settings),
      chunkMode: settings["chunkMode"] === "newline" ? "newline" : "length",
      settings: {
        ...(login.token === undefined ? {} : { botToken: login.token }),
        ...(login.file === undefined ? {} : { tokenFile: login.file }),
        apiRoot,
        callTimeoutMs: (number(settings["timeoutSeconds"]) ?? 60) * 1000,
        stallMs: number(settings["pollingStallThresholdMs"]) ?? 120_000,
        linkPreview: settings["linkPreview"] !== false,
        preview: previewOf(settings),
        buttons: hasButtons(settings["capabilities"]),
        customCommands: customCommands(settings["customCommands"]),
        commands: settings["commands"] ?? null,
        unused: UNUSED.filter((key) => settings[key] !== undefined),
      },
    };
  });
}

function replyToMode(settings: Raw): NonNullable<ChannelAccount["replyToMode"]> {
  const known = ["off", "first", "all", "batched"] as const;
  return known.find((mode) => mode === settings["replyToMode"]) ?? "first";
}

/** `streaming`, in any of its forms, wins over the older `streamMode`. */
function previewOf(settings: Raw): PreviewSettings {
  const { streaming, streamMode } = settings;
  const told = typeof streaming === "object" && streaming !== null ? (streaming as Raw)["mode"] : streaming;
  const given = streaming === undefined ? (streamMode ?? "partial") : told === true ? "partial" : (told ?? "partial");
  const mode = replyToMode(settings);
  const quotes = mode === "first" || mode === "all";
  if (given === "off" || given === false) return { kind: "off", quotes };
  const kind = streaming === undefined ? "draft" : "message";
  return { kind, quotes, ...(given === "block" ? { chunk: chunkOf(settings["draftChunk"]) } : {}) };
}

function chunkOf(value: unknown): NonNullable<PreviewSettings["chunk"]> {
  const given = (value ?? {}) as Raw;
  const breaks = ["paragraph", "newline", "sentence"] as const;
  return {
    minChars: number(given["minChars"]) ?? 200,
    maxChars: number(given["maxChars"]) ?? 800,
    breakPreference: breaks.find((one) => one === given["breakPreference"]) ?? "paragraph",
  };
}

interface Login {
  readonly source?: "config" | "file" | "env";
  readonly token?: string;
  readonly file?: string;
  readonly missing?: string;
}

/** The configuration's own token, then a token file, then the environment. */
function loginOf(settings: Raw, env: Env): Login {
  if (typeof settings["botToken"] === "object")
    return {
      missing:
        "channels.telegram.botToken is a reference to a secret, which this version cannot resolve; use tokenFile or an environment variable.",
    };
  const token = text(settings["botToken"]);
  if (token !== undefined) return { source: "config", token };
  const file = text(settings["tokenFile"]);
  if (file !== undefined) return { source: "file", file: file.replace(/^~(?=\/|$)/, env["HOME"] ?? "~") };
  const fromEnv = text(env["TELEGRAM_BOT_TOKEN"]);
  return fromEnv === undefined ? {} : { source: "env", token: fromEnv };
}

/** In direct chats: `off` and `group` mean none. */
function hasButtons(capabilities: unknown): boolean {
  if (capabilities === null || typeof capabilities !== "object" || Array.isArray(capabilities)) return true;
  const scope = (capabilities as Raw)["inlineButtons"];
  return scope !== "off" && scope !== "group" && scope !== false;
}

function customCommands(value: unknown): readonly CustomCommand[] {
  return (Array.isArray(value) ? value : []).flatMap((entry: Raw) => {
    const command = text(entry["command"]);
    return command === undefined ? [] : [{ command, description: text(entry["description"]) ?? command }];
  });
}

function missing(id: string): string {
  return id === DEFAULT_ACCOUNT
    ? "Set channels.telegram.botToken (or TELEGRAM_BOT_TOKEN) to the token that @BotFather gave you."
    : `Set channels.telegram.accounts.${id}.botToken to the token that @BotFather gave you.`;
}

/** A list at the channel without `*` stays the limit: an account cannot open itself to everybody. */
function allowFromOf(own: readonly string[], floor: readonly string[]): readonly string[] {
  if (floor.length === 0 || floor.includes("*")) return own;
  const named = own.filter((entry) => entry !== "*");
  return named.length > 0 ? named : floor;
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((entry) => String(entry).trim()).filter((entry) => entry !== "") : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
