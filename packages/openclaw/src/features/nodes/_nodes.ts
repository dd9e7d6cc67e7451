/**
 * Nodes: who is connected, what each may do, what was approved. A command passes two gates: the policy of
 * the platform with `gateway.nodes.allowCommands` and `denyCommands`, judged anew at every call, and the
 * surface that the owner approved. Until then commands are refused, never kept for later.
 */
import type { Fault } from "../../base/errors.ts";
import { errorText } from "../../base/errors.ts";
import { sha256 } from "../../base/ids.ts";
import type { Caller, EventBus } from "../../contracts/method.ts";
import type { Platform } from "../../contracts/service.ts";
import type { ConfigService } from "../config/index.ts";
import { errors } from "./errors.ts";
import type { InvokeOptions, NodeView, NodesService } from "./index.ts";
import { Invocations, notConnected, type NodeAnswer } from "./_invocations.ts";
import type { CommandRules } from "./_platform.ts";
import { PendingActions } from "./_queue.ts";
import { approvedRecord, describe, seenRecord, type NodeRecord, type Records } from "./_record.ts";
import { PerMinute } from "./_per-minute.ts";
import { Repeats } from "./_repeats.ts";
import { Requests, type NodeRequest } from "./_requests.ts";
import {
  NOTHING,
  blockedBecause,
  effective,
  filtered,
  isCovered,
  said,
  type Blocked,
  type Surface,
} from "./_surface.ts";
import { NodeSessions, type NodeSession } from "./_sessions.ts";
import { viewOf } from "./_view.ts";

export interface NodesParts {
  readonly platform: Platform;
  readonly events: EventBus;
  readonly config: ConfigService;
  readonly records: Records;
}

export class NodeRegistry implements NodesService {
  readonly #parts: NodesParts;
  readonly #sessions = new NodeSessions();
  readonly #repeats: Repeats<NodeAnswer>;
  /** How often each approved node reached the assistant. */
  readonly #told: PerMinute;
  readonly requests: Requests;
  readonly invocations: Invocations;
  readonly actions: PendingActions;

  constructor(parts: NodesParts) {
    const { platform, events } = parts;
    const { clock, random } = platform;
    this.#parts = parts;
    this.#repeats = new Repeats(clock);
    this.#told = new PerMinute(clock);
    this.invocations = new Invocations({ clock, random, events });
    this.actions = new PendingActions({ clock, random });
    this.requests = new Requests({
      clock,
      random,
      isConnected: (nodeId) => this.#sessions.newest(nodeId) !== undefined,
      requested: (request) => events.publish("node.pair.requested", { ...request }),
      ended: (request, decision) => this.#resolved(request.requestId, request.nodeId, decision),
    });
  }

