/**
 * FAKE of a service for speech: `POST …/audio/transcriptions` with a form, as OpenAI documents it. It refuses forms
 * without a file or a model, and answers as it is told.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Heard {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly model: string;
  readonly language: string | undefined;
  readonly fileName: string;
  readonly bytes: number;
}

export interface FakeSpeech {
  /** What goes into `baseUrl`. */
  readonly url: string;
  readonly heard: readonly Heard[];
  /** What it understands; a number is a status, `hang` never answers. */
  says: string | number;
  close(): Promise<void>;
}

export async function startSpeech(): Promise<FakeSpeech> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const type = request.headers["content-type"] ?? "";
      const answer = (status: number, value: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (!type.startsWith("multipart/form-data")) return answer(400, { error: { message: "no form" } });
      const body = new Uint8Array(Buffer.concat(pieces));
      const form = await new Response(body, { headers: { "content-type": type } }).formData();
      const file = form.get("file");
      const model = form.get("model");
      if (!(file instanceof File) || typeof model !== "string")
        return answer(400, { error: { message: "file and model are required" } });
      const language = form.get("language");
      heard.push({
        path: request.url ?? "",
        authorization: request.headers.authorization,
        model,
        language: typeof language === "string" ? language : undefined,
        fileName: file.name,
        bytes: file.size,
      });
      const { says } = fake;
      if (says === "hang") return undefined;
      if (typeof says === "number") return answer(says, { error: { message: `refused with ${says}` } });
      return answer(200, { text: says });
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeSpeech = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    heard,
    says: "hello",
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}
