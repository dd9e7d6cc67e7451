/** The commands of the open conversation, asked for when somebody begins to type one. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { SlashCommand } from "../model/slash.ts";
import type { ConnectionStore } from "./connection.ts";

export interface SlashStore {
  /** Empty until they were asked for. */
  readonly commands: ReadonlySignal<readonly SlashCommand[]>;
  /** Asks for those of a conversation unless they are known. What cannot be had offers nothing. */
  load(sessionKey: string): void;
}

export function createSlash(connection: ConnectionStore): SlashStore {
  const commands = signal<readonly SlashCommand[]>([]);
  let known: string | undefined;
  connection.onOpen(() => (known = undefined));

  return {
    commands,
    load(sessionKey) {
      const gateway = connection.gateway();
      if (gateway === undefined || known === sessionKey) return;
      known = sessionKey;
      gateway
        .request("commands.list", { sessionKey, scope: "text" })
        .then((answer) => {
          if (known === sessionKey) commands.value = (answer as { commands: readonly SlashCommand[] }).commands;
        })
        .catch(() => {
          if (known === sessionKey) known = undefined;
        });
    },
  };
}
