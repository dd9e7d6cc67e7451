/** The login that a session keeps to: what a person chose, or what served it last. */
import type { ResolveOptions } from "../../models/index.ts";
import type { SessionEntry } from "../../store/index.ts";

/** A choice that nobody made ends with the conversation and with a compaction: the provider's cache is cold then. */
export function pinOf(entry: SessionEntry): ResolveOptions["pin"] {
  const profileId = entry["authProfileOverride"];
  if (typeof profileId !== "string" || profileId === "") return undefined;
  const compactions = entry["authProfileOverrideCompactionCount"];
  const source = entry["authProfileOverrideSource"] ?? (typeof compactions === "number" ? "auto" : "user");
  if (source !== "auto") return { profileId, by: "user" };
  return compactions === (entry["compactionCount"] ?? 0) ? { profileId, by: "auto" } : undefined;
}

/** Fields of the entry for a person's choice; without one it is cleared. */
export function pinned(profileId: string | undefined): Readonly<Record<string, unknown>> {
  return {
    authProfileOverride: profileId ?? null,
    authProfileOverrideSource: profileId === undefined ? null : "user",
    authProfileOverrideCompactionCount: null,
  };
}

/** The same for the stored login that has just served; undefined when nothing changes. */
export function served(
  entry: SessionEntry,
  loginId: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (loginId === undefined || /^(?:env|config):/.test(loginId)) return undefined;
  const now = pinOf(entry);
  if (now?.by === "user" || now?.profileId === loginId) return undefined;
  const compactions = entry["compactionCount"] ?? 0;
  return {
    authProfileOverride: loginId,
    authProfileOverrideSource: "auto",
    authProfileOverrideCompactionCount: compactions,
  };
}
