/** Where conversations stand as files, and how they are read when others wrote them. */
import { join } from "node:path";
import { token } from "../contracts/service.ts";
import type { SessionEntry } from "./ports/index.ts";

export interface SessionFiles {
  /** Absolute path of the `sessions.json` of an agent; its transcripts lie beside it. Agents may share one. */
  index(agentId: string): string;
  /**
   * The canonical form of a key in such a file, with the agent that it belongs to; undefined for one that means
   * nothing. Older versions wrote `group:<id>` and `…:direct:…`.
   */
  canonical(
    key: string,
    entry: SessionEntry,
    agentId: string,
  ): { readonly key: string; readonly agentId: string } | undefined;
}

/** Provided by whoever knows the settings and the grammar of keys. */
export const SessionFilesToken = token<SessionFiles>("session-files");

/** The documented places, and keys as they are: for tests and tools without settings. */
export function documentedFiles(state: string): SessionFiles {
  return {
    index: (agentId) => join(state, "agents", agentId, "sessions", "sessions.json"),
    canonical: (key, _entry, agentId) => ({ key, agentId }),
  };
}
