import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { ChannelError } from "../../contracts/channel.ts";
import type { Channel, ChannelAccount, ChannelConnection } from "../../contracts/channel.ts";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import { errorText } from "../../base/errors.ts";
import { chunkMarkdown } from "../../channel-kit/index.ts";
import { StoreToken } from "../../store/index.ts";
import { Config } from "../config/index.ts";
import { Media } from "../media/index.ts";
import { recordDelivery } from "./_delivery-fact.ts";
import { BlockStream } from "./_blocks/stream.ts";
import { compose, type Fitting } from "./_compose.ts";
import { Preview } from "./_preview.ts";
import { say } from "./_say.ts";
import { Sender } from "./_sender.ts";
import { NO_TYPING, showTyping } from "./_typing.ts";
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

function accountOf({ address }: ReplyRoute): string {
  return `${address.channel}:${address.account}`;
}

function modeOf(target: Known | undefined): NonNullable<ChannelAccount["replyToMode"]> {
  return target?.account.replyToMode ?? "off";
}

function fittingOf(target: Known | undefined): Fitting {
  if (!target) return { chunk: (markdown) => [markdown] };
  const { account, channel } = target;
  const upTo = (limit: number) => (markdown: string) =>
    chunkMarkdown(markdown, { limit, mode: account.chunkMode, measure: (text) => channel.measure(text) });
  const { captionLimit } = channel.capabilities;
  return {
    chunk: upTo(account.textLimit),
    ...(captionLimit === undefined ? {} : { caption: upTo(Math.min(captionLimit, account.textLimit)) }),
  };
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

  const at = (route: ReplyRoute) => accounts.get(accountOf(route));
  const service: OutboundService = {
    accounts: () => [...accounts.values()],
    say: (message) => say({ outbox: store.outbox, clock: platform.clock, outbound: service }, message),
    compose(texts, route, options) {
      const target = at(route);
      return compose(texts, route, { ...options, ...fittingOf(target), threading: { mode: modeOf(target) } });
    },
    async answer(payloads, route, options) {
      const target = at(route);
      const takesMedia = target?.channel.capabilities.media === true;
      const { answer } = await import("./_answer.ts");
      const ways = { fitting: fittingOf(target), mode: modeOf(target), takesMedia, media: await use(Media) };
      return answer({ platform, log, config: config.current(), ...ways }, payloads, route, options);
    },
    blocks: (options) => new BlockStream({ ...options, clock: platform.clock }),
    preview(route, { begun, began }) {
      const target = attached.get(accountOf(route));
      const preview = target?.connection.preview?.(route, begun);
      if (!target || !preview) return undefined;
      const fits = (text: string) => target.channel.measure(text) <= target.account.textLimit;
      return new Preview({ preview, clock: platform.clock, log, fits, began, ...(begun ? { begun } : {}) });
    },
    async download(address, ref, options) {
      const { connection } = attached.get(accountOf({ address })) ?? {};
      if (!connection) throw new ChannelError({ kind: "network", message: "The account is not connected." });
      if (!connection.download) throw new ChannelError({ kind: "invalid", message: "This channel gives no files." });
      return connection.download(ref, options);
    },
    react(route, emoji) {
      const { connection } = attached.get(accountOf(route)) ?? {};
      if (route.replyTo === undefined) return;
      connection
        ?.react?.(route.address, route.replyTo, emoji)
        .catch((error: unknown) => log.debug("a reaction was not set", { error: errorText(error) }));
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
    typing(route, everySeconds) {
      const target = attached.get(accountOf(route));
      if (!target) return NO_TYPING;
      const seconds = Math.min(everySeconds, target.channel.typingEverySeconds ?? everySeconds);
      return showTyping(platform.clock, target.connection, route.address, seconds * 1000);
    },
    recover: () => store.outbox.recover(),
  };
  return service;
}
