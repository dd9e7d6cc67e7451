/** `/model`: seeing and choosing the model of a session. */
import { Fault, errorText } from "../../../base/errors.ts";
import type { ChatChoice, ChatCommandCall, ChatOutcome, ChoiceContext } from "../../../contracts/chat.ts";
import { Models } from "../../../models/index.ts";
import type { ListedModel } from "../../../models/index.ts";
import { StoreToken } from "../../../store/index.ts";
import { Lanes } from "../_service-tokens.ts";
import { errors } from "../errors.ts";
import { chosen } from "./chosen.ts";
import type { Chosen } from "./chosen.ts";
import { families, meant, pick, refOf, withoutProfile } from "./model-names.ts";
import type { Family } from "./model-names.ts";
import { store } from "./preference.ts";

/** Numbers of the last list that was shown, by session. */
const PICKER = "chat:models";
const SHOWN = 30;
const BUTTONS = 8;
const CLEARED = { providerOverride: null, modelOverride: null, modelOverrideSource: null };

export async function model(call: ChatCommandCall): Promise<ChatOutcome> {
  const word = call.rest.split(/\s+/)[0] ?? "";
  switch (word.toLowerCase()) {
    case "":
    case "list":
      return list(call);
    case "status":
      return { reply: await status(call) };
    case "default":
      return reset(call);
    default:
      return choose(call, word);
  }
}

/** What a message asks for itself only; undefined where its words name no model. */
export async function modelForTurn(call: ChatCommandCall): Promise<{ readonly model: string } | undefined> {
  const now = await chosen(call);
  if (call.rest.toLowerCase() === "default") return { model: now.defaultRef };
  try {
    return { model: await usable(call, now, await resolved(call, now, call.rest)) };
  } catch (error) {
    // A word that names no model was written about something else.
    if (error instanceof Fault && error.code === "MODEL_UNKNOWN_HERE" && !call.rest.includes("/")) return undefined;
    throw error;
  }
}

export async function modelChoices(context: ChoiceContext): Promise<readonly ChatChoice[]> {
  const { use, agentId, sessionKey = "" } = context;
  const asked = { use, agentId, sessionKey };
  const all = await offered(asked, await chosen(asked));
  return all.map((one) => ({
    value: one.alias ?? refOf(one),
    label: one.alias === undefined ? refOf(one) : `${one.alias} (${refOf(one)})`,
  }));
}

/** Makes it the session's model. */
export async function keepModel(call: Pick<ChatCommandCall, "use" | "sessionKey">, ref: string): Promise<void> {
  const slash = ref.indexOf("/");
  await store(call, {
    providerOverride: ref.slice(0, slash),
    modelOverride: ref.slice(slash + 1),
    modelOverrideSource: "user",
  });
}

async function choose(call: ChatCommandCall, word: string): Promise<ChatOutcome> {
  const now = await chosen(call);
  const ref = await usable(call, now, await resolved(call, now, word));
  await keepModel(call, ref);
  const alias = (await offered(call, now)).find((one) => refOf(one) === ref)?.alias;
  return { reply: `Model set to ${ref}${alias === undefined ? "" : ` (${alias})`}.${await meanwhile(call)}` };
}

async function reset(call: ChatCommandCall): Promise<ChatOutcome> {
  await store(call, CLEARED);
  return { reply: `Model reset to default (${(await chosen(call)).ref}).${await meanwhile(call)}` };
}

async function meanwhile(call: ChatCommandCall): Promise<string> {
  const active = (await call.use(Lanes)).active(call.sessionKey) !== undefined;
  return active ? " The answer under way keeps the one that it began with." : "";
}

/** Throws what is wrong with it: unknown, not allowed, no key. */
async function usable(call: ChatCommandCall, { config }: Chosen, ref: string): Promise<string> {
  const { provider, model: row } = await (await call.use(Models)).resolve(ref, config);
  return `${provider}/${row.id}`;
}

