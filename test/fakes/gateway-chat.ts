/**
 * A FAKE assistant behind the fake gateway: sessions and chat in memory, answers from a script. It keeps the wire's
 * order guarantees (acknowledgement, stored messages, deltas, one terminal state) and survives a restart of the gateway.
 */
import { randomUUID } from "node:crypto";
import { Refusal } from "./gateway.ts";
import type { FakeClient, FakeGateway, FakeMethod } from "./gateway.ts";

type Data = Readonly<Record<string, unknown>>;
type Part = Data & { readonly type: string };

/** What the assistant does for one message, in order. */
export type Act =
  | { readonly say: string; readonly wordMs?: number }
  | { readonly think: string }
  | {
      readonly tool: string;
      readonly args: Data;
      readonly output: string;
      readonly ms?: number;
      readonly failed?: true;
    }
  | { readonly fail: string };

interface Session {
  readonly key: string;
  label?: string;
  sessionId: string;
  updatedAt: number;
  messages: Data[];
  running?: Run;
}

interface Run {
  readonly runId: string;
  readonly startedAt: number;
  text: string;
  seq: number;
  stopped: boolean;
}

const MAIN = "agent:main:main";

export class FakeAssistant {
  readonly methods: Readonly<Record<string, FakeMethod>>;
  readonly #sessions = new Map<string, Session>();
  readonly #script: (message: string) => readonly Act[];
  readonly #seen = new Map<string, "running" | "done">();
  #gateway: FakeGateway | undefined;

  constructor(script: (message: string) => readonly Act[]) {
    this.#script = script;
    this.session(MAIN);
    this.methods = {
      "sessions.subscribe": (_params, { client }) => {
        client.subscriptions.sessions = true;
        return { subscribed: true };
      },
      "sessions.messages.subscribe": ({ key }, { client }) => {
        client.subscriptions.messages.add(String(key));
        return { subscribed: true, key };
      },
      "sessions.messages.unsubscribe": ({ key }, { client }) => {
        client.subscriptions.messages.delete(String(key));
        return { subscribed: false, key };
      },
      "sessions.list": () => this.#list(),
      "sessions.create": () => {
        const made = this.session(`agent:main:dashboard:${randomUUID()}`);
        this.#changed(made, "create");
        return { ok: true, key: made.key, sessionId: made.sessionId };
      },
      "sessions.patch": ({ key, label }) => {
        const session = this.session(String(key));
        if (typeof label === "string") session.label = label;
        else delete session.label;
        this.#changed(session, "patch");
        return { ok: true, key };
      },
      "sessions.reset": ({ key }) => {
        const session = this.session(String(key));
        session.messages = [];
        session.sessionId = randomUUID();
        this.#changed(session, "reset");
        return { ok: true, key };
      },
      "sessions.delete": ({ key }) => {
        const session = this.session(String(key));
        this.#sessions.delete(session.key);
        this.#changed(session, "delete");
        return { ok: true, key, deleted: true, archived: [] };
      },
      "agents.list": () => ({
        defaultId: "main",
        mainKey: "main",
        scope: "per-sender",
        agents: [{ id: "main", identity: { name: "Molty" } }],
      }),
      "chat.history": (params) => this.#history(params),
      "chat.send": (params) => this.#send(params),
      "chat.abort": ({ sessionKey }) => {
        const run = this.session(String(sessionKey)).running;
        if (run !== undefined) run.stopped = true;
        return { ok: true, aborted: run !== undefined, runIds: run === undefined ? [] : [run.runId] };
      },
    };
  }

  /** The gateway that carries its events from now on. */
  attach(gateway: FakeGateway): void {
    this.#gateway = gateway;
  }

  session(key: string): Session {
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const made: Session = { key, sessionId: randomUUID(), updatedAt: Date.now(), messages: [] };
    this.#sessions.set(key, made);
    return made;
  }

