/**
 * Errors as data. Every error a person can meet is declared once with `defineErrors` and raised
 * as a `Fault`: what happened (one sentence), what to do (one sentence), a stable code.
 */

/** Wire codes of the gateway protocol; clients branch on these. */
export type RpcCode =
  | "INVALID_REQUEST"
  | "NOT_PAIRED"
  | "NOT_LINKED"
  | "FORBIDDEN"
  | "UNAVAILABLE"
  | "AGENT_TIMEOUT"
  | "INTERNAL";

/** One declared error. `P` is what the sentence needs to know. */
export interface ErrorSpec<P> {
  /** HTTP status used when the error leaves through HTTP. */
  readonly status: number;
  /** Code used when the error leaves through the WebSocket protocol. */
  readonly rpc: RpcCode;
  /** What happened, one sentence, no internals, no secrets. */
  readonly say: (params: P) => string;
  /** What to do about it, one sentence; empty only when nothing can be done. */
  readonly remedy: string | ((params: P) => string);
  /** Whether the same call can succeed later without a change by the caller. */
  readonly retryable?: boolean;
}

export interface FaultOptions {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly status: number;
  readonly rpc: RpcCode;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The only error class that crosses a boundary. Anything else is an internal error. */
export class Fault extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly status: number;
  readonly rpc: RpcCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(options: FaultOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Fault";
    this.code = options.code;
    this.remedy = options.remedy;
    this.status = options.status;
    this.rpc = options.rpc;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }

  /** The same fault with further machine-readable details. */
  with(extra: {
    readonly details?: Readonly<Record<string, unknown>>;
    readonly retryAfterMs?: number;
    readonly cause?: unknown;
  }): Fault {
    const retryAfterMs = extra.retryAfterMs ?? this.retryAfterMs;
    return new Fault({
      code: this.code,
      message: this.message,
      remedy: this.remedy,
      status: this.status,
      rpc: this.rpc,
      retryable: this.retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      details: { ...this.details, ...extra.details },
      cause: extra.cause ?? this.cause,
    });
  }
}

export interface ErrorFactory<P> {
  (params: P): Fault;
  readonly code: string;
  readonly spec: ErrorSpec<P>;
}

type Specs = Record<string, ErrorSpec<never>>;
type ParamsOf<S> = S extends ErrorSpec<infer P> ? P : never;
export type ErrorCatalog<T> = { readonly [K in keyof T]: ErrorFactory<ParamsOf<T[K]>> };

/**
 * Declares the errors of one area. The key is the code (`SCREAMING_CASE`), unique in the product.
 * Returns one factory per code: `throw errors.PORT_IN_USE({ port })`.
 */
export function defineErrors<T extends Specs>(specs: T): ErrorCatalog<T> {
  const catalog: Record<string, ErrorFactory<never>> = {};
  for (const [code, spec] of Object.entries(specs)) {
    const make = (params: never): Fault =>
      new Fault({
        code,
        message: spec.say(params),
        remedy: typeof spec.remedy === "string" ? spec.remedy : spec.remedy(params),
        status: spec.status,
        rpc: spec.rpc,
        retryable: spec.retryable ?? false,
      });
    catalog[code] = Object.assign(make, { code, spec });
  }
  return catalog as ErrorCatalog<T>;
}

/** Declares one error with typed parameters (helps inference inside `defineErrors`). */
export function fault<P = void>(spec: ErrorSpec<P>): ErrorSpec<P> {
  return spec;
}

/** What an error looks like as data, without internals: unknown errors become `INTERNAL`. */
export interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function errorData(error: unknown): ErrorData {
  if (error instanceof Fault) {
    return {
      code: error.code,
      message: error.message,
      ...(error.remedy === "" ? {} : { remedy: error.remedy }),
      ...(error.retryable ? { retryable: true } : {}),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      ...(error.details === undefined ? {} : { details: error.details }),
    };
  }
  return {
    code: "INTERNAL",
    message: "Something went wrong inside the gateway.",
    remedy: "Look at the log with: openclaw logs",
  };
}

/** Text of anything that was thrown, for logs. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (error === null || typeof error !== "object" || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Why a file could not be written, in words that people use. */
export function diskReason(error: unknown): string {
  switch (systemCode(error)) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    case "ENOTDIR":
    case "EEXIST":
      return "a file stands where a folder is needed";
    default:
      return errorText(error);
  }
}
