/** Body of `agents delete`: by the gateway when it runs, since it holds the sessions; else here. */
import { Fault } from "../../../base/errors.ts";
import type { CliContext } from "../../../contracts/cli.ts";
import { SYSTEM } from "../../../contracts/principal.ts";
import type { Deletion } from "../_delete.ts";
import { errors } from "../errors.ts";
import { Agents } from "../index.ts";
import { canAsk, interview } from "./_ask.ts";

export async function run(context: CliContext): Promise<void> {
  const { args, use, options, out, global, signal } = context;
  const id = (args[0] ?? "").trim().toLowerCase();
  if (id === "main") throw errors.AGENT_NEEDED({ id });
  const agent = (await use(Agents)).get(id);
  if (!agent) throw errors.AGENT_MISSING({ id });
  if (agent.isDefault) throw errors.AGENT_NEEDED({ id });
  if (options["force"] !== true) {
    if (!canAsk(context)) throw errors.AGENT_DELETE_UNCONFIRMED({ id });
    out.line(`Workspace: ${agent.workspace}`);
    const question = `Delete agent ${id} with its workspace, logins and sessions? (y/N)`;
    const answer = await interview(signal, (ask) => ask(question));
    if (!/^y/i.test(answer ?? "")) throw errors.AGENT_DELETE_UNCONFIRMED({ id });
  }
  const outcome = await deleted(context, id);
  if (global.json) return out.json(outcome);
  out.line(`Deleted agent ${id}.`);
  for (const { path } of outcome.removed) out.line(`Moved to the trash: ${String(path)}`);
  for (const { path, error } of outcome.failed) out.note(`Could not be moved: ${String(path)}: ${String(error)}`);
  if (outcome.workspaceSharedWith)
    out.line(`Workspace kept: ${agent.workspace} is used by ${outcome.workspaceSharedWith.join(", ")}`);
  if (outcome.removedBindings > 0) out.line(`Rules taken away: ${outcome.removedBindings}`);
}

async function deleted({ call, use }: CliContext, id: string): Promise<Deletion> {
  try {
    return (await call(
      "agents.delete",
      { agentId: id },
      { scopes: ["operator.admin"], timeoutMs: 60_000 },
    )) as Deletion;
  } catch (error) {
    if (!(error instanceof Fault) || !UNREACHABLE.has(error.code)) throw error;
  }
  const { deleteAgent, deletion } = await import("../_delete.ts");
  return deletion(await deleteAgent(use, id, { deleteFiles: true, by: SYSTEM }));
}

/** No gateway answers at the place where it would be. */
const UNREACHABLE: ReadonlySet<string> = new Set(["GATEWAY_UNREACHABLE"]);
