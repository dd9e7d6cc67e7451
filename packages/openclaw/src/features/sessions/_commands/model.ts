/** `/model`: seeing and choosing the model of a session. */
import { Fault, errorText } from "../../../base/errors.ts";
import { formatDuration } from "../../../base/time.ts";
import type { ChatChoice, ChatCommandCall, ChatOutcome, ChoiceContext } from "../../../contracts/chat.ts";
import { Models } from "../../../models/index.ts";
import type { ListedModel, ResolveOptions } from "../../../models/index.ts";
import { StoreToken } from "../../../store/index.ts";
import { Lanes } from "../_service-tokens.ts";
import { pinOf, pinned } from "../_pin.ts";
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
const CLEARED = { providerOverride: null, modelOverride: null, modelOverrideSource: null, ...pinned(undefined) };

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
export async function modelForTurn(
  call: ChatCommandCall,
): Promise<{ readonly model: string; readonly preferences?: Readonly<Record<string, unknown>> } | undefined> {
  const now = await chosen(call);
  if (call.rest.toLowerCase() === "default") return { model: now.defaultRef };
  try {
    const { ref, profile } = await usable(call, now, call.rest);
    return { model: ref, ...(profile === undefined ? {} : { preferences: pinned(profile) }) };
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

/** Makes it the session's model, called with any of the logins or with this one. */
export async function keepModel(
  call: Pick<ChatCommandCall, "use" | "sessionKey">,
  ref: string,
  profile?: string,
): Promise<void> {
  const slash = ref.indexOf("/");
  await store(call, {
    providerOverride: ref.slice(0, slash),
    modelOverride: ref.slice(slash + 1),
    modelOverrideSource: "user",
    ...pinned(profile),
  });
}

async function choose(call: ChatCommandCall, word: string): Promise<ChatOutcome> {
  const now = await chosen(call);
  const { ref, profile } = await usable(call, now, word);
  await keepModel(call, ref, profile);
  const alias = (await offered(call, now)).find((one) => refOf(one) === ref)?.alias;
  const login = profile === undefined ? "" : ` Auth profile set to ${profile}.`;
  return { reply: `Model set to ${ref}${alias === undefined ? "" : ` (${alias})`}.${login}${await meanwhile(call)}` };
}

async function reset(call: ChatCommandCall): Promise<ChatOutcome> {
  await store(call, CLEARED);
  return { reply: `Model reset to default (${(await chosen(call)).ref}).${await meanwhile(call)}` };
}

async function meanwhile(call: ChatCommandCall): Promise<string> {
  const active = (await call.use(Lanes)).active(call.sessionKey) !== undefined;
  return active ? " The answer under way keeps the one that it began with." : "";
}

/** Throws what is wrong with it: unknown, not allowed, no key, no such login. */
async function usable(
  call: ChatCommandCall,
  now: Chosen,
  word: string,
): Promise<{ readonly ref: string; readonly profile?: string }> {
  const { ref: text, profile: named } = withoutProfile(word);
  const models = await call.use(Models);
  const wanted = models.canonical(await resolved(call, now, text), now.config);
  const provider = wanted.slice(0, wanted.indexOf("/"));
  const profile = named === undefined || named.includes(":") ? named : `${provider}:${named}`;
  const pin = profile === undefined ? {} : { pin: { profileId: profile, by: "user" as const } };
  try {
    const endpoint = await models.resolve(wanted, now.config, { agentId: call.agentId, ...pin });
    if (profile !== undefined && endpoint.login?.id !== profile)
      throw errors.MODEL_PROFILE_FOREIGN({ profile, provider });
  } catch (error) {
    // A login that rests can be chosen all the same.
    if (!(error instanceof Fault) || error.code !== "PROFILES_UNAVAILABLE") throw error;
  }
  return { ref: wanted, ...(profile === undefined ? {} : { profile }) };
}

async function resolved(call: ChatCommandCall, now: Chosen, text: string): Promise<string> {
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
    perProvider.set(provider, await endpointLine(call, models, { ref, now }));
  }
  return [
    `Current model: ${now.ref}${now.ref === now.defaultRef ? " (default)" : ` (default: ${now.defaultRef})`}`,
    `Agent: ${call.agentId}`,
    `Logins: ${models.loginStore(now.config, call.agentId)}`,
    `Thinking: ${now.thinking}`,
    "",
    ...[...perProvider].map(([provider, line]) => `${provider}: ${line}`),
    ...(await loginLines(call, now)),
  ].join("\n");
}

function pinFor({ entry }: Chosen): Pick<ResolveOptions, "pin"> {
  const pin = entry && pinOf(entry);
  return pin === undefined ? {} : { pin };
}

async function endpointLine(
  call: ChatCommandCall,
  models: NonNullable<(typeof Models)["$type"]>,
  { ref, now }: { readonly ref: string; readonly now: Chosen },
): Promise<string> {
  try {
    const { baseUrl, api, login } = await models.resolve(ref, now.config, { agentId: call.agentId, ...pinFor(now) });
    return [baseUrl || "no address", api, login === undefined ? "no key" : login.id].join(" · ");
  } catch (error) {
    return `⚠️ ${errorText(error)}`;
  }
}

/** The logins of the current provider, in the order in which they are tried. */
async function loginLines(call: ChatCommandCall, now: Chosen): Promise<readonly string[]> {
  const provider = now.ref.slice(0, now.ref.indexOf("/"));
  const model = now.ref.slice(provider.length + 1);
  const models = await call.use(Models);
  const logins = await models.logins(provider, now.config, { agentId: call.agentId, ...pinFor(now), model });
  if (logins.length === 0) return [];
  const pin = now.entry && pinOf(now.entry);
  const line = ({ id, state, remainingMs, next }: (typeof logins)[number]) => {
    const rests = remainingMs === undefined ? state : `${state} for ${formatDuration(remainingMs)}`;
    const marks = [
      next ? "next" : state === "ok" ? "" : rests,
      pin?.by === "user" && pin.profileId === id ? "pinned" : "",
    ];
    const said = marks.filter((mark) => mark !== "").join(", ");
    return `- ${id}${said === "" ? "" : ` (${said})`}`;
  };
  return ["", `Logins of ${provider}, in order:`, ...logins.map(line)];
}
