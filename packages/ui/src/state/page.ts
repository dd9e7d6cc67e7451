/** Which page stands in the centre: the conversation, or one that is loaded when it is first opened. */
import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { readPlace, showsSkills, withPlace, withSkills } from "../lib/address.ts";
import type { Place } from "../lib/address.ts";
import type { ConnectionStore } from "./connection.ts";
import { createPart } from "./part.ts";
import type { Part } from "./part.ts";
import type { SettingsStore } from "./settings.ts";
import type { SkillsStore } from "./skills.ts";
import type { Keeper } from "../lib/storage.ts";

/** What the chunk of the settings brings. */
export interface SettingsChunk {
  readonly store: SettingsStore;
  readonly Page: ComponentType;
}

/** What the chunk of the skills brings. */
export interface SkillsChunk {
  readonly store: SkillsStore;
  readonly Page: ComponentType;
}

export interface PageStore {
  /** The open place of the settings; undefined while the conversation stands there. */
  readonly settings: ReadonlySignal<Place | undefined>;
  /** A search that was asked for; the settings take it when they show. */
  readonly wanted: Signal<string | undefined>;
  readonly chunk: ReadonlySignal<SettingsChunk | "failed" | undefined>;
  /** The skills stand there. */
  readonly skills: ReadonlySignal<boolean>;
  readonly skillsPart: Part<SkillsChunk>;
  openSkills(): void;
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
  const skills = signal(showsSkills(location.href));
  const wanted = signal<string | undefined>(undefined);
  const { chunk, load } = createPart(async () => {
    const { SettingsPage, createSettings } = await import("../settings.ts");
    return { store: createSettings(connection, tab), Page: SettingsPage };
  });
  const skillsPart = createPart(async () => {
    const { SkillsPage, createSkills } = await import("../skills.ts");
    return { store: createSkills(connection), Page: SkillsPage };
  });

  function go(href: string): void {
    if (href !== location.href) history.pushState(null, "", href);
    settings.value = readPlace(href);
    skills.value = showsSkills(href);
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
    skills,
    skillsPart,
    openSkills: () => go(withSkills(location.href)),
    follow: () => {
      settings.value = readPlace(location.href);
      skills.value = showsSkills(location.href);
    },
    leave: () => {
      settings.value = undefined;
      skills.value = false;
    },
  };
}