  arrived(caller: Caller, gone: AbortSignal): void {
    const nodeId = caller.deviceId;
    if (nodeId === undefined || gone.aborted) return;
    const session: NodeSession = { nodeId, caller, connectedAtMs: this.#parts.platform.clock.now() };
    this.#sessions.add(session);
    gone.addEventListener("abort", () => this.#left(session), { once: true });
    this.#compare(session);
    this.note(nodeId, "connect");
  }

  list(): readonly NodeView[] {
    const ids = new Set([...this.#sessions.nodes(), ...this.#parts.records.all().map(({ nodeId }) => nodeId)]);
    return [...ids]
      .map((nodeId) => this.#view(nodeId))
      .filter((view) => view !== undefined)
      .sort(
        (a, b) =>
          Number(b.connected) - Number(a.connected) ||
          (a.displayName ?? a.nodeId).localeCompare(b.displayName ?? b.nodeId),
      );
  }

  get(nodeId: string): NodeView | undefined {
    return this.#view(nodeId);
  }

  /** Commands that a connected node declares and may not run, each with the reason. */
  blocked(nodeId: string): readonly { readonly command: string; readonly reason: Blocked }[] {
    const session = this.#sessions.newest(nodeId);
    if (session === undefined) return [];
    return session.caller.commands.flatMap((command) => {
      const found = this.#blockedBecause(command, session);
      return found === undefined ? [] : [{ command, reason: found.reason }];
    });
  }

  record(nodeId: string): NodeRecord | undefined {
    return this.#parts.records.get(nodeId);
  }

  records(): readonly NodeRecord[] {
    return this.#parts.records.all();
  }

  /** Whoever calls has checked that the approver may. */
  async approve(request: NodeRequest): Promise<NodeRecord> {
    const { records, platform } = this.#parts;
    const { nodeId, requestId } = request;
    this.requests.take(nodeId);
    const record = approvedRecord(request, {
      before: records.get(nodeId),
      now: platform.clock.now(),
      connectedAtMs: this.#sessions.newest(nodeId)?.connectedAtMs,
    });
    await records.put(record);
    this.#resolved(requestId, nodeId, "approved");
    return record;
  }

  async rename(nodeId: string, displayName: string): Promise<void> {
    const record = this.#parts.records.get(nodeId);
    if (record === undefined) throw errors.NODE_UNKNOWN();
    await this.#parts.records.put({ ...record, label: displayName });
  }

  /** Takes the approval back. A node that is connected stays, without commands, and asks anew when it returns. */
  async remove(nodeId: string): Promise<boolean> {
    const known = await this.#parts.records.remove(nodeId);
    this.actions.forget(nodeId);
    this.#told.forget(nodeId);
    if (known) this.#resolved("", nodeId, "removed");
    return known;
  }

  async forget(nodeId: string): Promise<void> {
    this.requests.reject(nodeId);
    await this.remove(nodeId);
  }

  invoke(options: InvokeOptions): Promise<NodeAnswer> {
    const { nodeId, command, params, by, idempotencyKey } = options;
    const fingerprint = sha256(JSON.stringify([nodeId, command, params ?? null]));
    return this.#repeats.run(
      `${by}\n${idempotencyKey}`,
      fingerprint,
      async () => this.#start(options),
      (error) => (error as Partial<Fault>).details?.["nodeCommandDispatched"] === true,
    );
  }

  /** Notes that a node was here. */
  note(nodeId: string, reason: string): void {
    const { records, platform } = this.#parts;
    const record = records.get(nodeId);
    if (record === undefined) return;
    const seen = seenRecord(record, this.#sessions.newest(nodeId)?.caller, { reason, now: platform.clock.now() });
    records.put(seen).catch((error: unknown) => this.#warn(error));
  }

  /** Whether a node may reach the assistant once more within this minute. */
  mayTell(nodeId: string, perMinute: number): boolean {
    return this.#told.take(nodeId, perMinute);
  }

  #warn(error: unknown): void {
    this.#parts.platform.log.for("nodes").warn("a node was not written down", { error: errorText(error) });
  }

  #start({ nodeId, command, params, prepare, timeoutMs, idempotencyKey }: InvokeOptions) {
    const session = this.#sessions.newest(nodeId);
    if (session === undefined) {
      if (this.#parts.records.get(nodeId) !== undefined) throw notConnected(false);
      throw errors.NODE_NOT_PAIRED().with({ details: { code: "PAIRING_CHANGED", nodeCommandDispatched: false } });
    }
    const blocked = this.#blockedBecause(command, session);
    if (blocked !== undefined) {
      const { reason } = blocked;
      throw errors.NODE_COMMAND_NOT_ALLOWED({ command, why: said(blocked) }).with({ details: { reason, command } });
    }
    const { connId } = session.caller;
    const sent = prepare === undefined ? params : prepare();
    const paramsJSON = sent === undefined || sent === null ? undefined : JSON.stringify(sent);
    return this.invocations.start({ nodeId, connId, command, paramsJSON, timeoutMs, idempotencyKey });
  }

  #blockedBecause(command: string, { nodeId, caller }: NodeSession) {
    const approved = this.#approved(nodeId);
    return blockedBecause(command, { declared: caller, approved, machine: caller.client, rules: this.#rules() });
  }

  /** A surface that is new or wider than what was approved becomes a request. */
  #compare({ nodeId, caller }: NodeSession): void {
    const record = this.#parts.records.get(nodeId);
    const wanted = filtered(caller, caller.client, this.#rules());
    if (record !== undefined && isCovered(wanted, record)) return void this.requests.take(nodeId);
    const request = this.requests.ask({ nodeId, isRepair: record !== undefined, ...describe(caller) }, wanted, {
      // The owner's setup code was a yes to what the device offers first.
      quiet: record === undefined && caller.authMethod === "bootstrap-token",
    });
    if (request?.silent === true) void this.approve(request).catch((error: unknown) => this.#warn(error));
  }

  #left(session: NodeSession): void {
    const { nodeId, caller } = session;
    this.#sessions.remove(session);
    this.invocations.left(caller.connId);
    if (this.#sessions.newest(nodeId) !== undefined) return;
    this.requests.left(nodeId);
    this.note(nodeId, "disconnect");
  }

  #view(nodeId: string): NodeView | undefined {
    const session = this.#sessions.newest(nodeId);
    const record = this.#parts.records.get(nodeId);
    const approved = this.#approved(nodeId);
    const machine = session?.caller.client ?? record;
    if (machine === undefined) return undefined;
    const usable = effective(session?.caller ?? approved, approved, machine, this.#rules());
    return viewOf({ session, record, usable, request: this.requests.of(nodeId) });
  }

  #approved(nodeId: string): Surface {
    return this.#parts.records.get(nodeId) ?? NOTHING;
  }

  #rules(): CommandRules {
    const config = this.#parts.config.current();
    return {
      allowCommands: names(config.at("gateway.nodes.allowCommands")),
      denyCommands: names(config.at("gateway.nodes.denyCommands")),
    };
  }

  /** Told to operators, and to the node itself. */
  #resolved(requestId: string, nodeId: string, decision: "approved" | "rejected" | "expired" | "removed"): void {
    const { events, platform } = this.#parts;
    const payload = { requestId, nodeId, decision, ts: platform.clock.now() };
    events.publish("node.pair.resolved", payload);
    for (const { caller } of this.#sessions.of(nodeId))
      events.publish("node.pair.resolved", payload, { only: caller.connId });
  }
}

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
