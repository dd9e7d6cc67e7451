/** The door of media: files that came in, pictures made to fit, documents as text, and what was understood of them. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Fault } from "../../base/errors.ts";
import type { FittedPicture } from "./_fit.ts";
import type { Incoming, StoredMedia } from "./_store.ts";
import type { Ear, Listening, Transcript } from "./_understand/transcribe.ts";
import type { Situation, Understood } from "./_understand/understand.ts";
import type { PdfText, PictureLimits, Work } from "./_thread/protocol.ts";

export interface MediaService {
  /**
   * A picture within limits: the bytes that were given where they fit, else turned upright, made smaller and without
   * what its camera wrote into it. Throws `IMAGE_BOMB`, `IMAGE_BROKEN`, `IMAGE_TOO_BIG` or
   * `IMAGE_PROCESSING_UNAVAILABLE`.
   */
  fit(data: Uint8Array, limits?: PictureLimits): Promise<FittedPicture>;
  /** Throws `PDF_BROKEN` or `PDF_LOCKED`. */
  pdfText(asked: Work["pdf"]["asked"]): Promise<PdfText>;
  /** Stores a file that came in. Throws `INBOUND_TOO_LARGE` or `INBOUND_NO_MEDIA`. */
  keep(incoming: Omit<Incoming, "at">): Promise<StoredMedia>;
  /** By id, or by reference (`media://inbound/<id>`); undefined when there is none. */
  find(idOrRef: string): Promise<StoredMedia | undefined>;
  /** Throws `MEDIA_UNKNOWN`. */
  read(media: StoredMedia): Promise<Buffer>;
  /** Copies it into a workspace; answers with its path there, relative, with slashes. */
  stage(media: StoredMedia, workspace: string): Promise<string>;
  /** What `mediaMaxMb` says to a file of this size. */
  tooLarge(bytes: number, maxBytes: number): Fault;
  /**
   * Looks at pictures, sound and videos as `tools.media` says, within its limits. Undefined when there was nothing to
   * look at. Never rejects: what fails is an outcome.
   */
  understand(files: readonly StoredMedia[], situation: Situation): Promise<Understood | undefined>;
  /** Words of a sound file, absolute. Throws `AUDIO_UNREADABLE`, `AUDIO_NOBODY` or `AUDIO_FAILED`. */
  transcribe(path: string, wanted: Listening): Promise<Transcript>;
  /** Who can hear, and who could hear now. */
  ears(of: Pick<Listening, "config" | "agentId">): Promise<readonly Ear[]>;
  /** Removes what is too old or too much. Answers how many files. */
  sweep(): Promise<number>;
}

/** What a picture may have when it goes to a model with somebody's message. */
export const MODEL_PICTURE: PictureLimits = { maxSide: 2000, maxBytes: 4_928_307 };

/** Of pictures that tools give to the model. */
export function toolPicture(config: ConfigSnapshot): PictureLimits {
  const side = config.at("agents.defaults.imageMaxDimensionPx");
  return { ...MODEL_PICTURE, maxSide: typeof side === "number" && side > 0 ? side : 1200 };
}

/** `media://inbound/<id>` */
export function mediaRef({ id }: Pick<StoredMedia, "id">): string {
  return `media://inbound/${id}`;
}

export { bytesOf, nameOf as shortName, previewOf, sourceOf } from "./_source.ts";
export type { FittedPicture } from "./_fit.ts";
export type { Incoming, MediaKind, StoredMedia } from "./_store.ts";
export { sizeText } from "./_size.ts";
export type { Understood, Situation } from "./_understand/understand.ts";
export type { PdfText, PictureLimits } from "./_thread/protocol.ts";
export { Media } from "./_service-tokens.ts";
