/** `config.set`, `config.apply` and `config.patch`. */
import { Fault } from "../../base/errors.ts";
import { compact } from "../../base/text.ts";
import { LifecycleToken } from "../../contracts/lifecycle.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { isUnknownKey } from "./_wording.ts";
import { commit, type Loss, type MakeDraft, type WriteContext } from "./_write/commit.ts";
import { changes, replacement } from "./_write/drafts.ts";
import { errors } from "./errors.ts";
import {
  Config,
  ConfigSections,
  SecretResolver,
  SessionNotices,
  type ConfigFile,
  type ConfigIssue,
  type ConfigService,
  type ReloadPlan,
  type ResolveSecrets,
} from "./index.ts";
import { layoutOf } from "./_write/layout.ts";
import { isDict, type Dict } from "./_load/merge.ts";
import { parseConfig } from "./_load/parse.ts";
import { patchChanges, patchPaths } from "./_write/patch.ts";
import { formatPath, parsePath } from "./_path.ts";
import { secretsOf } from "./_schema/redact.ts";
import { restoreData, restoreText } from "./_write/restore.ts";
import { writeSentinel, type RestartSentinel } from "./_write/sentinel.ts";

export interface WriteParams {
  readonly raw: string;
  readonly baseHash?: string;
}

export interface RestartParams extends WriteParams {
  readonly sessionKey?: string;
  readonly note?: string;
  readonly restartDelayMs?: number;
  readonly deliveryContext?: Readonly<Record<string, unknown>>;
}

const DEFAULT_DELAY_MS = 2000;
/** Paths that the message about a missing hash names. */
const MAX_NAMED = 5;

/** Replaces the whole file; the plan decides what restarts. */
export async function set(call: MethodCall, params: WriteParams) {
  const { config, context } = await parts(call);
  const file = await replaced({ config, context }, params, "config.set");
  await config.written(file);
  return answer(config, file);
}

/** Replaces the whole file, restarts where the plan says so, and tells the session afterwards. */
export async function apply(call: MethodCall, params: RestartParams) {
  const { config, context } = await parts(call);
  const file = await replaced({ config, context }, params, "config.apply");
  return { ...(await answer(config, file)), ...(await restartFor(call, { file, params, kind: "config-apply" })) };
}

/** Merges a patch into the file; then as `apply`. */
export async function patch(call: MethodCall, params: RestartParams) {
  const { config, context } = await parts(call);
  const given = await parseRaw("config.patch", params.raw);
  const isSecret = secretsOf(context.sections);
  let changed: string[] = [];
  const draft = changes(context, ({ tree }) => {
    const made = patchChanges(restoreData(given, tree, isSecret) as Dict, tree);
    changed = made.map(({ path }) => formatPath(path));
    return made;
  });
  const paths = patchPaths(given).map(formatPath).slice(0, MAX_NAMED);
  const file = await written(context, draft, { config, params, paths, excuse: [] });
  if (changed.length === 0) {
    const { ok, path, config: shown } = await answer(config, file);
    return { ok, noop: true, changedPaths: changed, path, config: shown };
  }
  const restart = await restartFor(call, { file, params, kind: "config-patch" });
  return { ...(await answer(config, file)), changedPaths: changed, ...restart };
}

interface Parts {
  readonly config: ConfigService;
  readonly context: WriteContext;
}

async function parts({ use, platform }: MethodCall): Promise<Parts> {
  const [config, sections] = await Promise.all([use(Config), use(ConfigSections)]);
  const secrets: ResolveSecrets = async (root, why) => (await use(SecretResolver))(root, why);
  return { config, context: { platform, sections, secrets } };
}

async function replaced(
  { config, context }: Parts,
  params: WriteParams,
  method: "config.set" | "config.apply",
): Promise<ConfigFile> {
  const value = await parseRaw(method, params.raw);
  const isSecret = secretsOf(context.sections);
  const draft = replacement(context, async (before) => {
    const tree = before.problem === "syntax" ? {} : (await layoutOf(before, context.platform.paths.home)).tree;
    return restoreText({ text: params.raw, value }, { text: before.raw ?? "", value: tree }, isSecret);
  });
  return written(context, draft, { config, params, paths: [], excuse: method === "config.apply" ? ["size"] : [] });
}

