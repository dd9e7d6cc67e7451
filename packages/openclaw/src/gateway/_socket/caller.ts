/** A logged-in connection as methods see it. */
import type { Caller, ClientDescription } from "../../contracts/method.ts";
import type { Principal } from "../../contracts/principal.ts";
import { compact } from "../../base/text.ts";
import type { Connection } from "./connection.ts";
import type { Login } from "./handshake.ts";
import { allows } from "../_auth/scopes.ts";

export function callerOf(connection: Connection, login: Login): Caller {
  const { client } = login.params;
  return compact({
    connId: connection.id,
    principal: principalOf(login),
    role: login.role,
    scopes: login.scopes,
    clientId: client.id,
    clientMode: client.mode,
    client: describe(client),
    caps: login.params.caps ?? [],
    commands: login.params.commands ?? [],
    permissions: login.params.permissions ?? {},
    pathEnv: login.params.pathEnv,
    protocol: login.protocol,
    deviceId: login.deviceId,
    authMethod: login.method,
    byDeviceToken: login.method === "device-token",
    remoteAddress: connection.peer.address,
    local: connection.peer.local,
    allows: (scope: string) => allows(login.scopes, scope),
    subscriptions: { sessions: false, messages: new Set<string>() },
  }) as Caller;
}

/**
 * Whoever holds the shared secret or a paired device is the owner; scopes say what this client may do. Of the users
 * whom somebody else vouches for, those with every right are.
 */
export function principalOf(login: Pick<Login, "user" | "deviceId" | "scopes" | "method" | "params">): Principal {
  const { user, deviceId, scopes } = login;
  if (user !== undefined && deviceId === undefined) {
    const role = allows(scopes, "operator.admin") ? "owner" : "member";
    return { kind: "person", id: `${login.method}:${user}`, role, scopes };
  }
  return { kind: "device", id: deviceId ?? `client:${login.params.client.id}`, role: "owner", scopes };
}

function describe(client: Login["params"]["client"]): ClientDescription {
  const { version, platform, displayName, deviceFamily, modelIdentifier, instanceId } = client;
  return compact({
    version,
    platform,
    displayName,
    deviceFamily,
    modelIdentifier,
    instanceId,
  }) as unknown as ClientDescription;
}