async function resolved(call: ChatCommandCall, now: Chosen, word: string): Promise<string> {
  const { ref: text, profile } = withoutProfile(word);
  if (profile !== undefined) throw errors.MODEL_PROFILE_UNAVAILABLE({ profile });
  if (/^\d{1,3}$/.test(text)) return byNumber(call, now, Number(text));
  const listed = await (await call.use(Models)).list(now.config, "all");
  const mine = await offered(call, now);
  const found = meant(text, mine);
  if (found.kind === "one") return found.ref;
  if (found.kind === "several") throw errors.MODEL_AMBIGUOUS({ ref: text, candidates: found.refs });
  // What exists elsewhere is refused for its own reason; routers take ids that nobody lists.
  const known = meant(text, listed);
  if (known.kind === "one") return known.ref;
  if (text.includes("/")) return text;
  throw errors.MODEL_UNKNOWN_HERE({ ref: text });
}

async function byNumber(call: ChatCommandCall, now: Chosen, number: number): Promise<string> {
  const kept = await (await call.use(StoreToken)).kv.get(PICKER, call.sessionKey);
  const last = kept === undefined ? families(await offered(call, now)) : (JSON.parse(kept) as readonly Family[]);
  const family = last[number - 1];
  if (!family) throw errors.MODEL_NUMBER_UNKNOWN({ number, count: last.length });
  return pick(family, now.ref);
}

/** Models that may be chosen and can be called; without any, all that are listed. */
async function offered(call: Pick<ChatCommandCall, "use">, { config, ref }: Chosen): Promise<readonly ListedModel[]> {
  const models = await call.use(Models);
  const listed = await models.list(config, "configured");
  const map = config.at("agents.defaults.models");
  const allowed = map !== null && typeof map === "object" && Object.keys(map).length > 0 ? map : undefined;
  const mine = listed.filter(
    (one) =>
      refOf(one) === ref || ((one.available || one.isDefault) && (!allowed || one.isDefault || refOf(one) in allowed)),
  );
  return mine.length > 0 ? mine : listed;
}

async function list(call: ChatCommandCall): Promise<ChatOutcome> {
  const now = await chosen(call);
  const all = families(await offered(call, now)).slice(0, SHOWN);
  await (await call.use(StoreToken)).kv.set(PICKER, call.sessionKey, JSON.stringify(all));
  const lines = all.map(({ id, refs, alias }, i) => {
    const providers = refs.map((ref) => ref.slice(0, ref.indexOf("/"))).join(", ");
    const mark = refs.includes(now.ref) ? " ✓" : "";
    return `${i + 1}. ${id}${alias === undefined ? "" : ` (${alias})`} – ${providers}${mark}`;
  });
  const choices = all.slice(0, BUTTONS).map(({ id, alias }, i) => [{ value: `/model ${i + 1}`, label: alias ?? id }]);
  return {
    reply: [
      `Current model: ${now.ref}${now.ref === now.defaultRef ? " (default)" : ""}`,
      "",
      ...lines,
      "",
      "Choose: /model <number> or /model <name> · /model default · /model status",
    ].join("\n"),
    choices,
  };
}

async function status(call: ChatCommandCall): Promise<string> {
  const now = await chosen(call);
  const models = await call.use(Models);
  const mine = await offered(call, now);
  const refs = [now.ref, ...mine.map(refOf).filter((ref) => ref !== now.ref)];
  const perProvider = new Map<string, string>();
  for (const ref of refs) {
    const provider = ref.slice(0, ref.indexOf("/"));
    if (perProvider.has(provider)) continue;
    perProvider.set(provider, await endpointLine(models, ref, now));
  }
  return [
    `Current model: ${now.ref}${now.ref === now.defaultRef ? " (default)" : ` (default: ${now.defaultRef})`}`,
    `Agent: ${call.agentId}`,
    `Thinking: ${now.thinking}`,
    "",
    ...[...perProvider].map(([provider, line]) => `${provider}: ${line}`),
  ].join("\n");
}

async function endpointLine(models: NonNullable<(typeof Models)["$type"]>, ref: string, now: Chosen): Promise<string> {
  try {
    const { baseUrl, api, apiKey } = await models.resolve(ref, now.config);
    return [baseUrl || "no address", api, apiKey === undefined ? "no key" : "API key"].join(" · ");
  } catch (error) {
    return `⚠️ ${errorText(error)}`;
  }
}