interface Wish {
  readonly config: ConfigService;
  readonly params: WriteParams;
  /** What the message about a missing hash names. */
  readonly paths: readonly string[];
  readonly excuse: readonly Loss[];
}

/** The file as written. What was refused for its content is told in the words of these methods. */
async function written(
  context: WriteContext,
  draft: MakeDraft,
  { config, params, paths, excuse }: Wish,
): Promise<ConfigFile> {
  const required = () => errors.CONFIG_HASH_MISSING({ paths });
  const base = compact({ hash: params.baseHash, required, form: config.fingerprint });
  try {
    return (await commit(context, draft, { base, excuse })).file;
  } catch (error) {
    const issues = error instanceof Fault ? ((error.details?.["issues"] ?? []) as readonly ConfigIssue[]) : [];
    if (issues.length === 0) throw error;
    const wire = issues.map(toWire);
    const reason = wire.map(({ path, message }) => `${path === "" ? "<root>" : path}: ${message}`).join("; ");
    throw errors.CONFIG_PAYLOAD_INVALID({ reason }).with({ details: { issues: wire }, cause: error });
  }
}

/** On the wire a key that may not stand where it does is an issue of the object around it; `line`: in the file as it would be. */
function toWire(issue: ConfigIssue) {
  const { path, message, file, line } = issue;
  const at = isUnknownKey(issue) ? formatPath((parsePath(path) ?? []).slice(0, -1)) : path;
  return compact({ path: at, message, line: file === undefined ? line : undefined });
}

async function parseRaw(method: string, raw: string): Promise<Dict> {
  const { default: json5 } = await import("json5");
  try {
    const value: unknown = json5.parse(raw);
    if (!isDict(value)) throw errors.CONFIG_RAW_INVALID({ reason: `${method} raw must be an object` });
  } catch (error) {
    throw error instanceof Fault ? error : errors.CONFIG_RAW_INVALID({ reason: String(error) });
  }
  const parsed = await parseConfig(raw);
  if (parsed.ok) return parsed.value;
  throw errors.CONFIG_PAYLOAD_INVALID({ reason: `<root>: ${parsed.issue.message}` });
}

async function answer(config: ConfigService, file: ConfigFile) {
  const shown = config.redact(file.snapshot?.root ?? {}) as Record<string, unknown>;
  return { ok: true as const, path: file.path, hash: await config.fingerprint(file.hash), config: shown };
}

interface Written {
  readonly file: ConfigFile;
  readonly params: RestartParams;
  readonly kind: "config-apply" | "config-patch";
}

/** Puts the file in force, leaves word for the session and schedules the restart that the change needs. */
async function restartFor(call: MethodCall, { file, params, kind }: Written) {
  const { config } = await parts(call);
  const lifecycle = await call.use(LifecycleToken).catch(() => undefined);
  const requiresRestart = needsRestart(await config.written(file, { restart: "caller" }), file);
  const mode = kind === "config-apply" ? "config.apply" : "config.patch";
  const sentinel: RestartSentinel = compact({
    version: 1 as const,
    kind,
    status: "ok" as const,
    ts: call.platform.clock.now(),
    sessionKey: params.sessionKey,
    deliveryContext: params.deliveryContext,
    message: params.note ?? null,
    doctorHint: "Run: openclaw doctor --non-interactive",
    stats: { mode, root: file.path, requiresRestart },
    by: call.caller.principal,
  });
  await writeSentinel(call.platform.paths, sentinel);
  const { restartDelayMs = DEFAULT_DELAY_MS } = params;
  const restart = requiresRestart ? lifecycle?.restart({ reason: mode, delayMs: restartDelayMs }) : undefined;
  if (!restart) call.after(async () => (await call.use(SessionNotices)).announceRestart());
  const { version: _version, by: _by, deliveryContext: _context, ...payload } = sentinel;
  return { sentinel: { persisted: true, payload }, ...(restart ? { restart } : {}) };
}

/** Whether something in the file only takes effect by a restart, as the plan and the mode of reloading say. */
function needsRestart({ live, parts: own, restart }: ReloadPlan, file: ConfigFile): boolean {
  const mode = file.snapshot?.at("gateway.reload.mode");
  const byMode = mode === "restart" || mode === "off";
  return restart.length > 0 || (byMode && live.length + Object.keys(own).length > 0);
}
