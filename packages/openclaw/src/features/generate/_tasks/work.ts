/** From the wish to the files, one durable step after the other. Nothing is ever asked for twice. */
import { join } from "node:path";
import { readBytes, remove } from "../../../base/files.ts";
import { compact } from "../../../base/text.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { candidateOf, candidates } from "../_engine/choose.ts";
import type { Candidate } from "../_engine/choose.ts";
import { stemOf } from "../_engine/files.ts";
import { abortable, brought, deadlineOf, isPassing, pauseOf, polled, prepare, tooLate } from "../_engine/make.ts";
import type { MakeDeps, Prepared } from "../_engine/make.ts";
import { GenerationFailed, reasonOf } from "../_engine/provider.ts";
import type { Found, Reference } from "../_engine/provider.ts";
import type { Task } from "./task.ts";

export interface WorkDeps extends MakeDeps {
  /** Absolute: where files go. */
  readonly folder: string;
  readonly save: (task: Task) => Promise<Task>;
  readonly config: () => ConfigSnapshot;
  /** The gateway is stopping: the next process goes on. */
  readonly closing: AbortSignal;
}

const POLL_MS = 5000;
const MAX_REFERENCE = 20 * 1024 * 1024;
/** States that could not be asked for, in a row: half an hour of no network ends nothing before its deadline. */
const MAX_REFUSALS = 3;
/** After a restart it is asked for at least this long: it may be ready by now. */
const GRACE_MS = 60_000;

/** Sees a task through to `made`. Rejects only when the gateway stops meanwhile. */
export async function work(deps: WorkDeps, task: Task): Promise<Task> {
  try {
    if (task.stage === "new") return await begun(deps, task);
    if (task.stage === "polling") return await waited(deps, task);
    const interrupted =
      "the gateway was stopped while it was being asked for; it may have been charged, and was not asked for again";
    return await ended(deps, task, { error: interrupted });
  } catch (error) {
    deps.closing.throwIfAborted();
    return await ended(deps, task, { error: reasonOf(error) });
  }
}

async function begun(deps: WorkDeps, task: Task): Promise<Task> {
  const config = deps.config();
  const { agentId, kind, asked } = task;
  const all = await candidates(deps.models, {
    kind,
    config,
    agentId,
    ...(asked === undefined ? {} : { model: asked }),
  });
  const references = await referencesOf(task);
  const reasons: string[] = [];
  for (const candidate of all) {
    const late = new AbortController();
    const ms = deadlineOf(candidate, { config, kind, ...compact({ timeoutMs: task.timeoutMs }) });
    const cancel = deps.clock.timer(ms, () => late.abort(tooLate(ms)));
    const signal = AbortSignal.any([deps.closing, late.signal]);
    try {
      const prepared = await prepare(
        deps,
        { kind, config, agentId, wishes: task.wishes, references, signal },
        candidate,
      );
      return await asking(deps, { task, prepared, candidate, deadline: deps.clock.now() + ms });
    } catch (error) {
      deps.closing.throwIfAborted();
      reasons.push(`${candidate.provider.id}: ${reasonOf(late.signal.aborted ? late.signal.reason : error)}`);
      // Whoever did not refuse may have begun: nobody else is paid for the same.
      if (error instanceof Begun || late.signal.aborted) break;
    } finally {
      cancel();
    }
  }
  return ended(deps, task, { error: reasons.join("; ") });
}

/** It was asked for, and nobody knows what became of it. */
class Begun extends GenerationFailed {}

