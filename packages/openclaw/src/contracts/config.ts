/** A section of `openclaw.json`, declared once: schema, defaults, reload behaviour, hints. */
import type { Static, TSchema } from "./schema.ts";

/**
 * What a change of a key needs.
 * `live`: read on next use · `restart:<part>`: that part restarts by itself · `restart`: the gateway restarts.
 */
export type Reload = "live" | "none" | "restart" | `restart:${string}`;

export interface ConfigSection<S extends TSchema = TSchema> {
  /** Place in the file, dotted: `gateway`, `channels.telegram`, `agents`. */
  readonly path: string;
  /** One sentence for the reference. */
  readonly summary: string;
  /** Closed TypeBox object; `default` and `description` on every key that has one. */
  readonly schema: S;
  /**
   * The schema is made when it is first asked for: its makers promise that there is nothing to fill in, so
   * that loading a file without the section does not ask.
   */
  readonly onDemand?: true;
  readonly reload: Reload;
  /** Dotted paths below `path` with another reload behaviour; `*` matches one segment. */
  readonly reloads?: Readonly<Record<string, Reload>>;
  /** Dotted paths below `path` that hold secrets; `*` matches one segment. */
  readonly secrets?: readonly string[];
  /** Dotted paths below `path` where a reference to a secret is refused: it is read before any is resolved. */
  readonly noReferences?: readonly string[];
  /** Rules between keys: what is found makes the file wrong. */
  readonly rules?: ConfigRule<S>;
  /** The same for what is worth saying although the file is right. */
  readonly warnings?: ConfigRule<S>;
}

/**
 * Gets the section with its defaults and the whole configuration; returns dotted paths below the section with
 * a message each.
 */
export type ConfigRule<S extends TSchema = TSchema> = (
  value: Static<S>,
  root: Readonly<Record<string, unknown>>,
) => readonly { readonly path: string; readonly message: string }[];

export function defineConfig<S extends TSchema>(section: ConfigSection<S>): ConfigSection<S> {
  return section;
}

/** The configuration that consumers see: validated, defaults filled, variables substituted. Immutable. */
export interface ConfigSnapshot {
  /** The section's value with defaults; never undefined. */
  section<S extends TSchema>(section: ConfigSection<S>): Static<S>;
  /** The value at a dotted path of the whole configuration, defaults included. */
  at(path: string): unknown;
  /** The whole, for clients (secrets still inside: mask before it leaves). */
  readonly root: Readonly<Record<string, unknown>>;
  /** Identifies the bytes of the file this came from. */
  readonly hash: string;
}
