import { sha256 } from "../../base/ids.ts";

/** Everything that an approval is bound to. */
export interface ExactAct {
  readonly tool: string;
  readonly agentId: string | undefined;
  readonly sessionKey: string | undefined;
  readonly runId: string | undefined;
  /** What would happen: argv, cwd, digest of the variables, host, node. */
  readonly exact: Readonly<Record<string, unknown>>;
}

/** The same for the same act, whatever the order of its keys. */
export function digestOf(act: ExactAct): string {
  return sha256(JSON.stringify(sorted(act)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}

type Maybe<T> = T | null | undefined;

/** A command as clients and nodes describe it on the wire. */
export interface WireCommand {
  readonly host: string;
  readonly nodeId?: Maybe<string>;
  /** Where it is known, `command` is only its wording. */
  readonly argv?: Maybe<readonly string[]>;
  readonly command?: Maybe<string>;
  readonly cwd?: Maybe<string>;
  readonly env?: Maybe<Readonly<Record<string, string>>>;
  readonly agentId?: Maybe<string>;
  readonly sessionKey?: Maybe<string>;
}

/** What an answer to such a request is bound to. */
export function digestOfCommand(of: WireCommand): string {
  const { host, nodeId, argv, command, cwd, env, agentId, sessionKey } = of;
  return digestOf({
    tool: "exec",
    agentId: agentId ?? undefined,
    sessionKey: sessionKey ?? undefined,
    runId: undefined,
    exact: {
      host,
      nodeId: nodeId ?? undefined,
      argv: argv ?? undefined,
      command: argv ? undefined : (command ?? undefined),
      cwd: cwd ?? undefined,
      env: env && Object.keys(env).length > 0 ? env : undefined,
    },
  });
}
