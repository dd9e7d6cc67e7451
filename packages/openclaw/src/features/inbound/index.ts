/** The door of inbound: hops 2 to 6 of a message's way (`pipeline.ts` states them all). */
import type { Channel, MenuCommand } from "../../contracts/channel.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import type { Principal } from "../../contracts/principal.ts";

export interface Accepted {
  readonly id: string;
  /** False when the message was known already. */
  readonly fresh: boolean;
}

export interface InboundService {
  /** Hop 2: stores the message; hops 3 to 6 follow by themselves, also after a restart. */
  accept(
    envelope: Envelope,
    extra?: { readonly principal?: Principal; readonly options?: Readonly<Record<string, unknown>> },
  ): Promise<Accepted>;
  /** Works off what a previous process left. */
  resume(): Promise<number>;
  /**
   * Starts a turn in which the session is told what waits in `SystemEvents`; nothing when nothing waits.
   * A wake-up while the session is busy comes after the turn under way.
   */
  wake(sessionKey: string, reason: string): Promise<void>;
  /** The commands for the menu of a network, the most useful first; none where they are not to be shown. */
  menu(channel: Pick<Channel, "id" | "commandMenu">, account: string): Promise<readonly MenuCommand[]>;
  /** Resolves when hops 3 to 6 of this message are through. */
  settled(id: string): Promise<void>;
}

export { ChatCommands, Inbound } from "./_service-tokens.ts";
