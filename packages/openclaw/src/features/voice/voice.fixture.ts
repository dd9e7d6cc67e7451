/** Parts of tests of this folder: a configuration, a platform with a home of its own, and voices that are asked. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createFetch } from "../../base/fetch.ts";
import { createConnect } from "../../base/socket.ts";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import { quietLog } from "../../../../../test/harness/log.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { SpeechIo } from "./_speech/provider.ts";

export function snapshotOf(root: Record<string, unknown>): ConfigSnapshot {
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  return { hash: "", root, section: ({ path }) => at(path) as never, at };
}

export function ioIn(scratch: string, env: Readonly<Record<string, string>> = {}): SpeechIo {
  const clock = systemClock;
  return {
    fetch: createFetch({ clock, log: quietLog }),
    connect: createConnect({ clock, log: quietLog }),
    clock,
    random: systemRandom,
    programs: { spawn: () => Promise.reject(new Error("no programs here")), env, scratch, uuid: () => "one" },
  };
}

export interface Asked {
  readonly url: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

/** FAKE of the speech addresses of several vendors: notes what it was asked, answers as it is told. */
export class FakeVoices {
  readonly seen: Asked[] = [];
  answer: (url: string, response: ServerResponse) => void = (_, response) => response.end("SOUND");
  #server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      this.seen.push({ url: request.url ?? "", body, headers: request.headers });
      this.answer(request.url ?? "", response);
    });
  });
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
