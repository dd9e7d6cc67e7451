/**
 * Choices that were made in chats and hold for the whole machine: `settings/tts.json` in the state directory, or
 * `messages.tts.prefsPath`, or `OPENCLAW_TTS_PREFS`. A file that cannot be read is kept aside.
 */
import { dirname, join } from "node:path";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Platform } from "../../../contracts/service.ts";
import { ensureDir, keepAs, readText, writeDurable } from "../../../base/files.ts";
import { pathFrom } from "../../../base/path.ts";
import { isRecord } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { isMode } from "./settings.ts";
import type { AutoMode } from "./settings.ts";

export interface Prefs {
  readonly auto?: AutoMode;
  readonly provider?: string;
  /** Empty = none, whatever is configured. */
  readonly persona?: string;
  readonly maxLength?: number;
  readonly summarize?: boolean;
}

const MAX_BYTES = 64 * 1024;

export type Ambient = Pick<Platform, "env" | "paths" | "log" | "clock">;

export function prefsPath({ env, paths }: Pick<Platform, "env" | "paths">, config: ConfigSnapshot): string {
  const told = env["OPENCLAW_TTS_PREFS"]?.trim() || config.at("messages.tts.prefsPath");
  return typeof told === "string" && told !== ""
    ? pathFrom(paths.home, told, paths.home)
    : join(paths.state, "settings", "tts.json");
}

export async function readPrefs(platform: Ambient, config: ConfigSnapshot): Promise<Prefs> {
  return prefsIn(await readRaw(platform, prefsPath(platform, config)));
}

/** Changes some of them; unknown keys of the file stay. */
export async function writePrefs(platform: Ambient, config: ConfigSnapshot, change: Prefs): Promise<Prefs> {
  const path = prefsPath(platform, config);
  const { enabled: _, ...before } = await readRaw(platform, path);
  const all = { ...before, ...change };
  await ensureDir(dirname(path));
  await writeDurable(path, `${JSON.stringify(all, null, 2)}\n`);
  return prefsIn(all);
}

async function readRaw({ log, clock }: Ambient, path: string): Promise<Record<string, unknown>> {
  const text = await readText(path, MAX_BYTES);
  if (text === undefined || text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return { ...value };
  } catch {
    // It is said below.
  }
  const aside = `${path}.broken-${clock.now()}`;
  await keepAs(path, aside);
  log.warn("the file of speech choices cannot be read; it is kept aside", { path, aside });
  return {};
}

function prefsIn(raw: Readonly<Record<string, unknown>>): Prefs {
  const { auto, enabled, provider, persona, maxLength, summarize } = raw;
  return compact({
    auto: isMode(auto)
      ? auto
      : enabled === true
        ? ("always" as const)
        : enabled === false
          ? ("off" as const)
          : undefined,
    provider: typeof provider === "string" && provider !== "" ? provider : undefined,
    persona: typeof persona === "string" ? persona : undefined,
    maxLength: typeof maxLength === "number" && maxLength >= 100 ? Math.floor(maxLength) : undefined,
    summarize: typeof summarize === "boolean" ? summarize : undefined,
  }) as Prefs;
}
