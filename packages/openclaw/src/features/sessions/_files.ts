/** `session.store`, and keys as older versions wrote them. */
import { pathFrom } from "../../base/path.ts";
import type { Paths } from "../../contracts/service.ts";
import { documentedFiles } from "../../store/index.ts";
import type { SessionEntry, SessionFiles } from "../../store/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { canonicalKey, parseKey } from "./_keys.ts";
import { sessionSection } from "./config.ts";

export function sessionFiles(config: ConfigSnapshot, paths: Paths): SessionFiles {
  const { store, mainKey } = config.section(sessionSection);
  const documented = documentedFiles(paths.state);
  return {
    index: (agentId) =>
      store === undefined
        ? documented.index(agentId)
        : pathFrom(paths.state, store.replaceAll("{agentId}", agentId), paths.home),
    canonical(written, entry, agentId) {
      const key = canonicalKey(withChannel(written, entry), agentId, mainKey);
      return key === undefined ? undefined : { key, agentId: parseKey(key)?.agentId ?? agentId };
    },
  };
}

/** `group:<id>` and `channel:<id>` lacked their network; the entry names it. */
function withChannel(written: string, entry: SessionEntry): string {
  const rest = /^(?:agent:[^:]+:)?((?:group|channel|room):.+)$/i.exec(written.trim())?.[1];
  const network = entry.channel ?? entry["provider"] ?? entry.lastChannel;
  if (rest === undefined || typeof network !== "string" || network === "") return written;
  const owner = /^(agent:[^:]+:)/i.exec(written.trim())?.[1] ?? "";
  return `${owner}${network}:${rest}`;
}
