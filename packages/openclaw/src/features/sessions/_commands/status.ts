/** The status card: what answers here, what it has used, what is set. */
import { shortCount } from "../../../base/measure.ts";
import type { ChatCommandCall } from "../../../contracts/chat.ts";
import { errorText } from "../../../base/errors.ts";
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { formatDuration } from "../../../base/time.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { Models } from "../../../models/index.ts";
import { StoreToken } from "../../../store/index.ts";
import type { SessionEntry } from "../../../store/index.ts";
import { ProviderQuotas, quotaLine } from "../../usage/index.ts";
import { pinOf } from "../_pin.ts";
import { queueSettings } from "../_queue/settings.ts";
import type { QueueConfig } from "../_queue/settings.ts";
import { Lanes, Sessions } from "../_service-tokens.ts";
import { agentSetting, chosen, textAt } from "./chosen.ts";
import type { Chosen } from "./chosen.ts";

export type StatusQuestion = Pick<ChatCommandCall, "use" | "platform" | "sessionKey" | "agentId"> & {
  /** Where it is asked; decides the queue mode. */
  readonly channel?: string;
};

/** Lines for people; also what the assistant's own tool shows. Never throws for what is merely not set up. */
export async function statusCard(question: StatusQuestion): Promise<string> {
  const { platform, sessionKey } = question;
  const now = await chosen(question);
  const { entry } = now;
  const [auth, tasks, depth] = await Promise.all([authOf(question, now), helpers(question), queued(question)]);
  const active = (await question.use(Lanes)).active(sessionKey) !== undefined;
  const age = entry ? ` • updated ${formatDuration(Math.max(0, platform.clock.now() - entry.updatedAt))} ago` : "";
  return [
    `🦞 OpenClaw ${platform.version}`,
    `🧠 Model: ${now.ref}${now.ref === now.defaultRef ? "" : " (chosen here)"} · 🔑 ${auth}`,
    ...fallbackLine(entry, now.ref),
    tokensLine(entry),
    ...(await quotaLines(question, now)),
    contextLine(entry, now),
    `🧵 Session: ${sessionKey}${age}`,
    optionsLine(now, question.agentId),
    queueLine(question, now, { active, depth }),
    `📦 Sandbox: ${sandbox(now.config, question.agentId)}`,
    ...(typeof entry?.["mediaUnderstanding"] === "string" ? [`📎 Media: ${entry["mediaUnderstanding"]}`] : []),
    ...(tasks === 0 ? [] : [`📌 Sub-agents: ${tasks}`]),
  ].join("\n");
}

/** Who answered last in place of the chosen model, as long as it is the chosen one. */
function fallbackLine(entry: SessionEntry | undefined, ref: string): string[] {
  const { selected, active, reason } = record(entry?.["fallbackNotice"]);
  if (selected !== ref || typeof active !== "string" || typeof reason !== "string") return [];
  return [`↪️ Model Fallback: ${active} (${reason})`];
}

function tokensLine(entry: SessionEntry | undefined): string {
  const { inputTokens = 0, outputTokens = 0, cacheRead = 0, cacheWrite = 0, estimatedCostUsd } = entry ?? {};
  const all = inputTokens + cacheRead + cacheWrite;
  const cached = all > 0 && cacheRead > 0 ? ` · ${Math.round((cacheRead / all) * 100)}% cached` : "";
  const cost = estimatedCostUsd === undefined ? "" : ` · 💵 $${estimatedCostUsd.toFixed(4)}`;
  return `🧮 Tokens: ${shortCount(all)} in / ${shortCount(outputTokens)} out${cached}${cost}`;
}

/** What the provider in use said last. It is asked anew for the next time: nobody waits for it here. */
async function quotaLines({ use, platform }: StatusQuestion, { ref, config }: Chosen): Promise<string[]> {
  const quotas = await use(ProviderQuotas);
  void quotas.read(config);
  const provider = ref.split("/", 1)[0];
  const known = quotas.known?.providers.find((quota) => quota.provider === provider && quota.error === undefined);
  return known ? [`📊 ${quotaLine(known, platform.clock.now())}`] : [];
}

