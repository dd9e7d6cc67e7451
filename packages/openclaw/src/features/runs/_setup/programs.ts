/**
 * Programs that answer in place of a server bring tools of their own, which this gateway cannot judge: they read what
 * its user may read. They serve the owner only, and act without asking only where the owner lets commands do so.
 */
import type { Endpoint } from "../../../contracts/model.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { ActContext } from "../../policy/index.ts";
import { errors } from "../errors.ts";

/** Throws `CLI_BACKEND_OWNER_ONLY` when nothing is left. */
export function servedTo(principal: Principal, candidates: readonly Endpoint[]): readonly Endpoint[] {
  if (isOwner(principal)) return candidates;
  const left = candidates.filter(({ program }) => program === undefined);
  if (left.length === 0) throw errors.CLI_BACKEND_OWNER_ONLY({ provider: candidates[0]?.provider ?? "" });
  return left;
}

/** Whether commands run without anybody being asked: every command is allowed, and nothing asks. */
export function isUnattended({ principal, exec, confined = false }: Act): boolean {
  return isOwner(principal) && !confined && exec.security === "full" && exec.ask === "off";
}

type Act = Pick<ActContext, "principal" | "exec"> & { readonly confined?: boolean };

function isOwner({ role, parent }: Principal): boolean {
  return role === "owner" && (parent === undefined || isOwner(parent));
}