async function asking(
  deps: WorkDeps,
  given: { readonly task: Task; readonly prepared: Prepared; readonly candidate: Candidate; readonly deadline: number },
): Promise<Task> {
  const { prepared, candidate, deadline } = given;
  const { adapter, job } = prepared;
  const task = await deps.save({
    ...given.task,
    stage: "asking",
    status: "running",
    provider: candidate.provider.id,
    model: job.model,
    normalization: prepared.normalization,
    ignored: prepared.ignored.map(({ key }) => key),
    deadline,
  });
  const progress = await abortable(adapter.begin(job, deps.io), job.signal).catch((error: unknown) => {
    throw error instanceof GenerationFailed && error.refused ? error : new Begun(reasonOf(error));
  });
  if (!("operation" in progress)) return finished(deps, task, prepared, progress.files).catch(asBegun);
  const waiting = await deps.save({ ...task, stage: "polling", operation: progress.operation });
  await forget(deps, task);
  return waited(deps, waiting, prepared).catch(asBegun);
}

function asBegun(error: unknown): never {
  throw new Begun(reasonOf(error));
}

/** Asks how far it is until it is there. */
async function waited(deps: WorkDeps, task: Task, known?: Prepared): Promise<Task> {
  const late = new AbortController();
  const left = Math.max(known ? 0 : GRACE_MS, (task.deadline ?? 0) - deps.clock.now());
  const cancel = deps.clock.timer(left, () => late.abort(tooLate(deps.clock.now() - task.createdAt)));
  const signal = AbortSignal.any([deps.closing, late.signal]);
  try {
    const again = known ?? (await preparedAgain(deps, task));
    const prepared = { ...again, job: { ...again.job, signal } };
    return await finished(deps, task, prepared, await followed(deps, task, prepared));
  } catch (error) {
    throw late.signal.aborted && !deps.closing.aborted ? late.signal.reason : error;
  } finally {
    cancel();
  }
}

async function followed(
  { clock, io }: WorkDeps,
  { operation = "" }: Task,
  { adapter, job }: Prepared,
): Promise<readonly Found[]> {
  for (let refusals = 0; ;) {
    try {
      const state = await abortable(polled(adapter, operation, job, io), job.signal);
      if (!("operation" in state)) return state.files;
      refusals = 0;
    } catch (error) {
      job.signal.throwIfAborted();
      refusals += isPassing(error) ? 0 : 1;
      if (refusals >= (error instanceof GenerationFailed && error.refused ? 1 : MAX_REFUSALS)) throw error;
    }
    await clock.sleep(pauseOf(job, POLL_MS), job.signal);
  }
}

/** As whom it was asked for, after a restart. Nothing of the wishes is needed any more. */
function preparedAgain(deps: WorkDeps, { agentId, kind, model = "", provider = "", wishes }: Task): Promise<Prepared> {
  const config = deps.config();
  const signal = deps.closing;
  const named = { ...candidateOf(kind, provider), model };
  return prepare(deps, { kind, config, agentId, wishes, references: [], signal }, named);
}

async function finished(deps: WorkDeps, task: Task, { job }: Prepared, found: readonly Found[]): Promise<Task> {
  const given = { folder: task.folder ?? deps.folder, name: stemOf(task.kind, task.filename, task.id) };
  const files = await abortable(brought(deps, job, found, given), job.signal);
  return ended(deps, task, { files });
}

async function ended(deps: WorkDeps, task: Task, how: Pick<Task, "files" | "error">): Promise<Task> {
  const status = how.files ? "succeeded" : "failed";
  const done = await deps.save({ ...task, ...how, stage: "made", status, endedAt: deps.clock.now() });
  await forget(deps, task);
  return done;
}

export function referenceFolder(folder: string, id: string): string {
  return join(folder, "tasks", id);
}

async function forget({ folder }: WorkDeps, { id, references }: Task): Promise<void> {
  if (references.length > 0) await remove(referenceFolder(folder, id));
}

async function referencesOf({ references }: Task): Promise<readonly Reference[]> {
  return Promise.all(
    references.map(async ({ path, ...rest }) => {
      const data = await readBytes(path, MAX_REFERENCE);
      if (!data) throw new GenerationFailed("a file that was given for it is gone", { refused: true });
      return { ...rest, data };
    }),
  );
}
