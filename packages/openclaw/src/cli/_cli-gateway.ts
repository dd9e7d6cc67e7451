import { record } from "../base/record.ts";
import { basename, join } from "node:path";
import type { RunGatewayOptions } from "../app/index.ts";
import { compact } from "../base/text.ts";
import { readText, remove } from "../base/files.ts";
import type { CliContext } from "../contracts/cli.ts";
import { errors } from "./errors.ts";
import { allSections } from "./context.ts";
import { numberOf, textOf } from "./_options.ts";
import { freePort } from "./_free-port.ts";
import { loggingOf, runGatewayHere } from "./_run-gateway.ts";
import { portOf } from "./target.ts";

/** Flags that are accepted, but that this version does nothing for. */
const NOT_YET = ["claudeCliLogs", "cliBackendLogs", "wsLog", "compact"];

export async function run(context: CliContext): Promise<number> {
  const { options, out, platform } = context;
  if (options["dev"] === true) await prepareDev(context);
  else if (options["reset"] === true)
    throw errors.CLI_USAGE({ problem: "--reset needs --dev.", help: "openclaw gateway --help" });

  const wanted = await gatewayOptions(options);
  const { readConfig, refuseNewer, requireValid } = await import("../features/config/index.ts");
  const file = await readConfig(platform);
  const mode = record(file.resolved["gateway"])["mode"];
  const isStartable = file.problem !== "syntax" && (mode === "local" || options["allowUnconfigured"] === true);
  if (!isStartable && !(await willBeRestored(context))) {
    if (file.problem === "syntax") requireValid(file);
    throw await blocked(context, mode, file.exists);
  }
  for (const name of NOT_YET)
    if (options[name] !== undefined && options[name] !== false && options[name] !== "off")
      out.note(`--${dashed(name)} has no effect in this version.`);

  const { env, version } = platform;
  if (env["OPENCLAW_SERVICE_MARKER"]) refuseNewer(file.resolved, { env, version, action: "starting as a service" });
  if (options["force"] === true) refuseNewer(file.resolved, { env, version, action: "gateway --force" });
  if (options["force"] === true) await freePort(context, wanted.port ?? portOf(platform.env, file.resolved));
  return runGatewayHere(context, loggingOf(file.resolved), {
    options: wanted,
    env: variables(options, wanted),
    restartBySignal: record(file.resolved["commands"])["restart"] === true,
  });
}

/** A file that broke since the last start is put back by the gateway itself. */
async function willBeRestored({ platform }: CliContext): Promise<boolean> {
  const { isRestorable, loadConfig } = await import("../features/config/index.ts");
  const sections = await allSections();
  return isRestorable({ platform, sections }, await loadConfig({ platform, sections, legacy: "accept" }));
}

/** A configuration that is invalid as well is the more useful thing to hear about. */
async function blocked({ platform }: CliContext, mode: unknown, hasConfig: boolean): Promise<Error> {
  const { loadConfig, requireValid } = await import("../features/config/index.ts");
  requireValid(await loadConfig({ platform, sections: await allSections() }));
  return errors.GATEWAY_START_BLOCKED({ mode: typeof mode === "string" ? mode : "unset", hasConfig });
}

async function gatewayOptions(options: CliContext["options"]): Promise<RunGatewayOptions["options"]> {
  const path = textOf(options, "passwordFile");
  const fromFile = path === undefined ? undefined : await readText(path, 4096);
  if (path !== undefined && !fromFile?.trim())
    throw errors.CLI_USAGE({ problem: `There is no password in ${path}.`, help: "openclaw gateway --help" });
  return compact({
    port: numberOf(options, "port", { min: 0, max: 65_535 }),
    bind: textOf(options, "bind"),
    auth: textOf(options, "auth"),
    token: textOf(options, "token"),
    password: textOf(options, "password") ?? fromFile?.trim(),
    tailscale: textOf(options, "tailscale"),
    tailscaleResetOnExit: options["tailscaleResetOnExit"] === true ? true : undefined,
  }) as RunGatewayOptions["options"];
}

function variables(
  options: CliContext["options"],
  { token }: RunGatewayOptions["options"],
): Readonly<Record<string, string>> {
  const rawPath = textOf(options, "rawStreamPath");
  return {
    ...(token === undefined ? {} : { OPENCLAW_GATEWAY_TOKEN: token }),
    ...(options["rawStream"] === true ? { OPENCLAW_RAW_STREAM: "1" } : {}),
    ...(rawPath === undefined ? {} : { OPENCLAW_RAW_STREAM_PATH: rawPath }),
  };
}

/** Of `--dev`, below the home folder: the only one that `--reset` empties. */
const DEV_WORKSPACE = ".openclaw/workspace-dev";

/** A state directory for trying things out; `--reset` empties it first, and only one that is called so. */
async function prepareDev({ options, platform, out, use }: CliContext): Promise<void> {
  const { state } = platform.paths;
  if (options["reset"] === true) {
    if (!basename(state).endsWith("-dev"))
      throw errors.CLI_USAGE({
        problem: `--reset only empties a development state directory, not ${state}.`,
        help: "openclaw gateway --help",
      });
    const workspace = join(platform.paths.home, DEV_WORKSPACE);
    for (const folder of [state, workspace]) await remove(folder);
    out.note(`Emptied ${state} and ${workspace}`);
  }
  const { findModel, setUp } = await import("../features/setup/index.ts");
  await setUp({ platform, detect: () => findModel({ platform, use }), workspace: `~/${DEV_WORKSPACE}` });
  const [{ Agents }, { loadConfig }] = await Promise.all([
    import("../features/agents/index.ts"),
    import("../features/config/index.ts"),
  ]);
  const { snapshot } = await loadConfig({ platform, sections: await allSections() });
  const agents = await use(Agents);
  // A configuration that is wrong is told by the gateway itself.
  if (snapshot) await agents.prepareWorkspace(agents.default(snapshot), snapshot, "dev");
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
