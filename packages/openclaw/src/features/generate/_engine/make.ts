/** Makes one thing and waits for it: one provider after the other, each with its own deadline. */
import type { Clock } from "../../../base/time.ts";
import { Fault } from "../../../base/errors.ts";
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import { errors } from "../errors.ts";
import { accessOf, candidates } from "./choose.ts";
import type { Asked, Candidate, Models } from "./choose.ts";
import { SAVED_BYTES, bring } from "./files.ts";
import type { MadeFile } from "./files.ts";
import { fitted } from "./fit.ts";
import type { Fitted } from "./fit.ts";
import { GenerationFailed, reasonOf } from "./provider.ts";
import type { Adapter, Found, Io, Job, Progress, Reference, Wishes } from "./provider.ts";
import { comfySettings } from "./settings.ts";

export interface MakeDeps {
  readonly models: Models;
  readonly io: Io;
  readonly clock: Clock;
  /** `~` of paths in the configuration. */
  readonly home: string;
}

export interface MakeRequest extends Asked {
  readonly wishes: Wishes;
  readonly references: readonly Reference[];
  /** Milliseconds for one provider. */
  readonly timeoutMs?: number;
  /** Absolute: where the files go. */
  readonly folder: string;
  /** Names of the files begin so. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** One provider that was asked. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  readonly ms: number;
  /** Absent when it worked. */
  readonly error?: string;
}

export interface Made extends Pick<Fitted, "normalization" | "ignored"> {
  readonly files: readonly MadeFile[];
  readonly provider: string;
  readonly model: string;
  readonly attempts: readonly Attempt[];
}

const LONGEST_MS = 600_000;
/** A machine of one's own may take longer. */
const LONGEST_WORKFLOW_MS = 3_600_000;
const POLL_MS = 2000;
/** States that could not be asked for, in a row. */
const MAX_MISSES = 5;

/** Throws `GENERATE_MODEL_UNKNOWN`, `GENERATE_NONE_READY` or `GENERATE_FAILED`. */
export async function make(deps: MakeDeps, request: MakeRequest): Promise<Made> {
  const { clock } = deps;
  const attempts: Attempt[] = [];
  for (const candidate of await candidates(deps.models, request)) {
    const begun = clock.monotonic();
    const who = { provider: candidate.provider.id, model: candidate.model };
    const took = () => Math.round(clock.monotonic() - begun);
    try {
      const made = await within(deps, request, candidate);
      return { ...made, ...who, model: made.model, attempts: [...attempts, { ...who, model: made.model, ms: took() }] };
    } catch (error) {
      if (request.signal.aborted) throw error;
      attempts.push({ ...who, ms: took(), error: reasonOf(error) });
    }
  }
  throw errors.GENERATE_FAILED({ kind: request.kind, attempts });
}

async function within(
  deps: MakeDeps,
  request: MakeRequest,
  candidate: Candidate,
): Promise<Omit<Made, "attempts" | "provider">> {
  const ms = deadlineOf(candidate, request);
  const late = new AbortController();
  const cancel = deps.clock.timer(ms, () => late.abort(tooLate(ms)));
  const signal = AbortSignal.any([request.signal, late.signal]);
  try {
    const prepared = await prepare(deps, { ...request, signal }, candidate);
    const found = await abortable(followed(deps, prepared), signal);
    const files = await abortable(brought(deps, prepared.job, found, request), signal);
    const { normalization, ignored } = prepared;
    return { files, model: prepared.job.model, normalization, ignored };
  } catch (error) {
    throw late.signal.aborted && !request.signal.aborted ? late.signal.reason : error;
  } finally {
    cancel();
  }
}

/** What the call says, else what the operator says of a workflow, else what is usual with this provider. */
export function deadlineOf(
  { offer, provider }: Candidate,
  { config, kind, timeoutMs }: Pick<MakeRequest, "config" | "kind" | "timeoutMs">,
): number {
  const own = provider.id === "comfy" ? positive(record(comfySettings(config)[kind])["timeoutMs"]) : undefined;
  if (timeoutMs === undefined && own !== undefined) return Math.min(own, LONGEST_WORKFLOW_MS);
  return Math.min(timeoutMs ?? offer.timeoutMs, LONGEST_MS);
}

/** The pause between two questions how far it is. */
export function pauseOf({ kind, settings }: Job, usual: number): number {
  return Math.max(100, positive(record(settings[kind])["pollIntervalMs"]) ?? usual);
}

function positive(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}

