/** What a call of `exec` would do, worked out before anything happens. */
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { sha256 } from "../../base/ids.ts";
import { info } from "../../base/files.ts";
import { realPath } from "../../base/open.ts";
import { pathFrom } from "../../base/path.ts";
import { compact } from "../../base/text.ts";
import type { Static } from "../../contracts/schema.ts";
import type { Preview, ToolContext } from "../../contracts/tool.ts";
import { Config } from "../config/index.ts";
import { execConfig, execGate, plainArgv, type ExecConfig } from "../policy/index.ts";
import { checkCallEnv, joinPaths, ownPath, shellArgv } from "./_shell.ts";
import { terminalArgv } from "./_terminal.ts";
import { errors } from "./errors.ts";
import type { execParams } from "./tools.ts";

export type ExecParams = Static<typeof execParams>;

export interface Plan {
  readonly config: ExecConfig;
  /** Exactly what is started. */
  readonly argv: readonly [string, ...string[]];
  /** What the gate judges: differs from `argv` in the program being as it was written, and in the terminal around it. */
  readonly judged: readonly [string, ...string[]];
  /** Real path of the program, for argument vectors without a shell. */
  readonly resolved: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Folders that go before PATH, absolute. */
  readonly pathPrepend: readonly string[];
}

/** Throws a Fault for a call that makes no sense or is never permitted. Starts nothing. */
export async function plan(params: ExecParams, context: ToolContext): Promise<Plan> {
  checkCommand(params);
  const env = params.env ?? {};
  checkCallEnv(env);
  const config = execConfig((await context.use(Config)).current(), context.agentId);
  const cwd = folder(params.workdir, context);
  const pathPrepend = config.pathPrepend.map((path) => folder(path, context));
  const direct = needsApproval(params, config) && params.pty !== true ? plainArgv(params.command) : undefined;
  if (direct === undefined) {
    const judged = shellArgv(params.command, context.platform.env);
    const argv = params.pty === true ? await terminalArgv(judged, context.platform.env) : judged;
    return { config, argv, judged, resolved: undefined, cwd, env, pathPrepend };
  }
  const found = await findProgram(direct[0], cwd, joinPaths(...pathPrepend, ownPath(context.platform.env)));
  const resolved = found === undefined ? undefined : await realPath(found);
  const [, ...args] = direct;
  return { config, argv: [found ?? direct[0], ...args], judged: direct, resolved, cwd, env, pathPrepend };
}

/** Everything needed to repeat the command by hand; of variables the names and a digest of the values. */
export function previewOf(params: ExecParams, { judged, resolved, cwd, env }: Plan): Preview {
  const names = Object.keys(env).sort();
  return {
    target: params.command,
    exact: compact({
      command: params.command,
      argv: judged,
      resolved,
      cwd,
      env: names,
      envHash: names.length === 0 ? undefined : sha256(JSON.stringify(names.map((name) => [name, env[name]]))),
      host: params.host,
      node: params.node,
      security: params.security,
      ask: params.ask,
    }),
  };
}

function checkCommand({ command }: ExecParams): void {
  if (command.trim() === "") throw errors.EXEC_COMMAND_INVALID({ reason: "is empty" });
  if (command.includes("\0")) throw errors.EXEC_COMMAND_INVALID({ reason: "contains a zero byte" });
  if (/\bopenclaw\s+channels\s+login\b/.test(command)) throw errors.EXEC_INTERACTIVE_LOGIN();
}

/** On a host with an allow-list a line that needs no shell is judged and run as an argument vector. */
function needsApproval(params: ExecParams, config: ExecConfig): boolean {
  const gate = execGate(config);
  const explicit = gate.host !== "implicit" || (params.host !== undefined && params.host !== "auto");
  return (explicit && gate.security === "allowlist") || params.security === "allowlist" || params.ask === "always";
}

function folder(written: string | undefined, { workspace, platform }: ToolContext): string {
  return pathFrom(workspace, written ?? "", platform.paths.home);
}

/** Absolute path of a program as a shell would find it; undefined when there is none. */
async function findProgram(name: string, cwd: string, path: string): Promise<string | undefined> {
  const candidates = name.includes("/") ? [resolve(cwd, name)] : path.split(delimiter).map((dir) => join(dir, name));
  for (const candidate of candidates) {
    if (isAbsolute(candidate) && (await info(candidate))?.isFile === true) return candidate;
  }
  return undefined;
}
