/** What the owner has changed and not saved. It outlives a reload in this tab, but for secrets that were typed into fields. */
import { effect, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Keeper } from "../lib/storage.ts";
import type { Edit } from "../model/settings/edits.ts";
import { holdsSecret } from "../model/settings/schema.ts";
import type { Catalogue } from "../model/settings/schema.ts";
import type { SettingsFile } from "./settings-file.ts";

export interface Drafts {
  readonly edits: Signal<readonly Edit[]>;
  /** The file as text, while it differs from what is stored. */
  readonly text: Signal<string | undefined>;
  /** Hash of the file that the drafts were made on. */
  base(): string | undefined;
}

interface Ground {
  readonly catalogue: ReadonlySignal<Catalogue | undefined>;
  readonly file: ReadonlySignal<SettingsFile | undefined>;
}

const EDITS = "settings.edits";
const TEXT = "settings.text";
const BASE = "settings.base";

export function createDrafts(tab: Keeper, { catalogue, file }: Ground): Drafts {
  const edits = signal<readonly Edit[]>(kept(tab));
  const text = signal<string | undefined>(tab.get(TEXT));

  effect(() => tab.set(TEXT, text.value));
  effect(() => {
    const known = catalogue.value;
    if (known === undefined) return;
    const list = edits.value.filter(({ path, value }) => !holdsSecret(known, path, value));
    tab.set(EDITS, list.length === 0 ? undefined : JSON.stringify(list));
  });
  effect(() => {
    if (file.value === undefined) return;
    const begun = edits.value.length > 0 || text.value !== undefined;
    tab.set(BASE, begun ? file.value.hash : undefined);
  });

  return { edits, text, base: () => file.value?.hash ?? tab.get(BASE) };
}

function kept(tab: Keeper): readonly Edit[] {
  try {
    const list: unknown = JSON.parse(tab.get(EDITS) ?? "[]");
    return Array.isArray(list) ? (list as Edit[]).filter((one) => Array.isArray(one?.path)) : [];
  } catch {
    return [];
  }
}
