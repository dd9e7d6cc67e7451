/**
 * From references to text:
 *
 * 1. every reference in the configuration is found and held against the places where one may stand
 * 2. those that nobody will read are left out
 * 3. the rest is put to its providers, several at a time, each id once
 * 4. what was given takes the place of the references; what was not is an issue
 */
import { Limiter } from "../../base/queue.ts";
import type { Log } from "../../base/log.ts";
import type { ConfigSection } from "../../contracts/config.ts";
import type { SecretReference } from "../../contracts/secret-ref.ts";
import type { Platform } from "../../contracts/service.ts";
import { formatPath, valueAt, type ResolveSecrets, type ResolvedSecrets, type Segment } from "../config/index.ts";
import type { Answer, Provider, Settings } from "./_provider.ts";
import { findRefs, malformed, type FoundRef } from "./_refs.ts";
import { inactiveBecause, surfacesOf } from "./_surfaces.ts";

export interface ResolveOptions {
  readonly platform: Pick<Platform, "env" | "paths" | "spawn" | "clock"> & { readonly log: Pick<Log, "info" | "warn"> };
  readonly sections: readonly ConfigSection[];
}

/** Remembers whether the last reload failed, so that losing and regaining secrets is said once each. */
export function createSecretResolver(options: ResolveOptions): ResolveSecrets {
  const { log } = options.platform;
  let degraded = false;
  return async (root, why) => {
    const found = await resolveSecrets(root, why === "check" ? quiet(options) : options);
    const fails = found.issues.length > 0;
    if (why === "reload" && fails && !degraded)
      log.warn("SECRETS_RELOADER_DEGRADED: the previous secrets stay in force", {
        problems: found.issues.map(({ path, message }) => `${path}: ${message}`).slice(0, 10),
      });
    if (why === "reload" && !fails && degraded) log.info("SECRETS_RELOADER_RECOVERED: all secrets are there again");
    if (why !== "check") degraded = why === "reload" && fails;
    return found;
  };
}

function quiet({ platform, sections }: ResolveOptions): ResolveOptions {
  return { sections, platform: { ...platform, log: { info: () => {}, warn: () => {} } } };
}

type Root = Readonly<Record<string, unknown>>;

/** `root` has its defaults. Never rejects. */
async function resolveSecrets(root: Root, { platform, sections }: ResolveOptions): Promise<ResolvedSecrets> {
  const surface = surfacesOf(sections);
  const found = findRefs(root).filter(({ path }) => surface(path) !== "none");
  const rejected = found.filter(({ path }) => surface(path) === "rejected");
  const sorted = found
    .filter(({ path }) => surface(path) === "supported")
    .map((each) => ({ ...each, idle: inactiveBecause(each.path, root, platform.env) }));
  const active = sorted.filter(({ idle }) => idle === undefined);
  const warnings = tell(sorted, root, platform.log);
  const answers = await askAll(active, root, platform);
  const issues = [
    ...rejected.map(({ path }) => ({
      path: formatPath(path),
      message: "this secret cannot be a reference; write it as text",
    })),
    ...active.flatMap(({ path, ref }, at) => {
      const given = answers[at];
      return given && "problem" in given
        ? [{ path: formatPath(path), message: unavailable(ref, root, given.problem) }]
        : [];
    }),
  ];
  const values = new Map<string, string | undefined>(
    sorted.map(({ path, idle }) => {
      const given = idle === undefined ? answers[active.findIndex((each) => each.path === path)] : undefined;
      return [formatPath(path), given && "value" in given ? given.value : undefined];
    }),
  );
  const places = [...values].flatMap(([place, value]) => (value === undefined ? [] : [besideName(place)]));
  return { root: put(root, [], values) as Root, places, issues, warnings };
}

/** What stands for a secret, never the secret: `env:default:MY_TOKEN`. */
function unavailable(ref: SecretReference, root: Root, problem: string): string {
  return `the secret ${ref.source}:${aliasOf(ref, root) ?? "?"}:${ref.id} cannot be had: ${problem}`;
}

/** Says what is left out and why. Returns how many of these messages are warnings. */
function tell(
  refs: readonly (FoundRef & { readonly idle: string | undefined })[],
  root: Root,
  log: Pick<Log, "info" | "warn">,
): number {
  let warnings = 0;
  for (const { path, idle } of refs) {
    const place = formatPath(path);
    if (path[0] === "gateway")
      log.info(`SECRETS_GATEWAY_AUTH_SURFACE: ${place} is ${idle === undefined ? "active" : `inactive, ${idle}`}`);
    if (idle !== undefined) log.info(`SECRETS_REF_IGNORED_INACTIVE_SURFACE: ${place} is not resolved, ${idle}`);
    if (idle === undefined && plainBeside(path, root) !== undefined) {
      warnings += 1;
      log.warn(`SECRETS_REF_OVERRIDES_PLAINTEXT: ${place} is used instead of the text beside it`);
    }
  }
  return warnings;
}

