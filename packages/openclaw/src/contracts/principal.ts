/**
 * Who caused a piece of work, and with what authority. Stored with every work item and never
 * derived again from text.
 */

export type Role = "owner" | "member" | "guest" | "stranger";
/** Most authority first. */
export const ROLE_ORDER: readonly Role[] = ["owner", "member", "guest", "stranger"];
export type PrincipalKind = "person" | "device" | "job" | "hook" | "agent" | "system";

export interface Principal {
  readonly kind: PrincipalKind;
  /** Stable id within the kind: device id, `telegram:default:4711`, job id, session key. */
  readonly id: string;
  readonly role: Role;
  /** Operator scopes this principal acts with; empty for people on chat networks. */
  readonly scopes: readonly string[];
  /** Whoever caused this principal to act; a child can do no more than its parent. */
  readonly parent?: Principal;
}

export const OWNER_SCOPES = [
  "operator.admin",
  "operator.approvals",
  "operator.pairing",
  "operator.questions",
  "operator.read",
  "operator.talk",
  "operator.talk.secrets",
  "operator.write",
] as const;

/** The gateway acting for itself. */
export const SYSTEM: Principal = { kind: "system", id: "gateway", role: "owner", scopes: OWNER_SCOPES };

/** Owners on chat networks, and devices with every right. Whoever acts for somebody else owns nothing. */
export function isOwner({ kind, role, scopes, parent }: Principal): boolean {
  if (role !== "owner" || parent !== undefined) return false;
  if (kind === "person" && scopes.length === 0) return true;
  return (kind === "person" || kind === "device") && scopes.includes("operator.admin");
}

/** Whether nobody but the owner is behind it: whoever acts for somebody else acts for them. */
export function isOwners({ role, parent }: Principal, depth = 0): boolean {
  return role === "owner" && depth < 32 && (parent === undefined || isOwners(parent, depth + 1));
}