function contextLine(entry: SessionEntry | undefined, { ref, window: listed }: Chosen): string {
  const used = entry?.totalTokens;
  const ofThisModel = entry?.model !== undefined && `${entry.modelProvider}/${entry.model}` === ref;
  const window = (ofThisModel ? entry.contextTokens : undefined) ?? listed;
  const share = used === undefined || !window ? "" : ` (${Math.round((used / window) * 100)}%)`;
  const compactions = entry?.["compactionCount"];
  return `📚 Context: ${used === undefined ? "empty" : shortCount(used)}/${window === undefined ? "?" : shortCount(window)}${share} · 🧹 Compactions: ${typeof compactions === "number" ? compactions : 0}`;
}

function optionsLine({ config, entry, thinking }: Chosen, agentId: string): string {
  const of = (own: unknown, key: string, fallback: string) =>
    typeof own === "string"
      ? own
      : (agentSetting(config, agentId, key) ?? textAt(config, `agents.defaults.${key}`) ?? fallback);
  const parts = compact({
    Runtime: "direct",
    Think: thinking,
    Verbose: of(entry?.verboseLevel, "verboseDefault", "off"),
    Reasoning: of(entry?.reasoningLevel, "reasoningDefault", "off"),
    Elevated: of(entry?.["elevatedLevel"], "elevatedDefault", "on"),
    Fast: entry?.["fastMode"] === true ? "on" : undefined,
    Usage: entry?.["responseUsage"] === undefined ? undefined : String(entry["responseUsage"]),
    Send: entry?.sendPolicy === "deny" ? "off" : undefined,
    Activation: typeof entry?.["groupActivation"] === "string" ? entry["groupActivation"] : undefined,
  });
  return `⚙️ ${Object.entries(parts)
    .map(([name, value]) => `${name}: ${value}`)
    .join(" · ")}`;
}

function queueLine(
  { channel }: StatusQuestion,
  { config, entry }: Chosen,
  { active, depth }: { readonly active: boolean; readonly depth: number },
): string {
  const { mode } = queueSettings(config.at("messages.queue") as QueueConfig | undefined, channel, entry);
  return `🪢 Queue: ${mode} (depth ${depth}) · ${active ? "running" : "idle"}`;
}

function sandbox(config: ConfigSnapshot, agentId: string): string {
  const list = config.at("agents.list");
  const agent = Array.isArray(list)
    ? (list.find((one: { id?: unknown }) => String(one.id).toLowerCase() === agentId) as {
        sandbox?: { mode?: string };
      })
    : undefined;
  return agent?.sandbox?.mode ?? textAt(config, "agents.defaults.sandbox.mode") ?? "off";
}

async function authOf({ use, agentId }: StatusQuestion, { ref, config, entry }: Chosen): Promise<string> {
  try {
    const pin = entry && pinOf(entry);
    const whose = { agentId, ...(pin === undefined ? {} : { pin }) };
    const { apiKey, headers, login } = await (await use(Models)).resolve(ref, config, whose);
    if (login && login.kind !== "api_key") return login.id;
    return apiKey !== undefined || Object.keys(headers).some((name) => /authorization|key/i.test(name))
      ? "API key"
      : "no key needed";
  } catch (error) {
    return `⚠️ ${errorText(error)}`;
  }
}

/** Turns that wait behind the one under way. */
async function queued({ use, sessionKey }: StatusQuestion): Promise<number> {
  const open = await (await use(StoreToken)).turns.open(sessionKey);
  return open.filter(({ state }) => state === "queued").length;
}

/** Sessions started from this one that still work. */
async function helpers({ use, sessionKey }: StatusQuestion): Promise<number> {
  const [sessions, lanes] = await Promise.all([use(Sessions), use(Lanes)]);
  const { rows } = await sessions.list({ spawnedBy: sessionKey, limit: 200 });
  return rows.filter(({ key }) => lanes.active(key) !== undefined).length;
}
