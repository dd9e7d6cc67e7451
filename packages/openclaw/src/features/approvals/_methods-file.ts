/** `exec.approvals.get` and `.set`: the host's own rules for commands. */
import { compact } from "../../base/text.ts";
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod, type MethodCall } from "../../contracts/method.ts";
import { Config } from "../config/index.ts";
import { execConfig, execGate, type HostApprovals } from "../policy/index.ts";
import { Agents } from "../agents/index.ts";
import { errors } from "./errors.ts";
import { Approvals, type ApprovalsFileState } from "./index.ts";

const Any = Type.Record(Type.String(), Type.Unknown());

export const fileMethods = [
  defineMethod({
    name: "exec.approvals.get",
    scope: "operator.admin",
    summary: "Shows the host's rules for commands, without the token of its socket.",
    params: closed({}),
    result: Any,
    run: async (call) => view(call, await (await call.use(Approvals)).file.read()),
  }),
  defineMethod({
    name: "exec.approvals.set",
    scope: "operator.admin",
    summary: "Replaces the host's rules for commands; needs the hash that exec.approvals.get gave.",
    params: closed({ file: Type.Unknown(), baseHash: Type.Optional(Type.String({ maxLength: 128 })) }),
    result: Any,
    run: async (call, { file, baseHash }) => view(call, await (await call.use(Approvals)).file.set(file, baseHash)),
  }),
];

async function view(call: MethodCall, state: ApprovalsFileState): Promise<Record<string, unknown>> {
  const { path, exists, hash, file } = state;
  if (file === "damaged") return damaged(state);
  const [config, agents] = await Promise.all([call.use(Config), call.use(Agents)]);
  const gate = execGate(execConfig(config.current(), agents.default().id));
  const { security, ask, askFallback = "deny", autoAllowSkills = false } = file.defaults ?? {};
  return {
    path,
    exists,
    hash,
    file: withoutToken(file),
    resolvedDefaults: { security: security ?? gate.security, ask: ask ?? gate.ask, askFallback, autoAllowSkills },
  };
}

/** Denies until somebody replaces it: `set` with this hash does. */
function damaged({ path, exists, hash }: ApprovalsFileState): Record<string, unknown> {
  const resolvedDefaults = { security: "deny", ask: "on-miss", askFallback: "deny", autoAllowSkills: false };
  const problem = errors.EXEC_APPROVALS_DAMAGED({ path }).message;
  return { path, exists, hash, file: { version: 1 }, problem, resolvedDefaults };
}

function withoutToken(file: HostApprovals): HostApprovals {
  const { socket, ...rest } = file;
  return socket === undefined ? rest : { ...rest, socket: compact({ path: socket.path }) };
}
