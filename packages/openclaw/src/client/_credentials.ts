/** Which credential to send, and what a refusal means for the next attempt. */
import type { Fault } from "../base/errors.ts";
import { preciseCode } from "./_wire.ts";

export interface Auth {
  readonly token?: string;
  readonly password?: string;
  readonly deviceToken?: string;
  readonly bootstrapToken?: string;
}

/** An explicit secret wins; the stored device token is used without one, or when a refusal suggested it. */
export function chooseAuth(
  given: Pick<Auth, "token" | "password" | "bootstrapToken">,
  stored: string | undefined,
  tryStored: boolean,
): Auth {
  const password = given.password === undefined ? {} : { password: given.password };
  if (given.token !== undefined && !(tryStored && stored !== undefined)) return { token: given.token, ...password };
  if (stored !== undefined && (given.password === undefined || tryStored)) return { ...password, deviceToken: stored };
  return given.bootstrapToken === undefined ? password : { ...password, bootstrapToken: given.bootstrapToken };
}

export type Next = { readonly do: "retry"; readonly afterMs?: number } | { readonly do: "stop" };

/** Whether another attempt can succeed without the user doing something. `afterMs`: instead of the usual wait. */
export function afterRefusal(fault: Fault): Next {
  if (fault.details?.["reloadRequired"] === true) return { do: "stop" };
  const wait = fault.retryAfterMs;
  if (wait !== undefined) return { do: "retry", afterMs: wait };
  if (preciseCode(fault) === "PAIRING_REQUIRED") {
    return fault.details?.["pauseReconnect"] === false ? { do: "retry" } : { do: "stop" };
  }
  return fault.retryable || fault.rpc === "UNAVAILABLE" ? { do: "retry" } : { do: "stop" };
}
