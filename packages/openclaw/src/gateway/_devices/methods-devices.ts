/** Methods about paired devices and their tokens. */
import { defineMethod, type Caller } from "../../contracts/method.ts";
import { Type, closed } from "../../contracts/schema.ts";
import { Nodes } from "../../features/nodes/index.ts";
import type { DeviceRow } from "../../store/index.ts";
import { errors } from "../errors.ts";
import { Pairing } from "../_service-tokens.ts";
import { allows, covers } from "../_auth/scopes.ts";

const Id = Type.String({ minLength: 1, maxLength: 512 });
const Any = Type.Record(Type.String(), Type.Unknown());

export const deviceMethods = [
  defineMethod({
    name: "device.pair.list",
    scope: "operator.pairing",
    summary: "Lists devices that are paired and those that ask to be.",
    params: closed({}),
    result: closed({ pending: Type.Array(Any), paired: Type.Array(Any) }),
    async run(call) {
      const desk = await call.use(Pairing);
      const { pending, paired } = await desk.list();
      const shown = (deviceId: string) => manages(call.caller, deviceId);
      return {
        pending: pending
          .filter((request) => shown(request.deviceId))
          .map((request) => ({ ...request, roles: [request.role], silent: false })),
        paired: paired
          .filter((row) => shown(row.deviceId))
          .map((row) => deviceView(row, desk.sockets.count(row.deviceId) > 0)),
      };
    },
  }),
  defineMethod({
    name: "device.pair.approve",
    scope: "operator.pairing",
    summary: "Pairs a device that asks for it.",
    params: closed({ requestId: Id }),
    result: closed({ requestId: Type.String(), device: Any }),
    async run(call, { requestId }) {
      const desk = await call.use(Pairing);
      const request = await desk.request(requestId);
      if (request === undefined) throw errors.PAIRING_REQUEST_UNKNOWN();
      const missing = missingForApproval(call.caller, request);
      if (missing !== undefined) throw errors.PAIRING_APPROVAL_DENIED({ scope: missing });
      const row = await desk.approve(request);
      return { requestId, device: deviceView(row, desk.sockets.count(row.deviceId) > 0) };
    },
  }),
  defineMethod({
    name: "device.pair.reject",
    scope: "operator.pairing",
    summary: "Turns down a device that asks to be paired.",
    params: closed({ requestId: Id }),
    result: closed({ requestId: Type.String(), deviceId: Type.String() }),
    async run(call, { requestId }) {
      const desk = await call.use(Pairing);
      const request = await desk.request(requestId);
      if (request === undefined) throw errors.PAIRING_REQUEST_UNKNOWN();
      await desk.reject(request);
      return { requestId, deviceId: request.deviceId };
    },
  }),
  defineMethod({
    name: "device.pair.remove",
    scope: "operator.pairing",
    summary: "Forgets a device and closes its connections.",
    params: closed({ deviceId: Id }),
    result: closed({ deviceId: Type.String() }),
    async run(call, { deviceId }) {
      const desk = await call.use(Pairing);
      if (!manages(call.caller, deviceId) || !(await desk.remove(deviceId))) throw errors.PAIRING_REMOVAL_DENIED();
      await (await call.use(Nodes)).forget(deviceId);
      call.after(() => desk.sockets.disconnect(deviceId));
      return { deviceId };
    },
  }),
  defineMethod({
    name: "device.pair.rename",
    scope: "operator.pairing",
    summary: "Gives a device another name than it says of itself.",
    params: closed({ deviceId: Id, label: Type.String({ minLength: 1, maxLength: 64, pattern: "\\S" }) }),
    result: closed({ deviceId: Type.String(), label: Type.String() }),
    async run(call, { deviceId, label }) {
      const desk = await call.use(Pairing);
      const name = label.trim();
      if (!manages(call.caller, deviceId) || !(await desk.rename(deviceId, name))) throw errors.DEVICE_UNKNOWN();
      return { deviceId, label: name };
    },
  }),
  defineMethod({
    name: "device.token.rotate",
    scope: "operator.pairing",
    summary: "Renews a device's token; the old one stops working.",
    params: closed({
      deviceId: Id,
      role: Id,
      scopes: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 64 })),
    }),
    result: Any,
    async run(call, { deviceId, role, scopes }) {
      const desk = await call.use(Pairing);
      if (!managesToken(call.caller, deviceId, role)) throw errors.TOKEN_ROTATION_DENIED();
      // Nobody gives a token scopes that they do not hold.
      if (scopes !== undefined && !covers(call.caller.scopes, scopes)) throw errors.TOKEN_ROTATION_DENIED();
      const renewed = await desk.rotate(deviceId, role, (row) => rotationScopes(row, role, scopes));
      if (renewed === undefined) throw errors.TOKEN_ROTATION_DENIED();
      call.after(() => desk.sockets.disconnect(deviceId, role));
      const own = call.caller.byDeviceToken && call.caller.deviceId === deviceId && call.caller.role === role;
      const { token, ...rest } = renewed;
      return {
        deviceId,
        role,
        ...rest,
        ...(own ? { token, tokenDelivery: "in-band" } : { tokenDelivery: "withheld-cross-device" }),
      };
    },
  }),
  defineMethod({
    name: "device.token.revoke",
    scope: "operator.pairing",
    summary: "Switches a device's token off.",
    params: closed({ deviceId: Id, role: Id }),
    result: closed({ deviceId: Type.String(), role: Type.String(), revokedAtMs: Type.Integer() }),
    async run(call, { deviceId, role }) {
      const desk = await call.use(Pairing);
      const revokedAtMs = managesToken(call.caller, deviceId, role) ? await desk.revoke(deviceId, role) : undefined;
      if (revokedAtMs === undefined) throw errors.TOKEN_REVOCATION_DENIED();
      call.after(() => desk.sockets.disconnect(deviceId, role));
      return { deviceId, role, revokedAtMs };
    },
  }),
];

/** A client that came in by a device's token sees and manages that device only, unless it is an admin. */
function manages(caller: Caller, deviceId: string): boolean {
  return !caller.byDeviceToken || caller.deviceId === deviceId || caller.allows("operator.admin");
}

/** Tokens of nodes are for admins. */
function managesToken(caller: Caller, deviceId: string, role: string): boolean {
  return caller.allows("operator.admin") || (role === "operator" && manages(caller, deviceId));
}

/** Nobody hands out more than they hold; other roles than operator are for admins. */
function missingForApproval(
  caller: Caller,
  request: { readonly role: string; readonly scopes: readonly string[] },
): string | undefined {
  if (request.role !== "operator" && !caller.allows("operator.admin")) return "operator.admin";
  return request.scopes.find((scope) => !allows(caller.scopes, scope));
}

function rotationScopes(
  row: DeviceRow,
  role: string,
  wanted: readonly string[] | undefined,
): readonly string[] | undefined {
  const current = row.tokens.find((token) => token.role === role)?.scopes ?? [];
  if (wanted === undefined) return current;
  return role === "operator" && covers(row.scopes, wanted) ? wanted : undefined;
}

/** A device as clients see it: no generations, no tokens. */
function deviceView(row: DeviceRow, connected: boolean): Record<string, unknown> {
  const tokens = row.tokens.map(({ generation: _, importedDigest: _digest, ...token }) => token);
  return { ...row, role: row.roles[0] ?? "operator", tokens, connected };
}
