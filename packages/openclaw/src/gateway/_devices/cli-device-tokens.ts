/** Bodies of `devices rotate`, `revoke` and `clear`. */
import type { CliContext } from "../../contracts/cli.ts";
import type { DeviceRequest, DeviceRow } from "../../store/index.ts";
import { errors } from "../errors.ts";

const PAIRING = "operator.pairing";

/** The token itself stays with its device: it gets the new one when it connects with the shared secret. */
export async function rotateToken(context: CliContext): Promise<void> {
  const { call, options, out } = context;
  const { deviceId, role } = named(options);
  const given = options["scope"];
  const scopes = Array.isArray(given) ? given.map(String) : [];
  const wanted = scopes.length === 0 ? {} : { scopes };
  out.json(await call("device.token.rotate", { deviceId, role, ...wanted }, { scopes: neededFor(role, scopes) }));
}

export async function revokeToken({ call, options, out }: CliContext): Promise<void> {
  const { deviceId, role } = named(options);
  out.json(await call("device.token.revoke", { deviceId, role }, { scopes: neededFor(role, []) }));
}

/** Forgets every paired device, and with `--pending` turns down everybody who asks. Returns the exit code. */
export async function clearDevices({ call, options, out, global }: CliContext): Promise<number> {
  const scopes = [PAIRING];
  const { paired, pending } = (await call("device.pair.list", {}, { scopes })) as {
    readonly paired: readonly DeviceRow[];
    readonly pending: readonly DeviceRequest[];
  };
  const asking = options["pending"] === true ? pending : [];
  if (options["yes"] !== true) {
    const more = asking.length === 0 ? "" : ` and turn down ${asking.length} requests`;
    out.note(`This would forget ${paired.length} devices${more}. Do it with: openclaw devices clear --yes`);
    return 1;
  }
  for (const { requestId } of asking) await call("device.pair.reject", { requestId }, { scopes });
  for (const { deviceId } of paired) await call("device.pair.remove", { deviceId }, { scopes });
  const done = { removed: paired.map(({ deviceId }) => deviceId), rejected: asking.map(({ requestId }) => requestId) };
  if (global.json) out.json(done);
  else out.line(`Forgot ${done.removed.length} devices, turned down ${done.rejected.length} requests.`);
  return 0;
}

function named(options: CliContext["options"]): { readonly deviceId: string; readonly role: string } {
  const { device, role } = options;
  if (typeof device !== "string" || device === "" || typeof role !== "string" || role === "")
    throw errors.DEVICE_AND_ROLE_NEEDED();
  return { deviceId: device, role };
}

/** Tokens of other roles than operator are for admins; nobody gives scopes that they do not hold. */
function neededFor(role: string, scopes: readonly string[]): readonly string[] {
  return [...new Set([PAIRING, ...scopes, ...(role === "operator" ? [] : ["operator.admin"])])];
}
