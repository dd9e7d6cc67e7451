/** Entries of sessions as a conversation begins: what is new, and what stays of the one before. */
import { uuid } from "../../base/ids.ts";
import type { Platform } from "../../contracts/service.ts";
import type { SessionEntry } from "../../store/index.ts";
import { contentLabels } from "./_labels.ts";
import { pinOf } from "./_pin.ts";

type Source = Pick<Platform, "clock" | "random">;

/** What a reset keeps: the person's preferences. Everything else belongs to the conversation that ended. */
const KEPT = [
  "label",
  "displayName",
  "chatType",
  "channel",
  "lastChannel",
  "lastTo",
  "lastAccountId",
  "thinkingLevel",
  "verboseLevel",
  "reasoningLevel",
  "elevatedLevel",
  "traceLevel",
  "fastMode",
  "sendPolicy",
  "execHost",
  "execSecurity",
  "execAsk",
  "execNode",
  "providerOverride",
  "modelOverride",
  "modelOverrideSource",
  "modelFallbacks",
  "authProfileOverride",
  "authProfileOverrideSource",
  "queueMode",
  "queueDebounceMs",
  "queueCap",
  "queueDrop",
  "groupActivation",
  "responseUsage",
  "ttsAuto",
  "pinned",
  "category",
  "icon",
  "color",
  "createdAt",
] as const;

function keptOf(entry: SessionEntry): (typeof KEPT)[number][] {
  const chosen = pinOf(entry)?.by === "user";
  return KEPT.filter((name) => entry[name] !== undefined && (chosen || !name.startsWith("authProfile")));
}

/** The entry of a conversation that begins, with the preferences of `previous`. */
export function freshEntry({ clock, random }: Source, previous?: SessionEntry): SessionEntry {
  const now = clock.now();
  const kept = previous ? Object.fromEntries(keptOf(previous).map((name) => [name, previous[name]])) : {};
  return {
    createdAt: now,
    ...kept,
    sessionId: uuid(random),
    updatedAt: now,
    sessionStartedAt: now,
    lifecycleRevision: (previous?.lifecycleRevision ?? 0) + 1,
  };
}

const ABOUT_THE_PLACE = new Set(["label", "displayName", "pinned", "category", "icon", "color", "createdAt"]);

/** How the person wants to be answered, and where its content came from, for a conversation that begins with what this one knows. */
export function preferencesOf(entry: SessionEntry): Readonly<Record<string, unknown>> {
  const wanted = keptOf(entry).filter((name) => !ABOUT_THE_PLACE.has(name));
  const labels = contentLabels(entry);
  return {
    ...Object.fromEntries(
      wanted.filter((name) => !/^(last|channel$|chatType$)/.test(name)).map((name) => [name, entry[name]]),
    ),
    ...(labels.length === 0 ? {} : { contentLabels: labels }),
  };
}

/** What a stored entry is changed by to become `next`: fields that `next` lacks are cleared. */
export function replacing(stored: SessionEntry, next: SessionEntry): Readonly<Record<string, unknown>> {
  const gone = Object.keys(stored).filter((name) => !(name in next));
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...next };
}
