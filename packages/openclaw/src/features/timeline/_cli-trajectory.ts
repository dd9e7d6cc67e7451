/** Body of `sessions export-trajectory`. */
import { compact } from "../../base/text.ts";
import type { CliContext } from "../../contracts/cli.ts";

export async function run({ call, options, out, global }: CliContext): Promise<void> {
  const params = compact({ key: options["sessionKey"] ?? "main", agentId: options["agent"], name: options["output"] });
  const bundle = (await call("sessions.trajectory.export", params, {
    scopes: ["operator.admin"],
    timeoutMs: 120_000,
  })) as { readonly path: string; readonly events: number; readonly entries: number; readonly truncated: boolean };
  if (global.json) return out.json(bundle);
  out.line(bundle.path);
  out.note(`${bundle.entries} entries of the conversation, ${bundle.events} events.`);
  if (bundle.truncated) out.note("The oldest part did not fit and is not in it.");
}
