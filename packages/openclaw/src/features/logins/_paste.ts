/** Bodies of `models auth paste-token` and `setup-token`. */
import { durationMs } from "../../base/measure.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { Models, Vendors, keyText } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { keep, note } from "./_keep.ts";
import { agentOf, noteUnknown, profileIdOf, sayWhere, textOf } from "./_place.ts";
import { secret } from "./_terminal.ts";
import { errors } from "./errors.ts";

export function run(context: CliContext): Promise<void> {
  return paste(context, { question: "Paste the token (it is not shown)" });
}

export async function setupToken(context: CliContext): Promise<void> {
  if (context.options["yes"] !== true)
    context.out.note("On any machine with Claude Code, run: claude setup-token. Then paste here what it prints.");
  await paste(context, { question: "Paste the setup token (it is not shown)", name: "default" });
}

async function paste(
  context: CliContext,
  { question, name = "manual" }: { readonly question: string; readonly name?: string },
): Promise<void> {
  const { options, out, use, platform } = context;
  const [config, vendors, models] = await Promise.all([use(Config), use(Vendors), use(Models)]);
  const snapshot = config.current();
  const agentId = agentOf(options, snapshot);
  const written = (textOf(options, "provider") ?? "anthropic").toLowerCase();
  const provider = vendors.find(({ aliases }) => aliases?.includes(written))?.id ?? written;
  const id = profileIdOf(options, provider) ?? `${provider}:${name}`;
  const lasts = expiryOf(options);
  sayWhere(context, snapshot);
  const read = keyText(await secret(context, question));
  if ("problem" in read) throw errors.LOGIN_TOKEN_UNUSABLE({ problem: read.problem });
  const expires = lasts === undefined ? {} : { expires: platform.clock.now() + lasts };
  await keep(context, { agentId, id, profile: { type: "token", provider, token: read.key, ...expires } });
  await note(context, id, { provider, mode: "token" });
  out.line(`Stored ${id} for agent ${agentId} in ${models.loginStore(config.current(), agentId)}`);
  noteUnknown(context, config.current(), { provider, vendors });
}

/** Throws `LOGIN_NUMBER`. */
function expiryOf(options: CliContext["options"]): number | undefined {
  const text = textOf(options, "expiresIn");
  if (text === undefined) return undefined;
  const ms = durationMs(text, "d");
  if (ms === undefined || !(ms > 0)) throw errors.LOGIN_NUMBER({ flag: "expires-in", value: text });
  return ms;
}
