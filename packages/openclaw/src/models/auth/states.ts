/** Logins as they are shown. Pure. */
import { mask } from "../../base/redact.ts";
import type { LoginState } from "../index.ts";
import type { Candidate } from "./candidates.ts";
import type { Pause } from "./standing.ts";

export function loginStates(
  found: readonly { readonly candidate: Candidate; readonly pause: Pause | undefined }[],
): readonly LoginState[] {
  const next = found.find(({ candidate, pause }) => candidate.problem === undefined && !pause)?.candidate;
  return found.map(({ candidate, pause }) => ({
    id: candidate.id,
    source: candidate.source,
    kind: candidate.kind,
    next: candidate === next,
    ...(candidate.secret === undefined ? {} : { masked: mask(candidate.secret) }),
    ...(candidate.profile?.expires === undefined ? {} : { expires: candidate.profile.expires }),
    ...(candidate.profile?.refresh === undefined ? {} : { renewable: true as const }),
    ...stateOf(candidate, pause),
  }));
}

function stateOf(
  { problem, text }: Candidate,
  pause: Pause | undefined,
): Pick<LoginState, "state" | "reason" | "remainingMs" | "model"> {
  if (problem === "expired") return { state: "expired", reason: problem };
  if (problem === "missing_credential") return { state: "missing", reason: problem };
  if (problem !== undefined) return { state: "unusable", reason: text ?? problem };
  if (!pause) return { state: "ok" };
  const { kind, reason, remainingMs, model } = pause;
  return { state: kind, reason, remainingMs, ...(model === undefined ? {} : { model }) };
}
