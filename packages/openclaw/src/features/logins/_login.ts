/** Bodies of `models auth login` and `login-github-copilot`. */
import type { CliContext } from "../../contracts/cli.ts";
import { LoginFlows, Models, Vendors, keyText } from "../../models/index.ts";
import type { LoginUi } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { keep, note, useUsualModel } from "./_keep.ts";
import { agentOf, noteUnknown, profileIdOf, sayWhere, textOf } from "./_place.ts";
import { ask, isThere, secret } from "./_terminal.ts";
import { errors } from "./errors.ts";

export interface Wanted {
  readonly provider: string;
  readonly method?: "browser" | "device" | "key" | undefined;
  readonly setDefault?: boolean;
}

export async function run(context: CliContext): Promise<void> {
  const { options } = context;
  const method = options["deviceCode"] === true ? "device" : (textOf(options, "method") as Wanted["method"]);
  await login(context, {
    provider: textOf(options, "provider") ?? "",
    method,
    setDefault: options["setDefault"] === true,
  });
}

export async function copilot(context: CliContext): Promise<void> {
  const { options, out, use } = context;
  const config = (await use(Config)).current();
  const states = await (await use(Models)).logins("github-copilot", config, { agentId: agentOf(options, config) });
  const stored = states.find(({ source }) => source === "profile");
  if (stored && options["yes"] !== true && isThere(context)) {
    const answer = await ask(`Replace the login ${stored.id}? [y/N]`, context.signal);
    if (!/^y(?:es)?$/i.test(answer?.trim() ?? "")) return out.line("Nothing was changed.");
  }
  await login(context, { provider: "github-copilot" });
}

export async function login(context: CliContext, { provider: written, method, setDefault }: Wanted): Promise<void> {
  const { options, out, use } = context;
  const [config, models, vendors, flows] = await Promise.all([use(Config), use(Models), use(Vendors), use(LoginFlows)]);
  const snapshot = config.current();
  const agentId = agentOf(options, snapshot);
  const name = written.toLowerCase();
  const vendor = vendors.find(({ id, aliases }) => id === name || aliases?.includes(name));
  const provider = vendor?.id ?? name;
  const profileId = profileIdOf(options, provider);
  sayWhere(context, snapshot);
  const byKey = method === "key" || (method === undefined && !flows.some((flow) => flow.provider === provider));
  let id = profileId ?? `${provider}:default`;
  if (
    byKey &&
    vendor &&
    !(vendor.auth ?? []).every(({ kind }) => kind === "oauth" || kind === "device" || kind === "none")
  )
    await key(context, { provider, id, agentId });
  else if (byKey && !vendor) {
    await key(context, { provider, id, agentId });
    noteUnknown(context, config.current(), { provider, vendors });
  } else {
    const asked = { provider, agentId, ...(profileId === undefined ? {} : { profileId }) };
    const how = method === "browser" || method === "device" ? { method } : {};
    id = await models.connect(snapshot, { ...asked, ...how }, uiOf(context));
    await note(context, id, { provider, mode: modeOf(provider) });
  }
  out.line(`Logged in: ${id}, for agent ${agentId}.`);
  if (!setDefault) return;
  const choice = vendor?.auth?.find(({ flow }) => flow !== undefined)?.defaultModel;
  const ref = await useUsualModel(context, provider, choice);
  out.line(
    ref === undefined
      ? `${provider} has no usual model; choose one with: ${out.named("openclaw models set")}`
      : `Default model: ${ref}`,
  );
}

function modeOf(provider: string): string {
  if (provider === "openrouter") return "api_key";
  return provider === "github-copilot" ? "token" : "oauth";
}

async function key(
  context: CliContext,
  { provider, id, agentId }: { provider: string; id: string; agentId: string },
): Promise<void> {
  const read = keyText(await secret(context, `API key for ${provider} (it is not shown)`));
  if ("problem" in read) throw errors.LOGIN_TOKEN_UNUSABLE({ problem: read.problem });
  await keep(context, { agentId, id, profile: { type: "api_key", provider, key: read.key } });
  await note(context, id, { provider, mode: "api_key" });
}

function uiOf(context: CliContext): LoginUi {
  const { out, signal, options, platform } = context;
  const overSsh = platform.env["SSH_CONNECTION"] !== undefined || platform.env["SSH_TTY"] !== undefined;
  return {
    signal,
    remote: options["remote"] === true || overSsh,
    show: (text) => out.note(text),
    ask: (question, ends) => ask(question, ends),
  };
}
