import type { Principal } from "../../contracts/principal.ts";

/**
 * Whether this principal may answer: an owner on a device that holds the approvals scope, or an owner known
 * by a chat network. Whoever acts for somebody else (an agent, a job, a hook) never may, so that no model
 * answers its own question.
 */
export function mayApprove({ kind, role, scopes, parent }: Principal): boolean {
  if (role !== "owner" || parent !== undefined) return false;
  // People on chat networks have no scopes; whom a proxy or Tailscale names has those of the connection.
  if (kind === "person" && scopes.length === 0) return true;
  const holds = scopes.includes("operator.approvals") || scopes.includes("operator.admin");
  return holds && (kind === "device" || kind === "person");
}
