/**
 * FAKE of a service for speech, as OpenAI documents it: `POST …/audio/transcriptions` with a form, `POST …/audio/speech`
 * with JSON. It refuses what lacks a part that is required, and answers as it is told.
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

export interface Spoken {
  readonly authorization: string | undefined;
  readonly model: string;
  readonly voice: string;
  readonly input: string;
  readonly format: string;
}

export interface FakeSpeech {
  /** What goes into `baseUrl`. */
  readonly url: string;
  readonly heard: readonly Heard[];
  /** What it understands; a number is a status, `hang` never answers. */
  says: string | number;
  /** Texts it was asked to speak. */
  readonly spoken: readonly Spoken[];
  /** How it speaks; a number is a status, `hang` never answers. */
  speaks: "sound" | "hang" | number;
  close(): Promise<void>;
}

/** Beginnings by which the formats are known, and something after them. */
const SOUNDS: Readonly<Record<string, Buffer>> = {
  opus: Buffer.concat([Buffer.from("OggS"), Buffer.alloc(24), Buffer.from("OpusHead"), Buffer.alloc(2000, 7)]),
  mp3: Buffer.concat([Buffer.from("ID3"), Buffer.alloc(2000, 7)]),
};

export async function startSpeech(): Promise<FakeSpeech> {
  const heard: Heard[] = [];
  const spoken: Spoken[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const type = request.headers["content-type"] ?? "";
      const answer = (status: number, value: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (request.url?.endsWith("/audio/speech") === true) {
        const asked = JSON.parse(Buffer.concat(pieces).toString("utf8")) as Readonly<Record<string, unknown>>;
        const { input, model, voice, response_format: format = "mp3" } = asked;
        if (![input, model, voice].every((one) => typeof one === "string" && one !== ""))
          return answer(400, { error: { message: "input, model and voice are required" } });
        if (!(String(format) in SOUNDS)) return answer(400, { error: { message: "unknown format" } });
        const { authorization } = request.headers;
        spoken.push({ authorization, model, voice, input, format } as Spoken);
        if (fake.speaks === "hang") return undefined;
        if (typeof fake.speaks === "number")
          return answer(fake.speaks, { error: { message: `refused with ${fake.speaks}` } });
        return response.writeHead(200, { "content-type": "audio/mpeg" }).end(SOUNDS[String(format)]);
      }
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
    spoken,
    says: "hello",
    speaks: "sound",
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}
