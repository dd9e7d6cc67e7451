/** The door of voice: what is spoken, and what a device that listens is told when it comes. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Attempt } from "./_speech/synthesize.ts";
import type { AutoMode, Where } from "./_speech/settings.ts";
import type { Prefs } from "./_speech/prefs.ts";

export interface Answer extends Where {
  /** As the model wrote it, directions included. */
  readonly text: string;
  /** What the run said before it, in its order; spoken with it where `messages.tts.mode` is `all`. */
  readonly before?: readonly string[];
  readonly config: ConfigSnapshot;
  /** The message that is answered was a voice note. */
  readonly heard: boolean;
  /** The owner wants it: programs of this machine may shorten it. */
  readonly forOwner?: boolean;
  /** A file goes with the answer already. */
  readonly hasMedia: boolean;
  readonly signal: AbortSignal;
}

export interface SoundFile {
  /** Absolute; in a folder for files of a moment. Whoever takes it removes it. */
  readonly path: string;
  readonly mimeType: string;
  readonly provider: string;
  /** The provider's word for the format. */
  readonly format: string;
  /** It can be sent as a voice note, and its network shows such. */
  readonly asVoice: boolean;
}

export interface VoiceState {
  readonly auto: AutoMode;
  /** The provider that is asked first; undefined when none is ready. */
  readonly provider: string | undefined;
  /** Those that follow when it fails. */
  readonly fallbacks: readonly string[];
  readonly providers: readonly {
    readonly id: string;
    readonly label: string;
    readonly configured: boolean;
    /** It needs no key. */
    readonly keyless: boolean;
    readonly models: readonly string[];
    readonly voices: readonly string[];
  }[];
  /** The one in use, and all that are described. */
  readonly persona: string | undefined;
  readonly personas: readonly {
    readonly id: string;
    readonly label: string;
    readonly description?: string;
    readonly provider?: string;
  }[];
  readonly prefs: Prefs;
  readonly prefsPath: string;
  readonly maxLength: number;
  readonly summarize: boolean;
  /** Of the last time that something was spoken. */
  readonly last?: readonly Attempt[];
}

export interface VoiceService {
  /**
   * The sound of an answer where it is to be spoken; undefined = text alone. Never throws; a failure is logged and
   * shown by `state`.
   */
  spoken(answer: Answer): Promise<SoundFile | undefined>;
  /** Throws `SPEECH_NOTHING`, `SPEECH_TOO_LONG`, `SPEECH_NONE_READY`, `SPEECH_PROVIDER_UNKNOWN` or `SPEECH_FAILED`. */
  convert(
    wanted: Where & {
      readonly text: string;
      readonly config: ConfigSnapshot;
      readonly provider?: string;
      readonly voice?: string;
      readonly model?: string;
      /** Settings over those of `messages.tts`, by provider. */
      readonly settings?: Readonly<Record<string, unknown>>;
      readonly timeoutMs?: number;
      readonly signal: AbortSignal;
    },
  ): Promise<SoundFile>;
  state(config: ConfigSnapshot, where?: Where): Promise<VoiceState>;
  /** Choices for the whole machine. Throws `SPEECH_PROVIDER_UNKNOWN` or `SPEECH_PERSONA_UNKNOWN`. */
  choose(config: ConfigSnapshot, change: Prefs): Promise<Prefs>;
  /** Removes sounds that nobody came for. Answers how many. */
  sweep(): Promise<number>;
}

export { Voice } from "./_service-tokens.ts";
export type { AutoMode, Prefs };
export { speechMode } from "./_speech/mode.ts";
export { readTriggers } from "./_triggers.ts";

/** Which agent each word wakes: always the one in use. */
export const WAKE_ROUTING = { version: 1, defaultTarget: { mode: "current" }, routes: [], updatedAtMs: 0 } as const;
