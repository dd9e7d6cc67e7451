/** Body of `models scan`: free models that can be fallbacks, tried out before they are taken. */
import type { CliContext } from "../../contracts/cli.ts";
import { Fault } from "../../base/errors.ts";
import { Limiter } from "../../base/queue.ts";
import { Models } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { confirmed } from "./_confirm.ts";
import { allow, choiceOf, writeChoice } from "./_choice.ts";
import { freeModels, worthTrying } from "./_free-models.ts";
import type { FreeModel } from "./_free-models.ts";
import { callsTools, seesPictures } from "./_try-model.ts";
import type { Tried } from "./_try-model.ts";
import { errors } from "./errors.ts";

interface Row extends FreeModel {
  readonly tool?: Tried;
  readonly image?: Tried;
}

const HOME = "https://openrouter.ai/api/v1";

export async function scan(context: CliContext): Promise<number | void> {
  const { config, global, options, out, platform, signal } = context;
  const snapshot = await config();
  const timeoutMs = numberOf(options, "timeout", 10_000);
  const listed = await freeModels(platform.fetch, {
    baseUrl: String(snapshot.at("models.providers.openrouter.baseUrl") ?? HOME),
    now: platform.clock.now(),
    timeoutMs,
    signal,
  });
  const candidates = worthTrying(listed, {
    minParams: numberOf(options, "minParams", 0),
    maxAgeDays: numberOf(options, "maxAgeDays", 0),
    provider: typeof options["provider"] === "string" ? options["provider"] : undefined,
  }).slice(0, numberOf(options, "maxCandidates", 6));
  const key = await hasKey(context);
  const tries = options["probe"] !== false && key;
  if (options["probe"] !== false && !key)
    out.note("There is no key for OpenRouter, so nothing is tried out and nothing is taken: set OPENROUTER_API_KEY.");
  const rows = tries ? ranked(await tryAll(context, candidates, timeoutMs)) : candidates;
  if (global.json || options["json"] === true) out.json({ count: rows.length, tried: tries, models: rows });
  else show(context, rows, tries);
  if (tries) await take(context, rows);
}

async function hasKey({ use, config }: CliContext): Promise<boolean> {
  const models = await use(Models);
  return models.access("openrouter", await config()).then(
    ({ apiKey }) => apiKey !== undefined,
    () => false,
  );
}

async function tryAll(context: CliContext, candidates: readonly FreeModel[], timeoutMs: number): Promise<Row[]> {
  const { use, config, options, platform, signal } = context;
  const [models, snapshot] = await Promise.all([use(Models), config()]);
  const places = new Limiter(numberOf(options, "concurrency", 3), candidates.length);
  return Promise.all(
    candidates.map(async (model): Promise<Row> => {
      const leave = await places.enter();
      try {
        const endpoint = await models.resolve(`openrouter/${model.id}`, unlisted(snapshot));
        const by = { models, clock: platform.clock, timeoutMs, signal };
        const tool = await callsTools(endpoint, by);
        const image = model.takesImages
          ? await seesPictures({ ...endpoint, model: { ...endpoint.model, input: ["text", "image"] } }, by)
          : undefined;
        return { ...model, tool, ...(image === undefined ? {} : { image }) };
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { ...model, tool: { ok: false, ms: 0, error: error.message } };
      } finally {
        leave?.();
      }
    }),
  );
}

/** Candidates are tried whether or not they may be chosen yet. */
function unlisted(config: Awaited<ReturnType<CliContext["config"]>>): typeof config {
  return { ...config, at: (path) => (path === "agents.defaults.models" ? undefined : config.at(path)) };
}

/** Those that see first, then the quicker ones, then the larger ones; those that failed last. */
function ranked(rows: readonly Row[]): Row[] {
  return rows.toSorted(
    (a, b) =>
      Number(b.tool?.ok === true) - Number(a.tool?.ok === true) ||
      Number(b.image?.ok === true) - Number(a.image?.ok === true) ||
      (a.tool?.ms ?? 0) - (b.tool?.ms ?? 0) ||
      b.contextWindow - a.contextWindow ||
      b.params - a.params,
  );
}

function show({ out }: CliContext, rows: readonly Row[], tried: boolean): void {
  if (rows.length === 0) return out.line("No free model fits.");
  const width = Math.max(...rows.map(({ id }) => id.length));
  for (const { id, contextWindow, params, takesImages, tool, image } of rows) {
    const size = params > 0 ? `${params}B` : "";
    const facts = `${id.padEnd(width)}  ${String(Math.round(contextWindow / 1000)).padStart(5)}k  ${size.padStart(6)}`;
    const results = tried
      ? `tools ${word(tool)}${image ? `, pictures ${word(image)}` : ""}`
      : takesImages
        ? "pictures"
        : "";
    out.line(`${facts}  ${results}`.trimEnd());
  }
}

function word(tried: Tried | undefined): string {
  return tried === undefined ? "-" : tried.ok ? `ok (${tried.ms} ms)` : `failed (${tried.error ?? ""})`;
}

async function take(context: CliContext, rows: readonly Row[]): Promise<void> {
  const { options, out, use } = context;
  const good = rows.filter(({ tool }) => tool?.ok === true).map(({ id }) => `openrouter/${id}`);
  const seeing = rows.filter(({ image }) => image?.ok === true).map(({ id }) => `openrouter/${id}`);
  if (good.length === 0) throw errors.SCAN_NOTHING_WORKS();
  if (!(await confirmed(context, `Use ${good.length} of them as fallbacks?`))) return;
  const config = await use(Config);
  const before = choiceOf(config.current(), "model");
  const primary = options["setDefault"] === true ? good[0] : before.primary;
  const fallbacks = good.filter((ref) => ref !== primary);
  await writeChoice(config, "model", { ...(primary === undefined ? {} : { primary }), fallbacks });
  if (options["setImage"] === true && seeing[0] !== undefined)
    await writeChoice(config, "imageModel", { primary: seeing[0], fallbacks: seeing.slice(1) });
  for (const ref of new Set([...good, ...(options["setImage"] === true ? seeing : [])])) await allow(config, ref);
  out.note(`Fallbacks: ${fallbacks.join(", ") || "none"}`);
  if (options["setDefault"] === true) out.note(`Default model: ${good[0] ?? ""}`);
}

function numberOf(options: CliContext["options"], name: string, usual: number): number {
  const given = options[name];
  if (given === undefined) return usual;
  const value = Number(given);
  if (!Number.isFinite(value) || value < 0 || (name !== "minParams" && name !== "maxAgeDays" && value < 1))
    throw errors.SCAN_NUMBER({ flag: name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`), value: String(given) });
  return value;
}
