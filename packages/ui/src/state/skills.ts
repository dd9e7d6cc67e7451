/**
 * The skills of an agent.
 *   opened, reconnected, changed elsewhere → skills.status
 *   switched, key given → skills.update, then skills.status again; refused → the words go beside the skill
 */
import { batch, computed, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Gateway } from "openclaw/client";
import type { Report } from "../model/skills.ts";
import { faultText, isLost } from "./connection.ts";
import type { ConnectionStore } from "./connection.ts";

interface SkillChange {
  readonly enabled?: boolean;
  /** Empty takes it away. */
  readonly apiKey?: string;
}

export interface SkillsStore {
  readonly report: ReadonlySignal<Report | undefined>;
  /** Why nothing could be loaded. */
  readonly problem: ReadonlySignal<string | undefined>;
  /** Keys of skills that are being changed. */
  readonly changing: ReadonlySignal<ReadonlySet<string>>;
  /** What the gateway refused, by key. */
  readonly refusals: ReadonlySignal<ReadonlyMap<string, string>>;
  readonly mayWrite: ReadonlySignal<boolean>;
  readonly agents: ReadonlySignal<readonly { readonly id: string; readonly name: string }[]>;
  readonly query: Signal<string>;
  /** Names of skills whose details show; a skill may change its group meanwhile. */
  readonly opened: ReadonlySignal<ReadonlySet<string>>;
  toggle(name: string): void;
  choose(agentId: string): void;
  reload(): void;
  /** Whether it was taken. */
  change(skillKey: string, change: SkillChange): Promise<boolean>;
}

export function createSkills(connection: ConnectionStore): SkillsStore {
  const report = signal<Report | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  const changing = signal<ReadonlySet<string>>(new Set());
  const refusals = signal<ReadonlyMap<string, string>>(new Map());
  const agents = signal<readonly { readonly id: string; readonly name: string }[]>([]);
  const opened = signal<ReadonlySet<string>>(new Set());
  const known = new WeakSet<Gateway>();
  let agentId: string | undefined;
  let loads = 0;

  async function load(gateway: Gateway): Promise<void> {
    loads += 1;
    const turn = loads;
    try {
      const [status, list] = await Promise.all([
        gateway.request("skills.status", agentId === undefined ? {} : { agentId }),
        gateway.request("agents.list", {}),
      ]);
      if (turn !== loads) return;
      batch(() => {
        report.value = status as unknown as Report;
        agents.value = (list as unknown as { agents: { id: string; name: string }[] }).agents;
        problem.value = undefined;
      });
    } catch (error) {
      if (turn === loads && !isLost(error) && report.value === undefined) problem.value = faultText(error);
    }
  }

  function onOpen(gateway: Gateway): void {
    if (!known.has(gateway)) {
      known.add(gateway);
      for (const event of ["skills.changed", "config.changed"] as const) gateway.on(event, () => void load(gateway));
    }
    void load(gateway);
  }

  function reload(): void {
    const gateway = connection.gateway();
    if (gateway?.state.phase === "open") void load(gateway);
  }

  async function change(skillKey: string, wish: SkillChange): Promise<boolean> {
    const gateway = connection.gateway();
    if (gateway === undefined || changing.value.has(skillKey)) return false;
    changing.value = new Set([...changing.value, skillKey]);
    const others = [...refusals.value].filter(([key]) => key !== skillKey);
    try {
      await gateway.request("skills.update", { skillKey, ...wish });
      refusals.value = new Map(others);
      await load(gateway);
      return true;
    } catch (error) {
      refusals.value = new Map([...others, [skillKey, faultText(error)]]);
      return false;
    } finally {
      changing.value = new Set([...changing.value].filter((key) => key !== skillKey));
    }
  }

  connection.onOpen(onOpen);
  const current = connection.gateway();
  if (current?.state.phase === "open") onOpen(current);

  return {
    report,
    problem,
    changing,
    refusals,
    agents,
    query: signal(""),
    opened,
    toggle: (name) => {
      const others = [...opened.value].filter((one) => one !== name);
      opened.value = new Set(opened.value.has(name) ? others : [...others, name]);
    },
    mayWrite: computed(() => {
      const link = connection.link.value;
      const hello = link.phase === "open" || link.phase === "away" ? link.hello : undefined;
      return hello?.auth.scopes.includes("operator.admin") ?? false;
    }),
    choose: (id) => {
      agentId = id;
      reload();
    },
    reload,
    change,
  };
}
