/** Methods about connections themselves: presence, subscriptions, devices, setup codes. */
import { defineMethod, type MethodCall } from "../contracts/method.ts";
import { Type, closed } from "../contracts/schema.ts";
import { Agents } from "../features/agents/index.ts";
import { Config } from "../features/config/index.ts";
import { canonicalKey } from "../features/sessions/index.ts";
import { errors } from "./errors.ts";
import { deviceMethods } from "./_devices/methods-devices.ts";
import { setupMethods } from "./_devices/methods-setup.ts";
import { systemMethods } from "./_methods-system.ts";
import { Pairing, Presence } from "./_service-tokens.ts";

const Id = Type.String({ minLength: 1, maxLength: 512 });
const Any = Type.Record(Type.String(), Type.Unknown());
const Nothing = closed({});

export const methods = [
  defineMethod({
    name: "system-presence",
    scope: "operator.read",
    summary: "Lists the gateway and the clients that are connected.",
    params: Nothing,
    open: true,
    result: Type.Array(Any),
    run: async (call) => (await call.use(Presence)).list().map((entry) => ({ ...entry })),
  }),
  defineMethod({
    name: "gateway.identity.get",
    scope: "operator.read",
    summary: "Tells who this gateway is.",
    params: Nothing,
    result: closed({ deviceId: Type.String(), publicKey: Type.String() }),
    run: async (call) => (await call.use(Pairing)).identity(),
  }),
  defineMethod({
    name: "sessions.subscribe",
    scope: "operator.read",
    summary: "Sends this connection `sessions.changed` until it closes.",
    params: Nothing,
    result: closed({ subscribed: Type.Boolean() }),
    run(call) {
      call.caller.subscriptions.sessions = true;
      return { subscribed: true };
    },
  }),
  defineMethod({
    name: "sessions.unsubscribe",
    scope: "operator.read",
    summary: "Ends `sessions.subscribe`.",
    params: Nothing,
    hidden: true,
    result: closed({ subscribed: Type.Boolean() }),
    run(call) {
      call.caller.subscriptions.sessions = false;
      return { subscribed: false };
    },
  }),
  defineMethod({
    name: "sessions.messages.subscribe",
    scope: "operator.read",
    summary: "Sends this connection the messages and tool calls of a session until it closes.",
    params: closed({ key: Id, agentId: Type.Optional(Id), includeApprovals: Type.Optional(Type.Boolean()) }),
    result: closed({ subscribed: Type.Boolean(), key: Type.String() }),
    async run(call, params) {
      const key = await subscriptionKey(call, params.key, params.agentId);
      call.caller.subscriptions.messages.add(key);
      return { subscribed: true, key };
    },
  }),
  defineMethod({
    name: "sessions.messages.unsubscribe",
    scope: "operator.read",
    summary: "Ends `sessions.messages.subscribe`.",
    params: closed({ key: Id, agentId: Type.Optional(Id) }),
    result: closed({ subscribed: Type.Boolean(), key: Type.String() }),
    async run(call, params) {
      const key = await subscriptionKey(call, params.key, params.agentId);
      call.caller.subscriptions.messages.delete(key);
      return { subscribed: false, key };
    },
  }),
  ...deviceMethods,
  ...setupMethods,
  ...systemMethods,
];

async function subscriptionKey(call: MethodCall, input: string, agentId: string | undefined): Promise<string> {
  const config = (await call.use(Config)).current();
  const owner = agentId ?? (await call.use(Agents)).default(config).id;
  const name = config.at("session.mainKey");
  const key = canonicalKey(input, owner, typeof name === "string" ? name : undefined);
  if (key === undefined) throw errors.SUBSCRIPTION_KEY_INVALID({ key: input });
  return key;
}
