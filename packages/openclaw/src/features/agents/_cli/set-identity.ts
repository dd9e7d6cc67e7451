/** Body of `agents set-identity`. */
import { resolve } from "node:path";
import { errorText } from "../../../base/errors.ts";
import { exists, readRegular } from "../../../base/files.ts";
import { compact } from "../../../base/text.ts";
import type { CliContext } from "../../../contracts/cli.ts";
import { identityFile, parseIdentity } from "../_identity.ts";
import type { IdentityFields } from "../_identity.ts";
import { errors } from "../errors.ts";
import { Agents } from "../index.ts";
import type { Agent } from "../index.ts";
import { agentOf, textOf } from "./_flags.ts";

const MAX_BYTES = 64 * 1024;

export async function run(context: CliContext): Promise<void> {
  const { use, options, out, global } = context;
  const agent = await chosen(context);
  const flags: IdentityFields = compact({
    name: textOf(options, "name"),
    theme: textOf(options, "theme"),
    emoji: textOf(options, "emoji"),
    avatar: textOf(options, "avatar"),
  });
  const fields = { ...(await fromFile(agent, options, Object.keys(flags).length === 0)), ...flags };
  if (Object.keys(fields).length === 0) throw errors.IDENTITY_NOTHING();
  const { identity } = await (await use(Agents)).roster.identify(agent.id, fields);
  if (global.json) return out.json({ ok: true, agentId: agent.id, workspace: agent.workspace, identity });
  const said = Object.entries(fields).map(([key, value]) => `${key} ${value}`);
  out.line(`Set for ${agent.id}: ${said.join(", ")}`);
  const { avatar } = fields;
  if (avatar !== undefined && !/^(?:https?|data):/iu.test(avatar) && !(await exists(resolve(agent.workspace, avatar))))
    out.note(`There is no file ${avatar} in ${agent.workspace} yet; put the picture there.`);
}

/** By id, by workspace, or the default one. */
async function chosen(context: CliContext): Promise<Agent> {
  const { use, options } = context;
  const given = textOf(options, "workspace");
  if (given === undefined || textOf(options, "agent") !== undefined) return agentOf(context);
  const workspace = resolve(given);
  const [agent, ...others] = (await use(Agents)).list().filter((one) => one.workspace === workspace);
  if (!agent || others.length > 0)
    throw errors.AGENT_UNCLEAR({ workspace, ids: agent ? [agent, ...others].map(({ id }) => id) : [] });
  return agent;
}

/** What a file says, where one is to be asked. Throws `IDENTITY_EMPTY`, `IDENTITY_UNREADABLE`. */
async function fromFile(agent: Agent, options: CliContext["options"], alone: boolean): Promise<IdentityFields> {
  const given = textOf(options, "identityFile");
  if (given === undefined && options["fromIdentity"] !== true) return {};
  const path = given === undefined ? `${agent.workspace}/IDENTITY.md` : resolve(given);
  const fields = given === undefined ? ((await identityFile(agent.workspace)) ?? {}) : parseIdentity(await read(path));
  if (alone && Object.keys(fields).length === 0) throw errors.IDENTITY_EMPTY({ path });
  return fields;
}

async function read(path: string): Promise<string> {
  const text = await readRegular(path, MAX_BYTES).catch((error: unknown) => {
    throw errors.IDENTITY_UNREADABLE({ path, reason: errorText(error) });
  });
  if (text === undefined) throw errors.IDENTITY_UNREADABLE({ path, reason: "it is not there" });
  return text;
}
