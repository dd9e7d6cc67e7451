/** Flags that several commands have. */
import type { CliContext } from "../../../contracts/cli.ts";
import { parseBind } from "../_bindings.ts";
import type { Match } from "../_bindings.ts";
import { errors } from "../errors.ts";
import { Agents } from "../index.ts";
import type { Agent } from "../index.ts";

export function textOf(options: CliContext["options"], name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** The agent of `--agent`, else the default one. Throws `AGENT_MISSING`. */
export async function agentOf({ use, options }: CliContext): Promise<Agent> {
  const agents = await use(Agents);
  const id = textOf(options, "agent");
  const agent = id === undefined ? agents.default() : agents.get(id);
  if (!agent) throw errors.AGENT_MISSING({ id: id ?? "" });
  return agent;
}

/** Places of `--bind`. Throws `BINDING_MALFORMED`. */
export function bindsOf(options: CliContext["options"]): readonly Match[] {
  const given = options["bind"];
  const texts = Array.isArray(given) ? given.map(String) : given === undefined ? [] : [String(given)];
  return texts.map(parseBind);
}