export function tooLate(ms: number): GenerationFailed {
  return new GenerationFailed(`nothing came within ${Math.ceil(ms / 1000)} s`);
}

export interface Prepared extends Pick<Fitted, "normalization" | "ignored"> {
  readonly job: Job;
  readonly adapter: Adapter;
}

/** The request as this provider gets it. Nothing has been asked yet. */
export async function prepare(
  { models, home }: Pick<MakeDeps, "models" | "home">,
  request: Pick<MakeRequest, "kind" | "config" | "agentId" | "wishes" | "references" | "signal">,
  { provider, offer, model: named }: Candidate,
): Promise<Prepared> {
  const { kind, wishes: asked, references, signal } = request;
  const model = offer.modelFor?.(named, asked, references) ?? named;
  const can = offer.can(model, references.length > 0);
  const { wishes, normalization, ignored } = fitted(asked, can);
  const taken = [
    ...references.filter((one) => one.kind === "image").slice(0, can.images),
    ...references.filter((one) => one.kind === "video").slice(0, can.videos ?? 0),
    ...references.filter((one) => one.kind === "audio").slice(0, can.audios ?? 0),
  ];
  // A picture that is to be changed and is left out would be paid for and be of no use.
  if (taken.length < references.length)
    throw new GenerationFailed(`${model} takes ${taken.length} of the ${references.length} files that were given`, {
      refused: true,
    });
  const access = await accessOf(models, provider, request);
  const settings = provider.id === "comfy" ? { ...comfySettings(request.config), home } : {};
  return {
    job: { kind, model, wishes, references: taken, access, settings, signal },
    adapter: (await offer.load()).adapter,
    normalization: [
      ...(model === named ? [] : [{ field: "model", requested: named, applied: model }]),
      ...normalization,
    ],
    ignored,
  };
}

async function followed({ io, clock }: MakeDeps, { adapter, job }: Prepared): Promise<readonly Found[]> {
  let state: Progress = await adapter.begin(job, io);
  for (let misses = 0; "operation" in state;) {
    const { operation } = state;
    await clock.sleep(pauseOf(job, POLL_MS), job.signal);
    try {
      state = await polled(adapter, operation, job, io);
      misses = 0;
    } catch (error) {
      misses += 1;
      if (!isPassing(error) || misses >= MAX_MISSES) throw error;
    }
  }
  return state.files;
}

export function polled(adapter: Adapter, operation: string, job: Job, io: Io): Promise<Progress> {
  if (!adapter.poll) throw new GenerationFailed("it cannot be asked how far it is", { refused: true });
  return adapter.poll(operation, job, io);
}

/** A state that could not be asked for is asked for again: the work is under way and paid. */
export function isPassing(error: unknown): boolean {
  if (error instanceof GenerationFailed) return error.passing;
  return error instanceof Fault && (error.code === "FETCH_FAILED" || error.code === "FETCH_TIMEOUT");
}

export async function brought(
  { io }: Pick<MakeDeps, "io">,
  { kind, access, signal, wishes }: Job,
  found: readonly Found[],
  { folder, name, maxBytes }: { readonly folder: string; readonly name: string; readonly maxBytes?: number },
): Promise<readonly MadeFile[]> {
  const files: MadeFile[] = [];
  let failed: unknown;
  // Nobody is sent more than was asked for, whatever an answer holds.
  for (const [i, one] of found.slice(0, Math.max(1, wishes.count ?? 1)).entries()) {
    const bringing = { kind, access, fetch: io.fetch, signal, folder, name: `${name}-${i + 1}` };
    try {
      files.push(await bring(one, { ...bringing, maxBytes: maxBytes ?? SAVED_BYTES[kind] }));
    } catch (error) {
      if (signal.aborted) throw error;
      failed ??= error;
    }
  }
  if (files.length === 0) throw failed ?? new GenerationFailed("it sent no file");
  return files;
}

/** `work`, given up as soon as the signal says so, whether or not it listens. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Given up already: what becomes of it is nobody's concern.
  work.catch(() => undefined);
  signal.throwIfAborted();
  const given = Promise.withResolvers<never>();
  const stop = () => given.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, given.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What is told of it in `details`, and with `--json`. */
export function detailsOf(made: Made): Record<string, unknown> {
  return {
    provider: made.provider,
    model: made.model,
    attempts: made.attempts,
    media: made.files.map((file) => ("path" in file ? file.path : file.url)),
    ...compact({
      ignoredOverrides: made.ignored.length === 0 ? undefined : made.ignored,
      normalization: made.normalization.length === 0 ? undefined : made.normalization,
    }),
  };
}
