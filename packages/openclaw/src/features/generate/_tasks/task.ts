/** Work that goes on by itself, as it is remembered. */
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import type { ReplyRoute } from "../../../contracts/envelope.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { Kv } from "../../../store/index.ts";
import type { Change } from "../_engine/fit.ts";
import type { MadeFile } from "../_engine/files.ts";
import type { Kind, Wishes } from "../_engine/provider.ts";
import { TASK_SPACE } from "../_service-tokens.ts";
import type { TaskView } from "../index.ts";

/**
 * How far it is; each step is written before the next begins:
 *
 * - `new`: nobody was asked.
 * - `asking`: a provider is being asked. Whether it was is not known after a crash: it is not asked again.
 * - `polling`: the provider gave a name for it, by which it is asked for, also by the next process.
 * - `made`: it is over, well or not; the session is to be told.
 * - `telling`: the turn that tells it is queued.
 * - `over`: nothing is left to do.
 */
export type Stage = "new" | "asking" | "polling" | "made" | "telling" | "over";

export interface StoredReference {
  readonly path: string;
  readonly kind: "image" | "video" | "audio";
  readonly mimeType: string;
  readonly role?: string;
}

export interface Task {
  readonly id: string;
  readonly kind: Kind;
  readonly sessionKey: string;
  readonly agentId: string;
  /** Whoever caused it. */
  readonly principal: Principal;
  readonly replyTo?: ReplyRoute;
  readonly wishes: Wishes;
  readonly references: readonly StoredReference[];
  /** Named by the call: it and nobody else. */
  readonly asked?: string;
  readonly timeoutMs?: number;
  readonly filename?: string;
  /** Where the files go, when not where all do. */
  readonly folder?: string;
  readonly stage: Stage;
  readonly status: TaskView["status"];
  readonly provider?: string;
  readonly model?: string;
  readonly operation?: string;
  /** Unix epoch milliseconds after which it is not asked for any more. */
  readonly deadline?: number;
  readonly normalization?: readonly Change[];
  readonly ignored?: readonly string[];
  readonly files?: readonly MadeFile[];
  readonly error?: string;
  readonly createdAt: number;
  readonly endedAt?: number;
}

const KEPT_MS = 7 * 86_400_000;

export async function save(kv: Kv, task: Task): Promise<Task> {
  await kv.set(TASK_SPACE, task.id, JSON.stringify(task));
  return task;
}

/** All that are known, oldest first; those that were over a week ago are forgotten. */
export async function load(kv: Kv, now: number): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (const { key, value } of await kv.list(TASK_SPACE)) {
    const task = parsed(value);
    if (!task || (task.stage === "over" && (task.endedAt ?? 0) < now - KEPT_MS)) await kv.delete(TASK_SPACE, key);
    else tasks.push(task);
  }
  return tasks.toSorted((a, b) => a.createdAt - b.createdAt);
}

function parsed(value: string): Task | undefined {
  try {
    const task = record(JSON.parse(value));
    return typeof task["id"] === "string" && typeof task["stage"] === "string" ? (task as unknown as Task) : undefined;
  } catch {
    return undefined;
  }
}

export function viewOf(task: Task): TaskView {
  return {
    taskId: task.id,
    kind: task.kind,
    status: task.status,
    prompt: task.wishes.prompt,
    media: (task.files ?? []).map((file) => ("path" in file ? file.path : file.url)),
    createdAt: task.createdAt,
    ...compact({ provider: task.provider, model: task.model, error: task.error }),
  };
}

/** Sessions have one of a kind at a time. */
export function lineOf({ kind, sessionKey }: Pick<Task, "kind" | "sessionKey">): string {
  return `${kind} ${sessionKey}`;
}