  /** Appends to a transcript without telling anyone. */
  remember(key: string, messages: readonly Data[]): void {
    for (const message of messages) this.#append(this.session(key), message);
  }

  #list(): Data {
    const rows = [...this.#sessions.values()]
      .map((session) => this.#row(session))
      .toSorted((a, b) => Number(b["updatedAt"]) - Number(a["updatedAt"]));
    return {
      ts: Date.now(),
      count: rows.length,
      totalCount: rows.length,
      hasMore: false,
      nextOffset: null,
      defaults: { modelProvider: "offline", model: "assistant" },
      sessions: rows,
    };
  }

  #row(session: Session): Data {
    const first = session.messages.find((message) => message["role"] === "user");
    return {
      key: session.key,
      kind: "direct",
      agentId: "main",
      sessionId: session.sessionId,
      ...(session.label === undefined ? {} : { label: session.label }),
      ...(first === undefined ? {} : { derivedTitle: String(first["content"]).slice(0, 60) }),
      channel: "webchat",
      updatedAt: session.updatedAt,
      modelProvider: "offline",
      model: "assistant",
      hasActiveRun: session.running !== undefined,
      isMain: session.key === MAIN,
    };
  }

  #history({ sessionKey, limit = 200, offset = 0 }: Data): Data {
    const session = this.session(String(sessionKey));
    const end = session.messages.length - Number(offset);
    const start = Math.max(0, end - Number(limit));
    const { running } = session;
    return {
      sessionKey,
      sessionId: session.sessionId,
      messages: session.messages.slice(start, end),
      totalMessages: session.messages.length,
      hasMore: start > 0,
      nextOffset: start > 0 ? Number(offset) + end - start : null,
      sessionInfo: this.#row(session),
      ...(running === undefined
        ? {}
        : { inFlightRun: { runId: running.runId, text: running.text, startedAt: running.startedAt, events: [] } }),
    };
  }

  #send({ sessionKey, message, idempotencyKey }: Data): Data {
    const runId = String(idempotencyKey);
    const known = this.#seen.get(runId);
    if (known !== undefined) return { runId, status: known === "running" ? "in_flight" : "ok" };
    const session = this.session(String(sessionKey));
    if (message === "refuse this")
      throw new Refusal({ code: "UNAVAILABLE", message: "The disk of the gateway is full." });
    this.#seen.set(runId, "running");
    setTimeout(() => void this.#run(session, runId, String(message)), 5);
    return { runId, status: "started" };
  }

  async #run(session: Session, runId: string, message: string): Promise<void> {
    const run: Run = { runId, startedAt: Date.now(), text: "", seq: 0, stopped: false };
    session.running = run;
    this.#store(session, { role: "user", content: message, timestamp: Date.now(), idempotencyKey: `${runId}:user` });
    this.#agent(session, run, "lifecycle", { phase: "start", startedAt: run.startedAt });
    this.#changed(session, "send");
    let problem: string | undefined;
    const parts: Part[] = [];
    for (const act of this.#script(message)) {
      if (run.stopped) break;
      if ("fail" in act) problem = act.fail;
      else if ("think" in act) await this.#think(session, run, act.think, parts);
      else if ("say" in act) await this.#say(session, run, act, parts);
      else await this.#tool(session, run, act, parts);
    }
    this.#finish(session, run, parts, problem);
  }

  async #think(session: Session, run: Run, text: string, parts: Part[]): Promise<void> {
    await this.#words(text, 20, run, (so) => this.#agent(session, run, "thinking", { text: so }));
    parts.push({ type: "thinking", thinking: text });
  }

  async #say(session: Session, run: Run, act: { say: string; wordMs?: number }, parts: Part[]): Promise<void> {
    const said = await this.#words(act.say, act.wordMs ?? 15, run, (so) => {
      run.text = so;
      this.#chat(session, run, {
        state: "delta",
        message: { role: "assistant", content: [{ type: "text", text: so }], timestamp: Date.now() },
      });
    });
    parts.push({ type: "text", text: said });
  }

  async #tool(session: Session, run: Run, act: Extract<Act, { tool: string }>, parts: Part[]): Promise<void> {
    const id = `call_${randomUUID().slice(0, 8)}`;
    const base = { name: act.tool, toolCallId: id };
    this.#agent(session, run, "tool", { ...base, phase: "start", args: act.args });
    const call = { type: "toolCall", id, name: act.tool, arguments: act.args };
    this.#store(session, {
      role: "assistant",
      content: [...parts, call],
      timestamp: Date.now(),
      stopReason: "toolUse",
    });
    parts.length = 0;
    run.text = "";
    await sleep(act.ms ?? 60);
    const content = [{ type: "text", text: act.output }];
    const isError = act.failed === true;
    this.#append(session, {
      role: "toolResult",
      toolCallId: id,
      toolName: act.tool,
      content,
      isError,
      timestamp: Date.now(),
      details: { durationMs: act.ms ?? 60 },
    });
    this.#agent(session, run, "tool", { ...base, phase: "result", isError, result: { content } });
  }

  #finish(session: Session, run: Run, parts: readonly Part[], problem: string | undefined): void {
    const stopReason = problem !== undefined ? "error" : run.stopped ? "aborted" : "stop";
    const message = {
      role: "assistant",
      content: parts,
      timestamp: Date.now(),
      stopReason,
      ...(problem === undefined ? {} : { errorMessage: problem }),
    };
    if (parts.length > 0 || problem !== undefined) this.#store(session, message);
    this.#agent(session, run, "lifecycle", { phase: "end", aborted: run.stopped });
    delete session.running;
    this.#seen.set(run.runId, "done");
    if (problem !== undefined) this.#chat(session, run, { state: "error", errorMessage: problem });
    else this.#chat(session, run, { state: run.stopped ? "aborted" : "final", stopReason, message });
    this.#changed(session, "agent.input.settled");
  }

  async #words(text: string, ms: number, run: Run, tell: (soFar: string) => void): Promise<string> {
    let said = "";
    for (const piece of text.match(/\S+\s*/g) ?? []) {
      if (run.stopped) break;
      said += piece;
      tell(said);
      await sleep(ms);
    }
    return said.trimEnd();
  }

  #append(session: Session, message: Data): Data {
    const seq = session.messages.length + 1;
    const stored = { ...message, __openclaw: { id: `${session.sessionId.slice(0, 8)}-${seq}`, seq } };
    session.messages.push(stored);
    session.updatedAt = Date.now();
    return stored;
  }

  #store(session: Session, message: Data): void {
    const stored = this.#append(session, message);
    const meta = stored["__openclaw"] as { id: string; seq: number };
    const payload = {
      sessionKey: session.key,
      agentId: "main",
      message: stored,
      messageId: meta.id,
      messageSeq: meta.seq,
    };
    this.#tell("session.message", payload, (client) => client.subscriptions.messages.has(session.key));
  }

  #chat(session: Session, run: Run, payload: Data): void {
    run.seq += 1;
    this.#tell("chat", { runId: run.runId, sessionKey: session.key, seq: run.seq, ...payload });
  }

  #agent(session: Session, run: Run, stream: string, data: Data): void {
    run.seq += 1;
    this.#tell("agent", { runId: run.runId, sessionKey: session.key, seq: run.seq, stream, ts: Date.now(), data });
  }

  #changed(session: Session, reason: string): void {
    const payload = { sessionKey: session.key, agentId: "main", ts: Date.now(), reason, session: this.#row(session) };
    this.#tell("sessions.changed", payload, (client) => client.subscriptions.sessions);
  }

  #tell(event: string, payload: Data, to?: (client: FakeClient) => boolean): void {
    this.#gateway?.broadcast(event, payload, to);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
