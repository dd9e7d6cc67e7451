/** Which node a command means. */
import type { CliContext } from "../../contracts/cli.ts";
import { errors } from "./errors.ts";
import type { NodeView } from "./index.ts";

const MIN_PREFIX = 6;

export async function allNodes({ call }: CliContext): Promise<readonly NodeView[]> {
  const { nodes } = (await call("node.list", {}, { scopes: ["operator.read"] })) as { nodes: readonly NodeView[] };
  return nodes;
}

/** The node of `--node`, or the only one that is connected. Throws when that is not one. */
export async function oneNode(context: CliContext): Promise<NodeView> {
  const wanted = context.options["node"];
  return chooseNode(await allNodes(context), typeof wanted === "string" ? wanted : undefined);
}

/** By id, exact name, IP or a beginning of the id of at least 6 characters. */
export function chooseNode(nodes: readonly NodeView[], wanted: string | undefined): NodeView {
  if (wanted === undefined) {
    const connected = nodes.filter((node) => node.connected);
    if (connected[0] === undefined || connected.length > 1) throw errors.NODE_NOT_NAMED({ count: connected.length });
    return connected[0];
  }
  const name = wanted.toLowerCase();
  const ways: readonly ((node: NodeView) => boolean)[] = [
    ({ nodeId }) => nodeId === wanted,
    ({ displayName }) => displayName?.toLowerCase() === name,
    ({ remoteIp }) => remoteIp === wanted,
    ({ nodeId }) => wanted.length >= MIN_PREFIX && nodeId.startsWith(name),
  ];
  for (const fits of ways) {
    const found = nodes.filter(fits);
    if (found.length > 1) throw errors.NODE_NAME_AMBIGUOUS({ name: wanted, ids: found.map(({ nodeId }) => nodeId) });
    if (found[0] !== undefined) return found[0];
  }
  throw errors.NODE_NAME_UNKNOWN({ name: wanted });
}
