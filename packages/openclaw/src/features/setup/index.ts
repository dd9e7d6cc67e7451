/** The door of set-up: making a state directory that a gateway can start with. */
export { setUp } from "./_set-up.ts";
export { adoptModel, findModel } from "./_detect.ts";

/** A model that can be used as things are. */
export interface DetectedModel {
  /** `provider/id`. */
  readonly ref: string;
  /** For people, with where it comes from: `Claude Opus 4.5 (key from ANTHROPIC_API_KEY)`. */
  readonly label: string;
  /** What must stand under `models.providers.<id>` for it, when it is no built-in provider. */
  readonly provider?: { readonly id: string; readonly config: Readonly<Record<string, unknown>> };
}

/** What was made and what was there. Paths are absolute. */
export interface SetupReport {
  readonly created: readonly string[];
  readonly kept: readonly string[];
  /** The model that was written; absent when the configuration was there already or no model was found. */
  readonly model?: DetectedModel;
}
