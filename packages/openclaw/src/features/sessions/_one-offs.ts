/**
 * Sessions that are made for one request and never come back: of API calls without a user, of hooks. They go
 * after a day, with what was said in them. Looked for when another one is made, at most once an hour.
 */
import { errorText } from "../../base/errors.ts";
import { remove } from "../../base/files.ts";
import type { Platform } from "../../contracts/service.ts";
import type { Store } from "../../store/index.ts";
import type { SessionsService } from "./index.ts";

const EVERY_MS = 3_600_000;
const KEPT_MS = 24 * 3_600_000;
const PAGE = 200;

export interface OneOffKind {
  /** Part of every such key, for the store: `:hook:`. */
  readonly search: string;
  readonly isOneOff: (key: string) => boolean;
}

export interface OneOffDeps {
  readonly platform: Pick<Platform, "clock" | "log">;
  readonly store: Pick<Store, "sessions">;
  readonly sessions: Pick<SessionsService, "delete">;
  readonly kinds: readonly OneOffKind[];
}

export class OneOffSessions {
  readonly #deps: OneOffDeps;
  #looked = Number.NEGATIVE_INFINITY;

  constructor(deps: OneOffDeps) {
    this.#deps = deps;
  }

  /** Removes what is old, without being waited for. */
  tidy(): void {
    const { clock, log } = this.#deps.platform;
    if (clock.monotonic() - this.#looked < EVERY_MS) return;
    this.#looked = clock.monotonic();
    this.removeOld().catch((error: unknown) =>
      log.for("sessions").warn("old sessions were not removed", { error: errorText(error) }),
    );
  }

  async removeOld(): Promise<void> {
    const before = this.#deps.platform.clock.now() - KEPT_MS;
    for (const kind of this.#deps.kinds) while (await this.#removePage(kind, before));
  }

  /** Whether there may be more. */
  async #removePage({ search, isOneOff }: OneOffKind, before: number): Promise<boolean> {
    const { store, sessions } = this.#deps;
    const filter = { search, updatedBefore: before, archived: "all", limit: PAGE, offset: 0 } as const;
    const { rows } = await store.sessions.list(filter);
    const old = rows.filter(({ key }) => isOneOff(key));
    for (const { key } of old) {
      const { archived } = await sessions.delete(key, { deleteTranscript: true });
      for (const path of archived) await remove(path);
    }
    return old.length > 0 && rows.length === PAGE;
  }
}
