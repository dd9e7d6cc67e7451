/**
 * Body of `onboard` and `setup`:
 *
 * 1. what is said about security, and which way a model is connected    `_questions.ts`
 * 2. what that writes; whatever is wrong is said here                   `_connection.ts`, `_gateway-flags.ts`
 * 3. state directory and configuration                                  `_set-up.ts`
 * 4. logins, then what the configuration says                           `_write.ts`
 * 5. the workspace
 */
import { resolve } from "node:path";
import { compact } from "../../base/text.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { Vendors, firstModel, modelServedAt } from "../../models/index.ts";
import { Agents } from "../agents/index.ts";
import { ConfigSections, loadConfig, readConfig, requireValid } from "../config/index.ts";
import { isThere, login } from "../logins/index.ts";
import { text } from "./_asked.ts";
import type { Asked, Connection } from "./_asked.ts";
import { choiceOf, connectionOf } from "./_connection.ts";
import { optionOf } from "./_choices.ts";
import type { Choice } from "./_choices.ts";
import { flagChanges } from "./_gateway-flags.ts";
import { askKey, chooseWay, goesOn } from "./_questions.ts";
import { chosenModel, write } from "./_write.ts";
import { errors } from "./errors.ts";
import { findModel, setUp } from "./index.ts";
import type { SetupReport } from "./index.ts";

const NOTICE =
  "OpenClaw runs commands, reads files and answers messages on this machine, as the user that starts it. Let in only people you trust; SECURITY.md says how it is guarded.";

type Way = Choice | "custom-api-key" | "claude-cli" | "skip" | undefined;

export async function setup(context: CliContext): Promise<number> {
  return context.options["wizard"] === true ? onboard(context) : carryOut(context, { asks: false });
}

export async function onboard(context: CliContext): Promise<number> {
  const { options, out } = context;
  const asks = isThere(context) && options["nonInteractive"] !== true;
  out.note(NOTICE);
  if (asks && options["acceptRisk"] !== true && !(await goesOn(context))) {
    out.note("Nothing was changed.");
    return 1;
  }
  return carryOut(context, { asks });
}

async function carryOut(context: CliContext, { asks }: { readonly asks: boolean }): Promise<number> {
  const { platform, use } = context;
  const [vendors, file] = await Promise.all([use(Vendors), readConfig(platform)]);
  const asked: Asked = {
    options: context.options,
    env: { ...platform.env, ...file.env },
    vendors,
    now: platform.clock.now(),
  };
  const remote = context.options["mode"] === "remote";
  const { way, more } = await decide(context, asked, asks && !remote);
  const isLogin = typeof way === "object" && (way.kind === "oauth" || way.kind === "device");
  const byPerson = isLogin && asks && text(asked.options, optionOf(way.flag ?? "")) === undefined;
  const connection =
    way === undefined || way === "skip" || remote
      ? undefined
      : byPerson
        ? { logins: [], ...compact({ model: firstModel(way.vendor, way) }) }
        : await served(connectionOf(way, { ...asked, options: { ...asked.options, ...more } }), context);
  const changes = flagChanges(context.options, asked.env);
  const workspace = text(context.options, "workspace");
  const done = await setUp({
    platform,
    detect: async () => (way === undefined && !remote ? findModel({ platform, use }) : undefined),
    ...(workspace === undefined ? {} : { workspace: resolve(workspace) }),
  });
  if (byPerson) await login(context, { provider: way.vendor.id, method: way.kind === "oauth" ? "browser" : "device" });
  const sections = await use(ConfigSections);
  const before = requireValid(await loadConfig({ platform, sections }));
  const isNew = done.created.includes(platform.paths.config);
  await write(context, before, {
    connection,
    changes: changes.filter(({ path }) => !(isNew && path === "agents.defaults.workspace")),
  });
  return report(context, { done, connection, way });
}

/** The way that flags name, or that a person chooses when they name none. */
async function decide(
  context: CliContext,
  asked: Asked,
  asks: boolean,
): Promise<{ way: Way; more: Readonly<Record<string, unknown>> }> {
  const named = choiceOf(asked);
  if (!asks) return { way: named, more: {} };
  const way = named ?? (await chooseWay(context, asked.vendors)) ?? "skip";
  const flagged = typeof way === "object" && named !== undefined;
  return { way, more: typeof way === "object" && !flagged ? await askKey(context, way) : {} };
}

/** With the first model of a server that was named without one. Throws `SETUP_SERVER_SILENT`. */
async function served(connection: Connection, { platform }: CliContext): Promise<Connection> {
  const { server, entry } = connection;
  const url = entry?.values["baseUrl"];
  if (server === undefined || typeof url !== "string") return connection;
  const id = await modelServedAt(url, platform);
  if (id === undefined) throw errors.SETUP_SERVER_SILENT({ url });
  return { ...connection, model: `${server}/${id}` };
}

interface Done {
  readonly done: SetupReport;
  readonly connection: Connection | undefined;
  readonly way: Way;
}

async function report(context: CliContext, { done, connection, way }: Done): Promise<number> {
  const { platform, use, out, global, options } = context;
  const config = requireValid(await loadConfig({ platform, sections: await use(ConfigSections) }));
  const isRemote = config.at("gateway.mode") === "remote";
  const agents = await use(Agents);
  const agent = agents.default(config);
  const files = isRemote ? { created: [], kept: [] } : await agents.prepareWorkspace(agent, config);
  const chosen = chosenModel(config);
  if (global.json) {
    out.json({
      ok: true,
      mode: isRemote ? "remote" : "local",
      workspace: agent.workspace,
      authChoice: typeof way === "object" ? way.id : (way ?? null),
      model: chosen ?? "offline/assistant",
      gateway: {
        port: config.at("gateway.port") ?? 18_789,
        bind: config.at("gateway.bind") ?? "loopback",
        authMode: config.at("gateway.auth.mode") ?? "token",
        tailscaleMode: config.at("gateway.tailscale.mode") ?? "off",
      },
      installDaemon: false,
      daemonRuntime: null,
      skipSkills: options["skipSkills"] === true,
      skipHealth: options["skipHealth"] === true,
    });
    return 0;
  }
  for (const path of [...done.created, ...files.created]) out.line(`Created ${path}`);
  for (const path of [...done.kept, ...files.kept]) out.line(`Kept    ${path}`);
  for (const { id } of connection?.logins ?? []) out.line(`Stored  ${id}`);
  if (isRemote) return 0;
  out.line(`Workspace: ${agent.workspace}`);
  out.line(`Model: ${done.model?.label ?? chosen ?? "the built-in offline model, which is no language model"}`);
  if (connection?.model !== undefined && connection.model !== chosen)
    out.note(`The default model stays as it was. To use the new one: openclaw models set ${connection.model}`);
  if (connection && connection.model === undefined && connection.logins.length > 0)
    out.note("There is no usual model for it. See what there is with: openclaw models list");
  if (connection?.note !== undefined) out.note(connection.note);
  if (chosen === undefined && !done.model)
    out.note("Connect a real one with: openclaw onboard. Or set a key such as ANTHROPIC_API_KEY and start again.");
  out.line(out.named("Next: openclaw gateway run"));
  return 0;
}
