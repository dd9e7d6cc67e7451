/**
 * Answers requests of a logged-in socket: role, scope, params, then the method. The scope is
 * checked first, so that a caller without it learns nothing about params.
 */
import { Fault, errorText } from "../../base/errors.ts";
import { shortId } from "../../base/ids.ts";
import type { Caller, Method, MethodCall } from "../../contracts/method.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import { describeProblems, problems, type Problem } from "../../contracts/schema.ts";
import type { Connection } from "./connection.ts";
import type { RequestFrame } from "./frames.ts";
import { laterScope } from "./not-available.ts";
import { WriteLimit } from "./write-limit.ts";
import { failure, invalid, missingScope, success, wireError, type WireError } from "./wire.ts";

/** Requests of one socket that may be under way. */
const MAX_IN_FLIGHT = 256;

const BUSY: WireError = {
  code: "UNAVAILABLE",
  message: "The server is busy. Please try again in a moment.",
  retryable: true,
};

export interface DispatchParts {
  readonly platform: Platform;
  readonly use: Use;
  readonly methods: readonly Method[];
}

export class Dispatcher {
  readonly #parts: DispatchParts;
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #writes: WriteLimit;
  readonly #inFlight = new WeakMap<Connection, number>();

  constructor(parts: DispatchParts) {
    this.#parts = parts;
    this.#writes = new WriteLimit(parts.platform.clock);
    this.#methods = new Map(parts.methods.map((method) => [method.name, method]));
  }

  /** Names for discovery, without the hidden ones. */
  names(): string[] {
    return [...this.#methods.values()].filter((method) => !method.hidden).map(({ name }) => name);
  }

  /** Never rejects. */
  async handle(connection: Connection, caller: Caller, frame: RequestFrame): Promise<void> {
    const under = this.#inFlight.get(connection) ?? 0;
    if (under >= MAX_IN_FLIGHT) return connection.send(failure(frame.id, BUSY));
    this.#inFlight.set(connection, under + 1);
    try {
      await this.#answer(connection, caller, frame);
    } finally {
      this.#inFlight.set(connection, (this.#inFlight.get(connection) ?? 1) - 1);
    }
  }

  async #answer(connection: Connection, caller: Caller, frame: RequestFrame): Promise<void> {
    const found = admitCall(caller, this.#methods.get(frame.method), frame.method);
    if ("code" in found) return connection.send(failure(frame.id, found));
    const tooMany = this.#writes.count(caller, found);
    if (tooMany !== undefined) return connection.send(failure(frame.id, tooMany));
    const params = readParams(found, frame.params);
    if (!params.ok) return connection.send(failure(frame.id, params.error));
    const scope = found.scopeFor?.(params.value as never);
    if (scope !== undefined && !caller.allows(scope)) return connection.send(failure(frame.id, missingScope(scope)));

    const later: (() => void | Promise<void>)[] = [];
    const call: MethodCall = {
      caller,
      use: this.#parts.use,
      platform: this.#parts.platform,
      signal: connection.signal,
      acknowledge: (payload) => connection.send(success(frame.id, payload)),
      after: (work) => void later.push(work),
    };
    try {
      connection.send(success(frame.id, await found.run(call, params.value as never)));
    } catch (error) {
      connection.send(failure(frame.id, this.#errorOf(error, frame.method)));
    }
    for (const work of later) {
      try {
        await work();
      } catch (error) {
        this.#parts.platform.log.error(`work after ${frame.method} failed`, { error: errorText(error) });
      }
    }
  }

  /** Declared errors as they are; anything else by a reference that finds it in the log. */
  #errorOf(error: unknown, method: string): WireError {
    if (error instanceof Fault) return wireError(error);
    const reference = shortId(this.#parts.platform.random);
    this.#parts.platform.log.error(`${method} failed`, {
      reference,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return {
      code: "INTERNAL",
      message: `Something went wrong inside the gateway (log reference ${reference}).`,
      details: { code: "INTERNAL", reference },
    };
  }
}

/** The method, if this caller may call it at all. */
function admitCall(caller: Caller, method: Method | undefined, name: string): Method | WireError {
  if (name === "connect") return invalid("connect is only valid as the first request");
  const later = method === undefined ? laterScope(name) : undefined;
  if (later !== undefined) return refuseLater(caller, later, name);
  if (caller.role === "node") {
    return method !== undefined && (method.scope === "node" || method.scope === "none")
      ? method
      : invalid("unauthorized role: node");
  }
  if (method === undefined)
    return caller.allows("operator.admin") ? invalid(`unknown method: ${name}`) : missingScope("operator.admin");
  if (method.scope === "node") return invalid("unauthorized role: operator");
  return method.scope === "none" || caller.allows(method.scope) ? method : missingScope(method.scope);
}

/** The scope is checked first here too: who may not call it is not told whether it exists. */
function refuseLater(caller: Caller, scope: Method["scope"], method: string): WireError {
  const forRole = scope === "none" || (scope === "node") === (caller.role === "node");
  if (!forRole) return invalid(`unauthorized role: ${caller.role}`);
  if (scope !== "node" && scope !== "none" && !caller.allows(scope)) return missingScope(scope);
  return {
    code: "UNAVAILABLE",
    message: `${method} is not available in this version.`,
    retryable: false,
    details: { code: "METHOD_NOT_AVAILABLE", method },
  };
}

type ReadParams = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WireError };

function readParams(method: Method, params: unknown): ReadParams {
  const given = params ?? {};
  const first = method.first?.(typeof given === "object" ? (given as Record<string, unknown>) : {});
  if (first !== undefined) return { ok: false, error: wireError(first) };
  const found = problems(method.params, given);
  if (found.length === 0) return { ok: true, value: given };
  const rest = method.open ? withoutFaulty(given, found) : undefined;
  if (rest !== undefined && problems(method.params, rest).length === 0) return { ok: true, value: rest };
  return { ok: false, error: invalid(`invalid ${method.name} params: ${describeProblems(found)}`) };
}

/** What is left of the params of a tolerant method: unknown keys and values of a wrong type count as absent. */
function withoutFaulty(given: unknown, found: readonly Problem[]): Record<string, unknown> {
  if (given === null || typeof given !== "object" || Array.isArray(given)) return {};
  const faulty = new Set(
    found.map(({ pointer, message }) => pointer.split("/")[1] ?? /^unexpected property '(.*)'$/s.exec(message)?.[1]),
  );
  return Object.fromEntries(Object.entries(given).filter(([key]) => !faulty.has(key)));
}
