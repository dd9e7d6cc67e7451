/**
 * Programs that answer in place of a server bring tools of their own, which this gateway cannot judge: they read what
 * its user may read. They serve the owner only, never where work is kept in a sandbox, which they would not be in, and
 * act without asking only where the owner lets commands do so.
 */
import type { Endpoint } from "../../../contracts/model.ts";
import { isOwners } from "../../../contracts/principal.ts";
import type { ActContext } from "../../policy/index.ts";
import { errors } from "../errors.ts";

type Asker = Pick<ActContext, "principal" | "sandboxed">;

export function mayUsePrograms({ principal, sandboxed }: Asker): boolean {
  return isOwners(principal) && !sandboxed;
}

/** Throws `CLI_BACKEND_OWNER_ONLY` or `CLI_BACKEND_SANDBOXED` for a program that may not be asked. */
export function assertServed({ provider, program }: Pick<Endpoint, "provider" | "program">, asker: Asker): void {
  if (program === undefined || mayUsePrograms(asker)) return;
  throw asker.sandboxed && isOwners(asker.principal)
    ? errors.CLI_BACKEND_SANDBOXED({ provider })
    : errors.CLI_BACKEND_OWNER_ONLY({ provider });
}

/** Whether commands run without anybody being asked: every command is allowed, and nothing asks. */
export function isUnattended({ principal, exec, sandboxed, confined = false }: Act): boolean {
  return mayUsePrograms({ principal, sandboxed }) && !confined && exec.security === "full" && exec.ask === "off";
}

type Act = Asker & Pick<ActContext, "exec"> & { readonly confined?: boolean };
