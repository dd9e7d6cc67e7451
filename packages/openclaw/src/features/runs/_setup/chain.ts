/**
 * Which models a turn may be answered by, in order: the chosen one, then its fallbacks. A model that a person chose,
 * for this message or for the session, stands alone: who asked for it is told when it fails.
 */
import type { Endpoint } from "../../../contracts/model.ts";
import { Chain } from "../../../models/index.ts";
import type { Candidate, ResolveOptions } from "../../../models/index.ts";
import type { SessionRow, TurnRow } from "../../../store/index.ts";
import type { Agent } from "../../agents/index.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { isSandboxed } from "../../policy/index.ts";
import { pinOf } from "../../sessions/index.ts";
import type { RunDeps } from "../run.ts";
import { fastMode, withSpeed } from "./fast.ts";
import { assertServed } from "./programs.ts";

type Asking = Pick<TurnRow, "options" | "principal">;

interface At {
  readonly config: ConfigSnapshot;
  readonly agent: Agent;
  readonly session: SessionRow;
}

/** Opens nothing yet. */
export function modelChain(deps: RunDeps, turn: Asking, at: At): Chain {
  const { config, agent, session } = at;
  const fast = fastMode(session.entry["fastMode"], config, agent.id);
  const asker = {
    principal: turn.principal,
    sandboxed: isSandboxed(config, agent.id, session.key),
  };
  const prepare = (endpoint: Endpoint): Endpoint => {
    assertServed(endpoint, asker);
    return withSpeed(endpoint, fast);
  };
  const known = new Set<string>();
  const refs = refsOf(deps, turn, at);
  const candidates = refs.flatMap((ref, i): Candidate[] => {
    const name = canonical(deps, ref, config);
    if (known.has(name)) return [];
    known.add(name);
    const options = { agentId: agent.id, ...(i === 0 && ofFirst(turn, session)) };
    return [
      {
        ref: name,
        open: (despite) => deps.models.resolve(ref, config, { ...options, ...(despite && { despite }) }),
        prepare,
      },
    ];
  });
  return new Chain(deps.models, candidates, config);
}

/** The session's login belongs to the chosen model. */
function ofFirst({ options }: Asking, { entry }: SessionRow): ResolveOptions {
  const pin = pinOf(entry);
  return { ...(pin === undefined ? {} : { pin }), anyId: options.anyModel ?? false };
}

function refsOf(deps: RunDeps, turn: Asking, { config, agent, session }: At): readonly string[] {
  const { options } = turn;
  const configured = () => deps.models.defaultRef(config, agent.model.primary);
  if (options.model !== undefined) {
    if (isPerson(turn)) return [options.model];
    return [options.model, ...agent.model.fallbacks, configured()];
  }
  const override = overrideOf(session);
  if (override === undefined) return [configured(), ...agent.model.fallbacks];
  const { modelOverrideSource: source, modelFallbacks: given } = session.entry;
  if (source === "auto") return [override, ...agent.model.fallbacks];
  if (source !== "spawn" || !Array.isArray(given)) return [override];
  return [override, ...given.filter((ref) => typeof ref === "string")];
}

function overrideOf({ entry }: SessionRow): string | undefined {
  const { modelOverride, providerOverride } = entry;
  return modelOverride === undefined || providerOverride === undefined
    ? modelOverride
    : `${providerOverride}/${modelOverride}`;
}

/** A job, a hook or the gateway itself names a model because it was set up so: that may fall back. */
function isPerson({ principal }: Asking): boolean {
  return principal.kind === "person" || principal.kind === "device";
}

/** As it is written where it means nothing: opening it will say what is wrong. */
function canonical(deps: RunDeps, ref: string, config: ConfigSnapshot): string {
  try {
    return deps.models.canonical(ref, config);
  } catch {
    return ref;
  }
}
