/** `node.pair.*` and `node.rename`: what a node may do, and how it is called. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod, type Caller, type MethodCall } from "../../contracts/method.ts";
import { errors } from "./errors.ts";
import type { NodeRequest } from "./_requests.ts";
import { Registry } from "./_service-tokens.ts";
import { pairedView } from "./_view.ts";

const Id = Type.String({ minLength: 1, maxLength: 512 });
const Any = Type.Record(Type.String(), Type.Unknown());
const Note = Type.Optional(Type.Union([Type.String({ maxLength: 512 }), Type.Null()]));
const Words = Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 512 }));

export const pairingMethods = [
  defineMethod({
    name: "node.pair.list",
    scope: "operator.pairing",
    summary: "Lists nodes whose commands are approved and those that wait for it.",
    params: closed({}),
    result: closed({ pending: Type.Array(Any), paired: Type.Array(Any) }),
    async run(call) {
      const nodes = await call.use(Registry);
      return {
        pending: nodes.requests.list().map((request) => ({ ...request })),
        paired: nodes.records().map(pairedView),
      };
    },
  }),
  defineMethod({
    name: "node.pair.approve",
    scope: "operator.pairing",
    summary: "Lets a node offer the commands that it asks for.",
    params: closed({ requestId: Id }),
    result: closed({ requestId: Type.String(), node: Any }),
    async run(call, { requestId }) {
      const nodes = await call.use(Registry);
      const request = nodes.requests.get(requestId);
      if (request === undefined) throw errors.NODE_REQUEST_UNKNOWN();
      requireScopes(call.caller, request);
      return { requestId, node: pairedView(await nodes.approve(request)) };
    },
  }),
  defineMethod({
    name: "node.pair.reject",
    scope: "operator.pairing",
    summary: "Turns down the commands that a node asks for.",
    params: closed({ requestId: Id }),
    result: closed({ requestId: Type.String(), nodeId: Type.String() }),
    async run(call, { requestId }) {
      const nodes = await call.use(Registry);
      const request = nodes.requests.get(requestId);
      if (request === undefined) throw errors.NODE_REQUEST_UNKNOWN();
      nodes.requests.reject(request.nodeId);
      return { requestId, nodeId: request.nodeId };
    },
  }),
  defineMethod({
    name: "node.pair.remove",
    scope: "operator.pairing",
    summary: "Takes the approval of a node's commands back.",
    params: closed({ nodeId: Id }),
    result: closed({ nodeId: Type.String() }),
    async run(call, { nodeId }) {
      if (!(await (await call.use(Registry)).remove(nodeId))) throw errors.NODE_UNKNOWN();
      return { nodeId };
    },
  }),
  defineMethod({
    name: "node.rename",
    scope: "operator.pairing",
    summary: "Gives an approved node another name.",
    params: closed({ nodeId: Id, displayName: Type.String({ minLength: 1, maxLength: 128 }) }),
    result: closed({ nodeId: Type.String(), displayName: Type.String() }),
    async run(call, { nodeId, displayName }) {
      await (await call.use(Registry)).rename(nodeId, displayName.trim());
      return { nodeId, displayName: displayName.trim() };
    },
  }),
  defineMethod({
    name: "node.pair.request",
    scope: "operator.pairing",
    summary: "Version 3 of the protocol only: leaves a request for a node.",
    hidden: true,
    params: closed({
      nodeId: Id,
      displayName: Note,
      platform: Note,
      version: Note,
      coreVersion: Note,
      uiVersion: Note,
      deviceFamily: Note,
      modelIdentifier: Note,
      caps: Words,
      commands: Words,
      remoteIp: Note,
      silent: Type.Optional(Type.Boolean()),
    }),
    result: Any,
    async run(call, { nodeId }) {
      onlyOld(call, "node.pair.request");
      const nodes = await call.use(Registry);
      const request = nodes.requests.of(nodeId);
      // What a node may do is asked for by the node itself, over a connection that proves its device.
      if (request === undefined && nodes.get(nodeId) === undefined) throw errors.NODE_UNKNOWN();
      return request === undefined
        ? { status: "approved", created: false }
        : { status: "pending", request: { ...request }, created: false };
    },
  }),
  defineMethod({
    name: "node.pair.verify",
    scope: "operator.pairing",
    summary: "Version 3 of the protocol only: nodes prove themselves by their device now, so no token is valid.",
    hidden: true,
    params: closed({ nodeId: Id, token: Type.String({ minLength: 1, maxLength: 4096 }) }),
    result: closed({ ok: Type.Boolean() }),
    run(call) {
      onlyOld(call, "node.pair.verify");
      return { ok: false };
    },
  }),
];

/** Nobody lets a node do more than they may do themselves. */
function requireScopes(caller: Caller, { requiredApproveScopes }: NodeRequest): void {
  const missing = requiredApproveScopes.find((scope) => !caller.allows(scope));
  if (missing === undefined) return;
  throw errors.NODE_APPROVAL_DENIED({ scope: missing }).with({
    details: { code: "MISSING_SCOPE", missingScope: missing, requiredScopes: requiredApproveScopes },
  });
}

function onlyOld({ caller }: MethodCall, method: string): void {
  if (caller.protocol > 3) throw errors.NODE_METHOD_OLD({ method });
}
