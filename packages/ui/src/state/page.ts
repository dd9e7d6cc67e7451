/** Which page stands in the centre: the conversation, or one that is loaded when it is first opened. */
import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { readPlace, readSide, withPlace, withSide } from "../lib/address.ts";
import type { Place, SidePage } from "../lib/address.ts";
import type { ConnectionStore } from "./connection.ts";
import type { ModelsStore } from "./models.ts";
import { createPart } from "./part.ts";
import type { Part } from "./part.ts";
import type { SettingsStore } from "./settings.ts";
import type { SkillsStore } from "./skills.ts";
import type { UsageStore } from "./usage.ts";
import type { Keeper } from "../lib/storage.ts";

/** What the chunk of the settings brings. */
export interface SettingsChunk {
  readonly store: SettingsStore;
  readonly Page: ComponentType;
}

/** What the chunk of a page beside the settings brings. */
interface Chunk<Store> {
  readonly store: Store;
  readonly Page: ComponentType;
}

export interface SideParts {
  readonly models: Part<Chunk<ModelsStore>>;
  readonly skills: Part<Chunk<SkillsStore>>;
  readonly usage: Part<Chunk<UsageStore>>;
}

export interface PageStore {
  /** The open place of the settings; undefined while the conversation stands there. */
  readonly settings: ReadonlySignal<Place | undefined>;
  /** A search that was asked for; the settings take it when they show. */
  readonly wanted: Signal<string | undefined>;
  readonly chunk: ReadonlySignal<SettingsChunk | "failed" | undefined>;
  /** The page beside the settings that stands there. */
  readonly side: ReadonlySignal<SidePage | undefined>;
  readonly parts: SideParts;
  openSide(name: SidePage): void;
  /** `at`: a config path; the settings' front without it. */
  openSettings(at?: string): void;
  openFile(): void;
  /** Opens the settings with a search. */
  searchSettings(query: string): void;
  /** Reads the address after it changed by itself. */
  follow(): void;
  /** To the conversation, without touching the address. */
  leave(): void;
  /** Loads the chunk, also after a failure. */
  load(): void;
}

export function createPage(connection: ConnectionStore, tab: Keeper, onOpen: () => void): PageStore {
  const settings = signal(readPlace(location.href));
  const side = signal(readSide(location.href));
  const wanted = signal<string | undefined>(undefined);
  const { chunk, load } = createPart(async () => {
    const { SettingsPage, createSettings } = await import("../settings.ts");
    return { store: createSettings(connection, tab), Page: SettingsPage };
  });
  const parts = {
    models: createPart(async () => {
      const { ModelsPage, createModels } = await import("../models.ts");
      return { store: createModels(connection), Page: ModelsPage };
    }),
    skills: createPart(async () => {
      const { SkillsPage, createSkills } = await import("../skills.ts");
      return { store: createSkills(connection), Page: SkillsPage };
    }),
    usage: createPart(async () => {
      const { UsagePage, createUsage } = await import("../usage.ts");
      return { store: createUsage(connection), Page: UsagePage };
    }),
  };

  function go(href: string): void {
    if (href !== location.href) history.pushState(null, "", href);
    settings.value = readPlace(href);
    side.value = readSide(href);
    onOpen();
  }

  const open = (place: Place) => go(withPlace(location.href, place));

  return {
    settings,
    chunk,
    load,
    searchSettings: (query) => {
      wanted.value = query;
      open({ at: "", file: false });
    },
    wanted,
    openSettings: (at = "") => open({ at, file: false }),
    openFile: () => open({ at: "", file: true }),
    side,
    parts,
    openSide: (name) => go(withSide(location.href, name)),
    follow: () => {
      settings.value = readPlace(location.href);
      side.value = readSide(location.href);
    },
    leave: () => {
      settings.value = undefined;
      side.value = undefined;
    },
  };
}