/** `serviceAccountRef` stands beside the text that it replaces. */
function plainBeside(path: readonly Segment[], root: Root): unknown {
  const beside = besideOf(path);
  return beside && valueAt(root, beside);
}

/** `a.keyRef` puts its value at `a.key`. */
function besideName(place: string): string {
  return place.endsWith("Ref") ? place.slice(0, -3) : place;
}

function besideOf(path: readonly Segment[]): readonly Segment[] | undefined {
  const name = path.at(-1);
  return typeof name === "string" && name.endsWith("Ref") ? [...path.slice(0, -1), name.slice(0, -3)] : undefined;
}

function aliasOf({ source, provider }: SecretReference, root: Root): string | undefined {
  const chosen = provider ?? valueAt(root, `secrets.defaults.${source}`);
  return typeof chosen === "string" ? chosen : source === "env" ? "default" : undefined;
}

interface Batch {
  readonly alias: string;
  readonly settings: Settings;
  readonly source: SecretReference["source"];
  readonly ids: Set<string>;
}

async function askAll(refs: readonly FoundRef[], root: Root, platform: ResolveOptions["platform"]): Promise<Answer[]> {
  const batches = new Map<string, Batch>();
  const planned = refs.map(({ ref }) => plan(ref, root, batches));
  const asked = new Map<string, Answer>();
  const limiter = new Limiter(limitOf(root, "maxProviderConcurrency", 4), Number.POSITIVE_INFINITY);
  await Promise.all(
    [...batches.values()].map(async (batch) => {
      const leave = await limiter.enter();
      try {
        const ids = [...batch.ids];
        const answers = await askOne(batch, ids, { root, platform });
        ids.forEach((id, at) => asked.set(`${batch.alias} ${id}`, answers[at] ?? { problem: "no answer" }));
      } finally {
        leave?.();
      }
    }),
  );
  return planned.map((each) => (typeof each === "string" ? (asked.get(each) ?? { problem: "no answer" }) : each));
}

/** Puts the id into the batch of its provider; the key of its answer, or why it cannot be asked for. */
function plan(ref: SecretReference, root: Root, batches: Map<string, Batch>): string | Answer {
  const alias = aliasOf(ref, root);
  if (alias === undefined) return { problem: `no provider is named, and secrets.defaults.${ref.source} names none` };
  const problem = malformed(ref, alias);
  if (problem !== undefined) return { problem };
  const configured = valueAt(root, ["secrets", "providers", alias]) as Settings | undefined;
  const settings = configured ?? (alias === "default" && ref.source === "env" ? { source: "env" } : undefined);
  if (!settings) return { problem: `there is no provider ${alias} in secrets.providers` };
  if (settings["source"] !== ref.source)
    return { problem: `the provider ${alias} is of kind ${String(settings["source"])}` };
  const batch = batches.get(alias) ?? { alias, settings, source: ref.source, ids: new Set<string>() };
  batches.set(alias, batch);
  batch.ids.add(ref.id);
  return `${alias} ${ref.id}`;
}

async function askOne(
  { alias, settings, source, ids: all }: Batch,
  ids: readonly string[],
  { root, platform }: { readonly root: Root; readonly platform: ResolveOptions["platform"] },
): Promise<Answer[]> {
  const most = limitOf(root, "maxRefsPerProvider", 512);
  if (all.size > most) return ids.map(() => ({ problem: `the provider ${alias} has more than ${most} references` }));
  const maxBatchBytes = limitOf(root, "maxBatchBytes", 262_144);
  return (await providerOf(source))(ids, settings, { platform, alias, maxBatchBytes });
}

async function providerOf(source: SecretReference["source"]): Promise<Provider> {
  if (source === "env") return (await import("./_env-provider.ts")).fromEnv;
  if (source === "file") return (await import("./_file-provider.ts")).fromFile;
  return (await import("./_exec-provider.ts")).fromProgram;
}

function limitOf(root: Root, name: string, fallback: number): number {
  const value = valueAt(root, `secrets.resolution.${name}`);
  return typeof value === "number" ? value : fallback;
}

/** The tree with values in the place of references; a reference without a value goes. */
function put(value: unknown, path: readonly Segment[], values: ReadonlyMap<string, string | undefined>): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item, at) => put(item, [...path, at], values));
  const entries: [string, unknown][] = [];
  const beside = new Map<string, string>();
  for (const [key, item] of Object.entries(value)) {
    const place = [...path, key];
    const name = formatPath(place);
    if (!values.has(name)) entries.push([key, put(item, place, values)]);
    else if (values.get(name) !== undefined) {
      const target = besideOf(place)?.at(-1);
      if (typeof target === "string") beside.set(target, values.get(name) as string);
      else entries.push([key, values.get(name)]);
    }
  }
  return Object.fromEntries([...entries.filter(([key]) => !beside.has(key)), ...beside]);
}
