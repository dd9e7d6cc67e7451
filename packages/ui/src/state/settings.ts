/**
 * The settings: the file, its schema, and what the owner has changed and not saved.
 *   opened or reconnected, file changed elsewhere → config.get; edits stay and are laid over what it says now
 *   save → config.patch, or config.set for the text; refused → the words go beside the fields
 */
import { batch, computed, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { Fault } from "openclaw/client";
import type { Gateway } from "openclaw/client";
import type { Keeper } from "../lib/storage.ts";
import { apply, differences, edit, needsSecret, patchOf, rebase } from "../model/settings/edits.ts";
import type { Difference, Edit } from "../model/settings/edits.ts";
import type { Dict, Path } from "../model/settings/path.ts";
import { lookUp } from "../model/settings/schema.ts";
import type { Catalogue } from "../model/settings/schema.ts";
import { indexOf, search } from "../model/settings/search.ts";
import type { Found } from "../model/settings/search.ts";
import { faultText, isLost } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";
import { createDrafts } from "./settings-drafts.ts";
import { isConflict, issuesOf, readFile } from "./settings-file.ts";
import type { Issue, SettingsFile } from "./settings-file.ts";

/** The last save, as long as it can be taken back. */
export interface Saved {
  readonly count: number;
  readonly restarts: readonly string[];
  /** Absent: the way back needs a secret that the page was never told. */
  readonly undo?: { readonly method: "config.patch" | "config.set"; readonly raw: string };
}

export interface SettingsStore {
  readonly file: ReadonlySignal<SettingsFile | undefined>;
  readonly catalogue: ReadonlySignal<Catalogue | undefined>;
  /** Why nothing could be loaded. */
  readonly problem: ReadonlySignal<string | undefined>;
  readonly edits: ReadonlySignal<readonly Edit[]>;
  /** The file with the edits. */
  readonly draft: ReadonlySignal<Dict>;
  readonly changes: ReadonlySignal<readonly Difference[]>;
  /** The file as text, while it differs from what is stored. */
  readonly text: ReadonlySignal<string | undefined>;
  /** What the gateway refused. */
  readonly issues: ReadonlySignal<readonly Issue[]>;
  readonly refusal: ReadonlySignal<string | undefined>;
  /** The file changed elsewhere while there were edits. */
  readonly moved: ReadonlySignal<boolean>;
  readonly saving: ReadonlySignal<boolean>;
  readonly saved: ReadonlySignal<Saved | undefined>;
  readonly mayWrite: ReadonlySignal<boolean>;
  /** What is searched for. */
  readonly query: Signal<string>;
  /** The changes are shown for review. */
  readonly review: Signal<boolean>;
  /** `undefined` takes the setting out of the file. */
  set(path: Path, value: unknown): void;
  setText(text: string): void;
  discard(): void;
  dismiss(): void;
  save(): Promise<void>;
  undo(): Promise<void>;
  reload(): void;
  find(query: string): readonly Found[];
  /** Parts that a change at the path restarts. */
  restartsAt(path: Path): readonly string[];
}

const SCHEMA_MS = 60_000;
/** Time for the answer to arrive before the gateway restarts. */
const RESTART_DELAY_MS = 400;

export function createSettings(connection: ConnectionStore, tab: Keeper): SettingsStore {
  const file = signal<SettingsFile | undefined>(undefined);
  const catalogue = signal<Catalogue | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  const { edits, text, base } = createDrafts(tab, { catalogue, file });
  const issues = signal<readonly Issue[]>([]);
  const refusal = signal<string | undefined>(undefined);
  const moved = signal(false);
  const saving = signal(false);
  const saved = signal<Saved | undefined>(undefined);
  const review = signal(false);
  const draft = computed(() => apply(file.value?.base ?? {}, edits.value));
  const changes = computed(() => differences(file.value?.base ?? {}, draft.value));
  const index = computed(() => (catalogue.value === undefined ? [] : indexOf(catalogue.value)));
  const known = new WeakSet<Gateway>();
  let version = "";
  let loads = 0;

  function take(answer: Dict): void {
    const next = readFile(answer);
    const before = base();
    const rebased = rebase(edits.value, next.base);
    batch(() => {
      if (text.value === next.raw) text.value = undefined;
      const drafts = rebased.length > 0 || text.value !== undefined;
      if (!saving.value && drafts && before !== undefined && before !== next.hash) moved.value = true;
      if (!drafts) moved.value = false;
      if (rebased.length !== edits.value.length) edits.value = rebased;
      file.value = next;
      problem.value = undefined;
    });
  }

  async function load(gateway: Gateway): Promise<void> {
    loads += 1;
    const turn = loads;
    try {
      const now = gateway.hello?.server.version ?? "";
      const [got, schema] = await Promise.all([
        gateway.request("config.get", {}),
        version === now && catalogue.value !== undefined
          ? undefined
          : gateway.request("config.schema", {}, { timeoutMs: SCHEMA_MS }),
      ]);
      if (turn !== loads) return;
      batch(() => {
        if (schema !== undefined) {
          version = now;
          catalogue.value = schema as unknown as Catalogue;
        }
        take(got as unknown as Dict);
      });
    } catch (error) {
      if (turn === loads && !isLost(error) && file.value === undefined) problem.value = faultText(error);
    }
  }

  function onOpen(gateway: Gateway): void {
    if (!known.has(gateway)) {
      known.add(gateway);
      gateway.on("config.changed", () => void load(gateway));
    }
    void load(gateway);
  }

  function reload(): void {
    const gateway = connection.gateway();
    if (gateway?.state.phase === "open") void load(gateway);
  }

  /** What was refused, where it belongs; a file that changed meanwhile is read again under the edits. */
  async function refused(error: unknown, gateway: Gateway): Promise<void> {
    if (isConflict(error)) {
      await load(gateway);
      moved.value = edits.value.length > 0 || text.value !== undefined;
      review.value = moved.value;
      return;
    }
    issues.value = issuesOf(error);
    refusal.value = error instanceof Fault && issues.value.length > 0 ? error.message : faultText(error);
    review.value = false;
  }

  async function send(method: "config.patch" | "config.set", raw: string, next: Saved | undefined): Promise<void> {
    const gateway = connection.gateway();
    const at = file.value;
    if (gateway === undefined || at === undefined || saving.value) return;
    saving.value = true;
    issues.value = [];
    refusal.value = undefined;
    try {
      const delay = method === "config.patch" ? { restartDelayMs: RESTART_DELAY_MS } : {};
      await gateway.request(method, { raw, baseHash: at.hash, ...delay });
      batch(() => {
        edits.value = [];
        text.value = undefined;
        moved.value = false;
        review.value = false;
        saved.value = next;
      });
      await load(gateway);
    } catch (error) {
      await refused(error, gateway);
    } finally {
      saving.value = false;
    }
  }

  function restartsAt(path: Path): readonly string[] {
    if (catalogue.value === undefined) return [];
    if (file.value?.mode === "off" || file.value?.mode === "restart") return ["gateway"];
    return lookUp(catalogue.value, path)?.hint.restarts ?? [];
  }

  function restartsOf(list: readonly Difference[]): readonly string[] {
    const all = [...new Set(list.flatMap(({ path }) => restartsAt(path)))];
    return all.includes("gateway") ? ["gateway"] : all;
  }

  connection.onOpen(onOpen);
  const current = connection.gateway();
  if (current?.state.phase === "open") onOpen(current);

  return {
    file,
    catalogue,
    problem,
    edits,
    draft,
    changes,
    text,
    issues,
    refusal,
    moved,
    saving,
    saved,
    query: signal(""),
    review,
    mayWrite: computed(() => {
      const link = connection.link.value;
      const hello = link.phase === "open" || link.phase === "away" ? link.hello : undefined;
      return hello?.auth.scopes.includes("operator.admin") ?? false;
    }),
    set: (path, value) => {
      batch(() => {
        edits.value = edit(edits.value, file.value?.base ?? {}, path, value);
        saved.value = undefined;
        refusal.value = undefined;
        if (edits.value.length === 0) moved.value = false;
      });
    },
    setText: (value) => {
      batch(() => {
        text.value = value === (file.value?.raw ?? "") ? undefined : value;
        saved.value = undefined;
        if (text.value === undefined) issues.value = [];
      });
    },
    discard: () => {
      batch(() => {
        edits.value = [];
        text.value = undefined;
        issues.value = [];
        refusal.value = undefined;
        moved.value = false;
      });
    },
    dismiss: () => (saved.value = undefined),
    save: async () => {
      const at = file.value;
      if (at === undefined) return;
      if (text.value !== undefined) {
        const undo = at.raw === null ? {} : { undo: { method: "config.set" as const, raw: at.raw } };
        return send("config.set", text.value, { count: 0, restarts: [], ...undo });
      }
      const list = changes.value;
      if (list.length === 0) return;
      const back = JSON.stringify(patchOf(draft.value, at.base));
      const undo = needsSecret(list) ? {} : { undo: { method: "config.patch" as const, raw: back } };
      return send("config.patch", JSON.stringify(patchOf(at.base, draft.value)), {
        count: list.length,
        restarts: restartsOf(list),
        ...undo,
      });
    },
    undo: async () => {
      const back = saved.value?.undo;
      const gateway = connection.gateway();
      if (back === undefined || gateway === undefined) return;
      await load(gateway);
      await send(back.method, back.raw, undefined);
    },
    reload,
    find: (query) => search(index.value, query),
    restartsAt,
  };
}
