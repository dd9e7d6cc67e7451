/** `/new` and `/reset`, `/send`, `/activation`, `/usage`. */
import type { ChatCommandCall, ChatOutcome } from "../../../contracts/chat.ts";
import { Models } from "../../../models/index.ts";
import { formatDuration } from "../../../base/time.ts";
import { StoreToken } from "../../../store/index.ts";
import { totalsOf } from "../../usage/index.ts";
import type { Totals } from "../../usage/index.ts";
import { kindOf } from "../_keys.ts";
import { Lanes, Sessions } from "../_service-tokens.ts";
import { chosen } from "./chosen.ts";
import { keepModel } from "./model.ts";
import { meant } from "./model-names.ts";
import { store } from "./preference.ts";

/** How long a run may take to stop. */
const STOP_MS = 10_000;
/** What a run keeps of the prompt and of other programs; without it the next one begins with a prompt made anew. */
const SOFT = { cliSessionIds: null, skillsSnapshot: null, systemPromptReport: null, systemSent: null };

export async function begin(call: ChatCommandCall): Promise<ChatOutcome> {
  const soft = /^soft(?:\s+|$)/i.exec(call.rest);
  if (call.typed === "reset" && soft) return refresh(call, call.rest.slice(soft[0].length).trim());
  const { model, text } = await firstWords(call);
  await stop(call);
  await (await call.use(Sessions)).reset(call.sessionKey, call.typed === "reset" ? "reset" : "new");
  if (model !== undefined) await keepModel(call, model);
  if (text !== "") return { turn: text };
  return { reply: `✨ New session started${model === undefined ? "" : ` · model: ${model}`}.` };
}

async function refresh(call: ChatCommandCall, text: string): Promise<ChatOutcome> {
  await stop(call);
  await store(call, SOFT);
  return text === "" ? { reply: "🧹 Session refreshed; the conversation stays." } : { turn: text };
}

async function stop(call: ChatCommandCall): Promise<void> {
  const lanes = await call.use(Lanes);
  const stopped = await lanes.abort({ sessionKey: call.sessionKey }, call.principal, "reset");
  await Promise.all(stopped.map((id) => lanes.wait(id, STOP_MS, call.signal)));
}

/** `/new opus hello`: a first word that names a model, an alias or a provider is taken for it. */
async function firstWords(call: ChatCommandCall): Promise<{ readonly model?: string; readonly text: string }> {
  const [word = "", ...others] = call.rest.split(/(?<=\s)/);
  const name = word.trim();
  const text = call.rest;
  if (call.typed !== "new" || name === "") return { text };
  const models = await call.use(Models);
  const { config } = await chosen(call);
  const listed = await models.list(config, "configured");
  const ofProvider = listed.find(({ provider }) => provider === name.toLowerCase());
  const exact = meant(name, listed);
  const isName =
    name.includes("/") ||
    listed.some(({ alias, row }) => [alias?.toLowerCase(), row.id.toLowerCase()].includes(name.toLowerCase()));
  const ref = isName && exact.kind === "one" ? exact.ref : ofProvider && `${ofProvider.provider}/${ofProvider.row.id}`;
  if (ref === undefined) return { text };
  const { provider, model } = await models.resolve(ref, config, { agentId: call.agentId });
  return { model: `${provider}/${model.id}`, text: others.join("").trim() };
}

export async function send(call: ChatCommandCall): Promise<ChatOutcome> {
  const word = call.rest.toLowerCase();
  const policy = { on: "allow", allow: "allow", off: "deny", deny: "deny", inherit: null, default: null }[word];
  if (policy === undefined) {
    const row = await (await call.use(Sessions)).get(call.sessionKey);
    const current = { allow: "on", deny: "off" }[row?.entry.sendPolicy ?? ""] ?? "inherit";
    return {
      reply: `${word === "" ? "⚙️" : "⚠️"} Send policy: ${current}. Usage: /send on|off|inherit`,
      choices: [["on", "off", "inherit"].map((value) => ({ value: `/send ${value}`, label: value }))],
    };
  }
  await store(call, { sendPolicy: policy });
  const said = policy === null ? "inherit" : policy === "allow" ? "on" : "off";
  return { reply: `⚙️ Send policy set to ${said}.` };
}

export async function activation(call: ChatCommandCall): Promise<ChatOutcome> {
  if (kindOf(call.sessionKey) !== "group" && call.address.kind === "direct")
    return { reply: "⚙️ Group activation only applies to group chats." };
  const word = call.rest.toLowerCase();
  if (word !== "mention" && word !== "always")
    return {
      reply: "⚙️ Usage: /activation mention|always",
      choices: [["mention", "always"].map((value) => ({ value: `/activation ${value}`, label: value }))],
    };
  await store(call, { groupActivation: word, groupActivationNeedsSystemIntro: true });
  return { reply: `⚙️ Group activation set to ${word}.` };
}

const FOOTERS = ["off", "tokens", "full"];

export async function usage(call: ChatCommandCall): Promise<ChatOutcome> {
  const word = call.rest.toLowerCase();
  if (word === "cost") return { reply: await cost(call) };
  if (FOOTERS.includes(word)) {
    await store(call, { responseUsage: word });
    return { reply: `⚙️ Usage footer: ${word}.` };
  }
  const row = await (await call.use(Sessions)).get(call.sessionKey);
  const current = String(row?.entry["responseUsage"] ?? "off");
  return {
    reply: `${word === "" ? "⚙️" : `⚠️ There is no footer "${word}".`} Usage footer: ${current}.\nOptions: off, tokens, full, cost.`,
    choices: [[...FOOTERS, "cost"].map((value) => ({ value: `/usage ${value}`, label: value }))],
  };
}

const DAY_MS = 86_400_000;
/** Rows of the books begin at a quarter of an hour: the first one of a session may begin before the session. */
const QUARTER_MS = 900_000;

async function cost(call: ChatCommandCall): Promise<string> {
  const books = (await call.use(StoreToken)).usage;
  const now = call.platform.clock.now();
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const read = (since: number, of: { readonly sessionKey?: string; readonly agentId?: string }) =>
    books.read({ since, until: now + DAY_MS, ...of });
  const { sessionKey, agentId } = call;
  const row = await (await call.use(Sessions)).get(sessionKey);
  const started = row?.entry.sessionStartedAt;
  const [own, today, month] = await Promise.all([
    read((started ?? 0) - QUARTER_MS, { sessionKey }),
    read(midnight, { agentId }).then(totalsOf),
    read(midnight - 29 * DAY_MS, { agentId }).then(totalsOf),
  ]);
  const session = totalsOf(own.filter(({ sessionId }) => row === undefined || sessionId === row.entry.sessionId));
  const unpriced = [session, today, month].some(({ missingCostEntries }) => missingCostEntries > 0);
  return [
    "💸 Usage cost",
    `Session${started === undefined ? "" : ` (${formatDuration(now - started)})`}: ${totalLine(session)}`,
    `Today: ${totalLine(today)}`,
    `Last 30 days: ${totalLine(month)}`,
    ...(unpriced ? ["Some models have no known price; their tokens are counted, their cost is not."] : []),
  ].join("\n");
}

function totalLine({ totalCost, totalTokens }: Totals): string {
  return `$${totalCost.toFixed(totalCost > 0 && totalCost < 0.1 ? 4 : 2)} · ${totalTokens.toLocaleString("en-US")} tokens`;
}
