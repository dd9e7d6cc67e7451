/** FAKE of a server that computes embeddings: texts about the same thing get vectors that lie near each other. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

export interface EmbeddingServer {
  /** What goes into `baseUrl`. */
  readonly url: string;
  /** Texts of each request that was answered. */
  readonly requests: readonly (readonly string[])[];
  /** Before each answer. */
  delayMs: number;
  /** Answers with this status instead. */
  refuse: number | undefined;
  close(): Promise<void>;
}

const ABOUT = [
  ["dog", "puppy", "hound", "rex"],
  ["car", "vehicle", "garage", "automobile"],
  ["teeth", "dentist", "tooth"],
];

/** `port`: default any that is free. */
export async function startEmbeddingServer(port = 0): Promise<EmbeddingServer> {
  const requests: string[][] = [];
  const server = createServer((request, response) => {
    const serve = async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { input } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { input: string[] };
      if (fake.delayMs > 0) await wait(fake.delayMs);
      if (fake.refuse !== undefined) return void response.writeHead(fake.refuse).end("{}");
      const data = input.map((text, index) => ({ index, embedding: vectorOf(text) }));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data }));
      requests.push(input);
    };
    serve().catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const fake: EmbeddingServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    delayMs: 0,
    refuse: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

function vectorOf(text: string): number[] {
  const lower = text.toLowerCase();
  return [...ABOUT.map((words) => 10 * words.filter((word) => lower.includes(word)).length), 1 + (text.length % 5) / 5];
}
