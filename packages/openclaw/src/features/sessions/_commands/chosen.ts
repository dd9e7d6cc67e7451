/** The model and the thinking level that a session uses now. */
import type { ChatCommandCall } from "../../../contracts/chat.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { Models, agentModel, usedWindow } from "../../../models/index.ts";
import type { SessionEntry } from "../../../store/index.ts";
import { Config } from "../../config/index.ts";
import { Sessions } from "../_service-tokens.ts";

type Asked = Pick<ChatCommandCall, "use" | "sessionKey" | "agentId">;

export interface Chosen {
  readonly config: ConfigSnapshot;
  /** Absent for a session that has not begun. */
  readonly entry: SessionEntry | undefined;
  /** `provider/model`. */
  readonly ref: string;
  /** The same without the session's own choice. */
  readonly defaultRef: string;
  /** Offered for the model; undefined where it is not listed. */
  readonly levels: readonly string[] | undefined;
  /** Tokens that the model takes; undefined where it is not listed. */
  readonly window: number | undefined;
  /** In force. */
  readonly thinking: string;
}

export async function chosen(call: Asked): Promise<Chosen> {
  const [sessions, models, config] = await Promise.all([call.use(Sessions), call.use(Models), call.use(Config)]);
  const snapshot = config.current();
  const row = await sessions.get(call.sessionKey);
  const entry = row?.entry;
  const defaultRef = models.defaultRef(snapshot, agentModel(snapshot, call.agentId));
  const ref = overrideOf(entry) ?? defaultRef;
  await sessions.defaults(call.agentId); // Loads what is known of the models.
  const levels = await sessions.levels(ref);
  const known = (await models.list(snapshot, "all")).find(({ provider, row: { id } }) => `${provider}/${id}` === ref);
  return {
    window: known && usedWindow(known.row, snapshot),
    config: snapshot,
    entry,
    ref,
    defaultRef,
    levels,
    thinking:
      entry?.thinkingLevel ?? thinkingDefault(snapshot, call.agentId) ?? (levels?.includes("low") ? "low" : "off"),
  };
}

/** The session's own choice. */
function overrideOf(entry: SessionEntry | undefined): string | undefined {
  if (entry?.modelOverride === undefined) return undefined;
  return entry.providerOverride === undefined
    ? entry.modelOverride
    : `${entry.providerOverride}/${entry.modelOverride}`;
}

function thinkingDefault(config: ConfigSnapshot, agentId: string): string | undefined {
  return agentSetting(config, agentId, "thinkingDefault") ?? textAt(config, "agents.defaults.thinkingDefault");
}

/** A setting of one agent, where it has its own. */
export function agentSetting(config: ConfigSnapshot, agentId: string, key: string): string | undefined {
  const list = config.at("agents.list");
  if (!Array.isArray(list)) return undefined;
  const agent = list.find((one: { id?: unknown }) => String(one.id).toLowerCase() === agentId) as
    | Readonly<Record<string, unknown>>
    | undefined;
  const value = agent?.[key];
  return typeof value === "string" ? value : undefined;
}

export function textAt(config: ConfigSnapshot, path: string): string | undefined {
  const value = config.at(path);
  return typeof value === "string" ? value : undefined;
}
