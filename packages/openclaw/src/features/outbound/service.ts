import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import type { Channel, ChannelAccount, ChannelConnection } from "../../contracts/channel.ts";
import { chunkMarkdown } from "../../channel-kit/index.ts";
import { StoreToken } from "../../store/index.ts";
import { Config } from "../config/index.ts";
import { recordDelivery } from "./_delivery-fact.ts";
import { compose } from "./_compose.ts";
import { say } from "./_say.ts";
import { Sender } from "./_sender.ts";
import { showTyping } from "./_typing.ts";
import { Outbound } from "./index.ts";
import type { OutboundService } from "./index.ts";

export const services = [provide(Outbound, makeOutbound)];

interface Known {
  readonly channel: Channel;
  readonly account: ChannelAccount;
}

interface Attached extends Known {
  readonly connection: ChannelConnection;
  readonly sender: Sender;
}

async function makeOutbound({ use, platform, scope }: ServiceContext): Promise<OutboundService> {
  const store = await use(StoreToken);
  const config = await use(Config);
  const accounts = new Map<string, Known>();
  const attached = new Map<string, Attached>();
  const log = platform.log.for("outbound");
  scope.add("senders", () => {
    for (const { sender } of attached.values()) sender.stop();
  });

  const service: OutboundService = {
    accounts: () => [...accounts.values()],
    say: (message) => say({ outbox: store.outbox, clock: platform.clock, outbound: service }, message),
    compose(texts, route, options) {
      const target = accounts.get(`${route.address.channel}:${route.address.account}`);
      const chunk = (markdown: string): readonly string[] =>
        target
          ? chunkMarkdown(markdown, {
              limit: target.account.textLimit,
              mode: target.account.chunkMode,
              measure: (text) => target.channel.measure(text),
            })
          : [markdown];
      return compose(texts, route, { ...options, chunk });
    },
    know: (channel, account) => void accounts.set(`${channel.id}:${account.id}`, { channel, account }),
    known: (channel, account) => accounts.get(`${channel}:${account}`),
    wake: (account) => attached.get(account)?.sender.wake(),
    attach(channel, account, connection) {
      const key = `${channel.id}:${account.id}`;
      const sender = new Sender({
        account: key,
        outbox: store.outbox,
        connection,
        clock: platform.clock,
        log,
        idempotent: channel.capabilities.idempotentSend,
        settled: (post, delivery) => void recordDelivery({ store, clock: platform.clock, log }, post, delivery),
      });
      accounts.set(key, { channel, account });
      attached.set(key, { channel, account, connection, sender });
      sender.wake();
      return () => {
        sender.stop();
        if (attached.get(key)?.sender === sender) attached.delete(key);
      };
    },
    typing(route) {
      const target = attached.get(`${route.address.channel}:${route.address.account}`);
      if (!target) return () => {};
      const wanted = Number(config.current().at("agents.defaults.typingIntervalSeconds") ?? 6);
      const seconds = Math.min(wanted, target.channel.typingEverySeconds ?? wanted);
      return showTyping(platform.clock, target.connection, route.address, seconds * 1000);
    },
    recover: () => store.outbox.recover(),
  };
  return service;
}
