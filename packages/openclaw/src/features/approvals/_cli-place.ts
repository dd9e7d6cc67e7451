/** Whose rules a command is about: this machine's file, the gateway's host, or a node. */
import type { CliContext } from "../../contracts/cli.ts";
import { agentBlock, type AllowlistEntry, type HostApprovals } from "../policy/index.ts";
import { errors } from "./errors.ts";
import { approvalsFile } from "./index.ts";

export interface Rules {
  readonly path: string;
  readonly exists: boolean;
  readonly hash: string;
  readonly file: HostApprovals;
}

export interface Place {
  readonly name: string;
  read(): Promise<Rules>;
  set(file: unknown, baseHash: string | undefined): Promise<Rules>;
}

const ADMIN = { scopes: ["operator.admin"] };

export async function placeOf(context: CliContext): Promise<Place> {
  const { options, call } = context;
  const { node } = options;
  if (typeof node === "string") {
    const { nodeId, displayName } = await nodeCalled(context, node);
    return {
      name: `node ${displayName ?? nodeId}`,
      read: async () => rulesOf(await call("exec.approvals.node.get", { nodeId }, ADMIN)),
      set: async (file, baseHash) =>
        rulesOf(await call("exec.approvals.node.set", given({ nodeId, file, baseHash }), ADMIN)),
    };
  }
  if (options["gateway"] === true)
    return {
      name: "the gateway's host",
      read: async () => rulesOf(await call("exec.approvals.get", {}, ADMIN)),
      set: async (file, baseHash) => rulesOf(await call("exec.approvals.set", given({ file, baseHash }), ADMIN)),
    };
  const local = approvalsFile(context.platform);
  const readable = async (state: Awaited<ReturnType<typeof local.read>>): Promise<Rules> => {
    const { file, path } = state;
    if (file === "damaged") throw errors.EXEC_APPROVALS_DAMAGED({ path });
    return { ...state, file };
  };
  return {
    name: "this machine",
    read: async () => readable(await local.read()),
    // A file that cannot be understood is what this replaces.
    set: async (file, baseHash) => readable(await local.set(file, baseHash ?? (await local.read()).hash)),
  };
}

/** Changes the list of an agent, which begins as what counted for it before; false when it is that way already. */
export async function editList(
  place: Place,
  agentId: string,
  change: (list: readonly AllowlistEntry[]) => readonly AllowlistEntry[] | undefined,
): Promise<boolean> {
  const { file, hash, exists } = await place.read();
  const agents = file.agents ?? {};
  const block = agentBlock(file, agentId);
  const list = change(block?.allowlist ?? []);
  if (list === undefined) return false;
  const changed = { ...file, agents: { ...agents, [agentId]: { ...block, allowlist: [...list] } } };
  await place.set(changed, exists ? hash : undefined);
  return true;
}

interface Named {
  readonly nodeId: string;
  readonly displayName?: string;
  readonly remoteIp?: string;
}

async function nodeCalled({ call }: CliContext, wanted: string): Promise<Named> {
  const { nodes } = (await call("node.list", {}, { scopes: ["operator.read"] })) as { nodes: readonly Named[] };
  const found = nodes.filter(
    ({ nodeId, displayName, remoteIp }) =>
      nodeId === wanted ||
      displayName?.toLowerCase() === wanted.toLowerCase() ||
      remoteIp === wanted ||
      (wanted.length >= 6 && nodeId.startsWith(wanted)),
  );
  if (found.length !== 1 || found[0] === undefined)
    throw errors.EXEC_APPROVALS_NODE({ node: wanted, count: found.length });
  return found[0];
}

function rulesOf(answer: unknown): Rules {
  const { path = "", exists = true, hash = "", file = { version: 1 } } = (answer ?? {}) as Partial<Rules>;
  return { path, exists, hash, file };
}

function given(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}
