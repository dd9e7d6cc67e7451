/** All work that goes on by itself: one of each kind in a session, through restarts, told once. */
import { join } from "node:path";
import { errorText } from "../../../base/errors.ts";
import { ensureDir, writeDurable } from "../../../base/files.ts";
import { uuid } from "../../../base/ids.ts";
import type { Log } from "../../../base/log.ts";
import { patiently } from "../../../base/patience.ts";
import { compact } from "../../../base/text.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { Store } from "../../../store/index.ts";
import type { ConfigService } from "../../config/index.ts";
import { candidates } from "../_engine/choose.ts";
import { sweep } from "../_engine/files.ts";
import type { Kind } from "../_engine/provider.ts";
import { errors } from "../errors.ts";
import type { Starting, TaskView } from "../index.ts";
import { lineOf, load, save, viewOf } from "./task.ts";
import type { StoredReference, Task } from "./task.ts";
import { seen, telling } from "./tell.ts";
import type { TellDeps } from "./tell.ts";
import { referenceFolder, work } from "./work.ts";
import type { WorkDeps } from "./work.ts";

export interface TasksDeps extends Omit<WorkDeps, "save" | "config">, Omit<TellDeps, "store"> {
  readonly platform: Pick<Platform, "clock" | "random">;
  readonly config: Pick<ConfigService, "current">;
  readonly store: Pick<Store, "kv" | "outbox">;
  readonly log: Log;
}

/** Of all sessions together. */
const MOST_OPEN = 50;
/** How often a session may start something because something it had started was over. */
const MOST_IN_A_ROW = 3;

export class Tasks {
  readonly #deps: TasksDeps;
  /** What is under way, by kind and session. */
  readonly #open = new Map<string, Task>();
  readonly #followed = new Set<string>();
  #loaded: Promise<void> | undefined;

  constructor(deps: TasksDeps) {
    this.#deps = deps;
  }

  async start(request: Starting): Promise<TaskView & { readonly fresh: boolean }> {
    await this.#load();
    const line = lineOf(request);
    const before = this.#open.get(line);
    if (before) return { ...viewOf(before), fresh: false };
    if (inARow(request.principal, request.sessionKey) >= MOST_IN_A_ROW)
      throw errors.GENERATE_LIMIT({ most: MOST_IN_A_ROW });
    if (this.#open.size >= MOST_OPEN) throw errors.GENERATE_LIMIT({ most: MOST_OPEN });
    const task = this.#taskOf(request);
    this.#open.set(line, task);
    try {
      // Says at once what cannot be asked for at all.
      await candidates(this.#deps.models, request);
      const references = await this.#kept(task.id, request);
      await this.#save({ ...task, references });
      void this.#follow({ ...task, references });
      return { ...viewOf(task), fresh: true };
    } catch (error) {
      this.#open.delete(line);
      throw error;
    }
  }

  async status(sessionKey: string, kind: Kind): Promise<TaskView | undefined> {
    await this.#load();
    const open = this.#open.get(lineOf({ sessionKey, kind }));
    if (open) return viewOf(open);
    const all = await load(this.#deps.store.kv, this.#deps.clock.now());
    const last = all.findLast((task) => task.sessionKey === sessionKey && task.kind === kind);
    return last && viewOf(last);
  }

  async resume(): Promise<number> {
    await this.#load();
    return this.#followed.size;
  }

  /** Reads what is known and goes on with what is not over. */
  #load(): Promise<void> {
    return (this.#loaded ??= (async () => {
      const { store, clock } = this.#deps;
      for (const task of await load(store.kv, clock.now())) {
        if (task.stage === "over") continue;
        if (task.stage !== "made" && task.stage !== "telling") this.#open.set(lineOf(task), task);
        void this.#follow(task);
      }
    })());
  }

  /** Never rejects. */
  async #follow(task: Task): Promise<void> {
    this.#followed.add(task.id);
    const { closing, log } = this.#deps;
    try {
      await this.#carry(task);
    } catch (error) {
      if (!closing.aborted)
        log.error("work that was started was lost sight of", { task: task.id, error: errorText(error) });
    } finally {
      this.#followed.delete(task.id);
      if (!closing.aborted) this.#open.delete(lineOf(task));
    }
  }

  async #carry(task: Task): Promise<void> {
    const { clock, closing, config, folder, lanes } = this.#deps;
    const isOver = task.stage === "made" || task.stage === "telling";
    const deps = { ...this.#deps, config: () => config.current(), save: (one: Task) => this.#save(one) };
    let now = isOver ? task : await work(deps, task);
    if (now.stage === "made") {
      // The next one may be started from the turn that tells of this one.
      this.#open.delete(lineOf(now));
      await patiently(clock, closing, () => lanes.submit(telling(now, clock.now()), []));
      now = await this.#save({ ...now, stage: "telling" });
    }
    await seen(this.#deps, now);
    await this.#save({ ...now, stage: "over" });
    await sweep(folder, clock.now());
  }

  async #save(task: Task): Promise<Task> {
    const { clock, closing, store } = this.#deps;
    await patiently(clock, closing, () => save(store.kv, task));
    if (this.#open.get(lineOf(task))?.id === task.id) this.#open.set(lineOf(task), task);
    return task;
  }

  #taskOf(request: Starting): Task {
    const { agentId, filename, folder, kind, model, principal, replyTo, sessionKey, timeoutMs, wishes } = request;
    const { clock, random } = this.#deps.platform;
    return {
      id: uuid(random),
      kind,
      sessionKey,
      agentId,
      principal,
      wishes,
      references: [],
      stage: "new",
      status: "queued",
      createdAt: clock.now(),
      ...compact({ replyTo, asked: model, timeoutMs, filename, folder }),
    };
  }

  async #kept(id: string, { references }: Starting): Promise<readonly StoredReference[]> {
    if (references.length === 0) return [];
    const folder = referenceFolder(this.#deps.folder, id);
    await ensureDir(folder);
    return Promise.all(
      references.map(async ({ data, ...rest }, i) => {
        const path = join(folder, String(i));
        await writeDurable(path, data);
        return { ...rest, path };
      }),
    );
  }
}

/** How many ends of work in a row have led here, without a person in between. */
function inARow(principal: Principal, sessionKey: string): number {
  let count = 0;
  for (let at: Principal | undefined = principal; at?.kind === "agent" && count < MOST_IN_A_ROW; at = at.parent)
    if (at.id === sessionKey) count += 1;
  return count;
}
