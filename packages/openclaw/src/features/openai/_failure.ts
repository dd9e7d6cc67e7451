/** What became of a run → the error that a client of this API understands. Never 401: that would mean its own token. */
import { Fault } from "../../base/errors.ts";
import type { TurnResult } from "../../store/index.ts";
import type { Ask } from "./_ask.ts";
import { errors } from "./errors.ts";

/** Undefined when there is an answer. */
export function failureOf(result: TurnResult | undefined, ask: Ask): Fault | undefined {
  if (result === undefined) return internal(503, "The gateway is stopping");
  if (result.error) return blamed(result.error);
  return unmet(result, ask);
}

/** What stands below `error` in a stream, whose status cannot tell any more. */
export function errorOf({ message, status }: Fault): { readonly message: string; readonly type: string } {
  const type = status === 429 ? "rate_limited" : status < 500 ? "invalid_request_error" : "api_error";
  return { message, type };
}

/** A fault of ours as this API says it. */
export function presentable(fault: Fault): Fault {
  if (fault.status !== 401) return fault;
  return internal(502, fault.message);
}

function blamed({ code, message, status, failure }: NonNullable<TurnResult["error"]>): Fault {
  switch (failure?.class) {
    case undefined:
      break;
    case "rate_limit":
      return errors
        .API_UPSTREAM_LIMIT()
        .with(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs });
    case "context_overflow":
      return errors.API_TOO_LONG();
    case "image_too_large":
      return errors.API_INVALID({ message: "A picture is too large for the model." });
    default:
      return errors.API_UPSTREAM();
  }
  if (status === undefined) return internal(500, "internal error");
  return presentable(new Fault({ code, message, remedy: "", status, rpc: "UNAVAILABLE", retryable: false }));
}

function unmet({ status, calls = [] }: TurnResult, { toolChoice }: Ask): Fault | undefined {
  if (toolChoice === undefined || status !== "ok") return undefined;
  if (toolChoice === "required") return calls.length > 0 ? undefined : errors.API_CHOICE_UNMET({ choice: "required" });
  return calls.some(({ name }) => name === toolChoice.name)
    ? undefined
    : errors.API_CHOICE_UNMET({ choice: toolChoice.name });
}

function internal(status: number, message: string): Fault {
  return new Fault({ code: "API_FAILED", message, remedy: "", status, rpc: "UNAVAILABLE", retryable: status === 503 });
}
