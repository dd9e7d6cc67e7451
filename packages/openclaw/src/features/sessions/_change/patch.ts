/** `sessions.patch`, and the preferences that other methods take with it. */
import { Fault } from "../../../base/errors.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { Models, agentModel } from "../../../models/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import { Config } from "../../config/index.ts";
import { errors } from "../errors.ts";
import { pinned } from "../_pin.ts";
import { Sessions } from "../_service-tokens.ts";
import { keyOf, storePath } from "../_methods-params.ts";
import { RUNTIME } from "../_list/view.ts";

type Wishes = Readonly<Record<string, unknown>>;

interface Patch extends Wishes {
  readonly key: string;
  readonly agentId?: string;
  readonly expectedSessionId?: string;
  readonly archived?: boolean;
}

/** What a preference may say. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  thinkingLevel: ["off", "minimal", "low", "medium", "high", "xhigh", "adaptive", "max"],
  verboseLevel: ["off", "on", "full"],
  traceLevel: ["off", "on", "full"],
  reasoningLevel: ["on", "off", "stream"],
  elevatedLevel: ["off", "on", "ask", "full"],
  responseUsage: ["off", "tokens", "full"],
  sendPolicy: ["allow", "deny"],
  groupActivation: ["mention", "always"],
  queueMode: ["steer", "followup", "collect", "interrupt", "steer-backlog", "queue"],
  execHost: ["auto", "sandbox", "gateway", "node"],
  execSecurity: ["deny", "allowlist", "full"],
  execAsk: ["off", "on-miss", "always"],
};
/** What an error names: the levels that every model with reasoning has. */
const COMMON_LEVELS = ["off", "minimal", "low", "medium", "high"];
/** Levels that fit any model that thinks. */
const RELATIVE_LEVELS = new Set(["adaptive", "max"]);

export async function patch(call: MethodCall, { key: given, agentId, expectedSessionId, ...wishes }: Patch) {
  const sessions = await call.use(Sessions);
  const key = await keyOf(call, given, agentId);
  const before = await sessions.get(key);
  if (wishes.archived !== undefined && expectedSessionId === undefined) throw errors.SESSION_ID_EXPECTED({ key });
  if (expectedSessionId !== undefined && before?.entry.sessionId !== expectedSessionId)
    throw errors.SESSION_CHANGED({ key });
  const set = await preferences(call, before, key, wishes);
  await sessions.ensure(key);
  const row = await sessions.patch(key, { set });
  if (!row) throw errors.SESSION_UNKNOWN({ key });
  return {
    ok: true as const,
    path: await storePath(call, row.agentId),
    key,
    entry: { ...row.entry },
    resolved: await resolved(call, row),
  };
}

/** Checked wishes as fields of the entry. Throws what is wrong with them. */
export async function preferences(
  call: MethodCall,
  row: SessionRow | undefined,
  key: string,
  { model, ...wishes }: Wishes,
): Promise<Record<string, unknown>> {
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    const wish = wishes[name];
    if (typeof wish === "string" && !allowed.includes(wish))
      throw errors.SESSION_PREFERENCE_INVALID({ name, allowed: name === "thinkingLevel" ? COMMON_LEVELS : allowed });
  }
  const chosen = model === undefined ? {} : await modelChoice(call, model);
  const level = wishes["thinkingLevel"];
  if (typeof level === "string" && level !== "off" && !RELATIVE_LEVELS.has(level))
    await checkLevel(call, { key, level, entry: { ...row?.entry, ...chosen } });
  return { ...wishes, ...chosen };
}

/** What the session would use now: provider, model, engine. */
export async function resolved(call: MethodCall, row: SessionRow): Promise<Record<string, unknown>> {
  const view = await (await call.use(Sessions)).view(row);
  const { modelProvider, model, thinkingLevels, thinkingDefault, contextTokens } = view;
  return { modelProvider, model, agentRuntime: RUNTIME, thinkingLevels, thinkingDefault, contextTokens };
}

async function modelChoice(call: MethodCall, model: unknown): Promise<Record<string, unknown>> {
  // What the newest run used says nothing of the next one.
  if (model === null) {
    const before = { model: null, modelProvider: null, contextTokens: null };
    return { modelOverride: null, providerOverride: null, modelOverrideSource: null, ...pinned(undefined), ...before };
  }
  const [models, config] = await Promise.all([call.use(Models), call.use(Config)]);
  const text = String(model);
  const ref = await canonical(models, text, config.current());
  const slash = ref.indexOf("/");
  return {
    providerOverride: ref.slice(0, slash),
    modelOverride: ref.slice(slash + 1),
    modelOverrideSource: "user",
    ...pinned(undefined),
  };
}

type ModelsService = NonNullable<(typeof Models)["$type"]>;
type Snapshot = Parameters<ModelsService["list"]>[0];

/** A reference whose provider nobody knows is answered with the provider's name. */
async function canonical(models: ModelsService, text: string, config: Snapshot): Promise<string> {
  try {
    return models.canonical(text, config);
  } catch (error) {
    const provider = text.includes("/") ? text.slice(0, text.indexOf("/")) : undefined;
    if (!(error instanceof Fault) || provider === undefined) throw error;
    const known = (await models.list(config, "all")).some((row) => row.provider === provider);
    throw known ? error : errors.PROVIDER_UNKNOWN({ provider });
  }
}

async function checkLevel(
  call: MethodCall,
  { key, level, entry }: { key: string; level: string; entry: Readonly<Record<string, unknown>> },
): Promise<void> {
  const [models, config] = await Promise.all([call.use(Models), call.use(Config)]);
  const agentId = /^agent:([^:]+):/.exec(key)?.[1];
  const own =
    typeof entry["modelOverride"] === "string"
      ? `${String(entry["providerOverride"])}/${entry["modelOverride"]}`
      : undefined;
  const ref = own ?? models.defaultRef(config.current(), agentModel(config.current(), agentId));
  const view = await (await call.use(Sessions)).levels(ref);
  if (view && !view.includes(level)) throw errors.THINKING_UNSUPPORTED({ level, model: ref, allowed: view });
}
