/** Turns upgrade requests into connections, and holds back those that come before the gateway can talk. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { uuid } from "../../base/ids.ts";
import type { Platform } from "../../contracts/service.ts";
import { arrivalOf } from "./arrival.ts";
import { bucketOf } from "../_auth/client-address.ts";
import { CLOSE_GRACE_MS, Connection, MAX_PAYLOAD_BEFORE_LOGIN } from "./connection.ts";
import type { Settings } from "../_listen/settings.ts";
import { judgeUpgrade, turnDown } from "./upgrade.ts";

export interface SocketParts {
  readonly settings: Settings;
  readonly platform: Platform;
  readonly connections: Iterable<Connection>;
  readonly closing: () => boolean;
}

export interface Upgrades {
  /** Connections go to `receive` from now on. */
  open(receive: (connection: Connection) => void): void;
}

export function watchUpgrades(server: Server, parts: SocketParts): Upgrades {
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // A connection answers pings itself, as long as its peer takes the answers.
    autoPong: false,
    maxPayload: MAX_PAYLOAD_BEFORE_LOGIN,
    handleProtocols: (offered) => [...offered][0] ?? false,
    closeTimeout: CLOSE_GRACE_MS,
  } as ConstructorParameters<typeof WebSocketServer>[0]);
  const opened = Promise.withResolvers<(connection: Connection) => void>();
  const waiting = (address: string) => {
    const bucket = bucketOf(address);
    const count = { here: 0, all: 0 };
    for (const connection of parts.connections) {
      if (connection.caller !== undefined) continue;
      count.all += 1;
      if (bucketOf(connection.peer.address) === bucket) count.here += 1;
    }
    return count;
  };

  const upgrade = (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    receive: (connection: Connection) => void,
  ) => {
    const judged = judgeUpgrade(request, parts.settings, { closing: parts.closing(), waiting });
    if ("status" in judged) return turnDown(socket, judged);
    wss.handleUpgrade(request, socket, head, (ws) => {
      const { random } = parts.platform;
      const arrival = arrivalOf(request, judged, parts.settings);
      receive(new Connection(ws, { id: uuid(random), nonce: uuid(random), arrival }));
    });
  };

  server.on("upgrade", (request, socket, head) => {
    // Until ws takes the socket over, nobody else hears that it broke.
    const ignore = () => {};
    socket.on("error", ignore);
    const whenOpen = async () => {
      const receive = await opened.promise;
      socket.off("error", ignore);
      if (!socket.destroyed) upgrade(request, socket, head, receive);
    };
    void whenOpen();
  });
  return { open: (receive) => opened.resolve(receive) };
}
