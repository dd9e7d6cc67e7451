/** What nodes call by themselves: events, actions that wait for them, lists that they report. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Skills } from "../skills/index.ts";
import { errors } from "./errors.ts";
import { ownId } from "./_methods-invoke.ts";
import { takeEvent } from "./_node-events.ts";
import { MAX_WAITING_MS } from "./_queue.ts";
import { Registry } from "./_service-tokens.ts";

const Id = Type.String({ minLength: 1, maxLength: 512 });
const Any = Type.Record(Type.String(), Type.Unknown());
const Done = Type.Object({ ok: Type.Boolean() });

/** Reports that this version takes note of by answering: nothing reads them yet. */
const reported = (name: string, what: string) =>
  defineMethod({
    name,
    scope: "node",
    summary: `Takes a node's report of ${what}.`,
    open: true,
    params: closed({}),
    result: Done,
    run: () => ({ ok: true }),
  });

export const nodeMethods = [
  defineMethod({
    name: "node.event",
    scope: "node",
    summary: "Something that happened on a node.",
    open: true,
    params: closed({
      event: Id,
      payload: Type.Optional(Type.Unknown()),
      payloadJSON: Type.Optional(Type.Union([Type.String({ maxLength: 1_048_576 }), Type.Null()])),
    }),
    result: Any,
    run: (call, params) => takeEvent(call, params),
  }),
  defineMethod({
    name: "node.pending.enqueue",
    scope: "operator.write",
    summary: "Leaves an action for a node that sleeps.",
    params: closed({
      nodeId: Id,
      type: Id,
      priority: Type.Optional(Type.Union([Type.Literal("normal"), Type.Literal("high")])),
      payload: Type.Optional(Type.Unknown()),
      expiresInMs: Type.Optional(Type.Integer({ minimum: 1000, maximum: MAX_WAITING_MS })),
      wake: Type.Optional(Type.Boolean()),
    }),
    result: Any,
    async run(call, { nodeId, type, priority = "normal", payload = null, expiresInMs }) {
      const nodes = await call.use(Registry);
      if (nodes.record(nodeId) === undefined) throw errors.NODE_UNKNOWN();
      if (JSON.stringify(payload).length > 65_536)
        throw errors.NODE_PAYLOAD_TOO_LARGE({ what: "payload", maxBytes: 65_536 });
      const item = nodes.actions.add(nodeId, {
        type,
        priority,
        payload,
        ...(expiresInMs === undefined ? {} : { expiresInMs }),
      });
      return { nodeId, queued: { ...item }, wakeTriggered: false };
    },
  }),
  ...(["node.pending.pull", "node.pending.drain"] as const).map((name) =>
    defineMethod({
      name,
      scope: "node",
      summary: "Fetches the actions that wait for the node; they stay until they are acknowledged.",
      open: true,
      params: closed({ maxItems: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
      result: Any,
      async run(call, { maxItems = 100 }) {
        const nodeId = ownId(call, undefined);
        const waiting = (await call.use(Registry)).actions.list(nodeId);
        const items = waiting.slice(0, maxItems).map((item) => ({ ...item, paramsJSON: JSON.stringify(item.payload) }));
        return { nodeId, items, actions: items, hasMore: waiting.length > items.length };
      },
    }),
  ),
  defineMethod({
    name: "node.pending.ack",
    scope: "node",
    summary: "Takes actions out that the node has worked off.",
    open: true,
    params: closed({ ids: Type.Array(Id, { maxItems: 100 }) }),
    result: Any,
    async run(call, { ids }) {
      const nodeId = ownId(call, undefined);
      const { actions } = await call.use(Registry);
      const ackedIds = actions.acknowledge(nodeId, ids);
      return { nodeId, ackedIds, remainingCount: actions.list(nodeId).length };
    },
  }),
  defineMethod({
    name: "skills.bins",
    scope: "node",
    summary: "Names the programs that skills need, for a node to look for.",
    params: closed({}),
    result: closed({ bins: Type.Array(Type.String()) }),
    async run({ use }) {
      const [skills, agents, config] = await Promise.all([use(Skills), use(Agents), use(Config)]);
      const current = config.current();
      const found = await Promise.all(agents.list(current).map((agent) => skills.states({ agent, config: current })));
      const all = found.flatMap((each) =>
        each.skills.flatMap(({ skill: { requires } }) => [...requires.bins, ...requires.anyBins]),
      );
      return { bins: [...new Set(all)].sort() };
    },
  }),
  reported("node.runnerInventory.update", "the programs that it can run"),
  reported("node.skills.update", "the skills that it has"),
  reported("node.pluginTools.update", "the tools of its plugins"),
  reported("node.pluginSurface.refresh", "what its plugins show"),
];
