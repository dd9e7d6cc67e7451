/**
 * FAKE of companies that make pictures, videos and music, on loopback: the addresses that OpenAI, Google, fal, MiniMax,
 * Runway, xAI, OpenRouter and ComfyUI document, answered in their shapes. It keeps what it was asked, refuses requests
 * without a key, and misbehaves on demand.
 */
import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenGeneration {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, or the fields of a form. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeGeneration {
  /** Of the server; vendors' folders go behind it. */
  readonly url: string;
  readonly seen: readonly SeenGeneration[];
  /** How often something was begun: what costs. */
  readonly paid: number;
  /** States that say "not yet" before the file is there. */
  pending: number;
  /** Answers in place of the usual; false: the usual after all. */
  instead: (request: SeenGeneration, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

/** One pixel. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
export const MP4 = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from("ftypmp42\0\0\0\0mp42isom"),
  Buffer.alloc(64),
]);
export const MP3 = Buffer.concat([Buffer.from("ID3\x04\0\0\0\0\0\0"), Buffer.alloc(64)]);

type Answer = (
  request: SeenGeneration,
  fake: { url: string; ready: () => boolean; pay: () => void },
) => object | Buffer | undefined;

const many = (count: unknown): number[] => Array.from({ length: Number(count ?? 1) }, (_, i) => i);
const b64 = PNG.toString("base64");

const ROUTES: readonly (readonly [method: string, path: RegExp, answer: Answer])[] = [
  [
    "POST",
    /\/images\/(?:generations|edits)$/,
    ({ body }, { pay }) => (pay(), { data: many(body["n"]).map(() => ({ b64_json: b64 })) }),
  ],
  [
    "POST",
    /:generateContent$/,
    ({ path }, { pay }) => {
      pay();
      const inlineData = /lyria/.test(path)
        ? { mimeType: "audio/mpeg", data: MP3.toString("base64") }
        : { mimeType: "image/png", data: b64 };
      return { candidates: [{ content: { parts: [{ text: "Here." }, { inlineData }] }, finishReason: "STOP" }] };
    },
  ],
  ["POST", /:predictLongRunning$/, (_, { pay }) => (pay(), { name: "models/veo/operations/op-1" })],
  [
    "GET",
    /\/operations\/op-1$/,
    (_, { ready, url }) =>
      ready()
        ? {
            name: "models/veo/operations/op-1",
            done: true,
            response: {
              generateVideoResponse: { generatedSamples: [{ video: { uri: `${url}/google/files/v.mp4` } }] },
            },
          }
        : { name: "models/veo/operations/op-1" },
  ],
  ["GET", /\/files\/v\.mp4$/, () => MP4],
  [
    "POST",
    /\/chat\/completions$/,
    (_, { pay }) => (
      pay(),
      { choices: [{ message: { content: "", images: [{ image_url: { url: `data:image/png;base64,${b64}` } }] } }] }
    ),
  ],
  [
    "POST",
    /\/image_generation$/,
    ({ body }, { pay }) => (
      pay(),
      { data: { image_base64: many(body["n"]).map(() => b64) }, base_resp: { status_code: 0 } }
    ),
  ],
  [
    "POST",
    /\/music_generation$/,
    (_, { pay }) => (pay(), { data: { audio: MP3.toString("hex") }, base_resp: { status_code: 0 } }),
  ],
  ["POST", /\/v1\/video_generation$/, (_, { pay }) => (pay(), { task_id: "1234", base_resp: { status_code: 0 } })],
  [
    "GET",
    /\/query\/video_generation\?task_id=1234$/,
    (_, { ready }) => (ready() ? { status: "Success", file_id: 77 } : { status: "Processing" }),
  ],
  ["GET", /\/files\/retrieve\?file_id=77$/, (_, { url }) => ({ file: { download_url: `${url}/cdn/video.mp4` } })],
  ["POST", /\/videos$/, (_, { pay }) => (pay(), { id: "video_1", status: "queued" })],
  ["GET", /\/videos\/video_1$/, (_, { ready }) => ({ id: "video_1", status: ready() ? "completed" : "in_progress" })],
  ["GET", /\/videos\/video_1\/content/, () => MP4],
  ["POST", /\/videos\/generations$/, (_, { pay }) => (pay(), { request_id: "req-1" })],
  [
    "GET",
    /\/videos\/req-1$/,
    (_, { ready, url }) =>
      ready() ? { status: "done", video: { url: `${url}/cdn/video.mp4` } } : { status: "pending" },
  ],
  ["POST", /\/v1\/(?:text|image|video)_to_video$/, (_, { pay }) => (pay(), { id: "task-1" })],
  [
    "GET",
    /\/v1\/tasks\/task-1$/,
    (_, { ready, url }) =>
      ready() ? { status: "SUCCEEDED", output: [`${url}/cdn/video.mp4`] } : { status: "RUNNING" },
  ],
  ["POST", /\/contents\/generations\/tasks$/, (_, { pay }) => (pay(), { id: "cgt-1" })],
  [
    "GET",
    /\/contents\/generations\/tasks\/cgt-1$/,
    (_, { ready, url }) =>
      ready() ? { status: "succeeded", content: { video_url: `${url}/cdn/video.mp4` } } : { status: "running" },
  ],
  ["POST", /\/video-generation\/video-synthesis$/, (_, { pay }) => (pay(), { output: { task_id: "w-1" } })],
  [
    "GET",
    /\/api\/v1\/tasks\/w-1$/,
    (_, { ready, url }) => ({
      output: ready() ? { task_status: "SUCCEEDED", video_url: `${url}/cdn/video.mp4` } : { task_status: "RUNNING" },
    }),
  ],
  ["POST", /\/upload\/image$/, () => ({ name: "up.png", subfolder: "", type: "input" })],
  ["POST", /\/prompt$/, (_, { pay }) => (pay(), { prompt_id: "p-1" })],
  [
    "GET",
    /\/(?:history|jobs)\/p-1$/,
    (_, { ready }) =>
      ready()
        ? {
            "p-1": {
              status: { status_str: "success", completed: true },
              outputs: { 9: { images: [{ filename: "out.png", subfolder: "", type: "output" }] } },
            },
          }
        : {},
  ],
  ["GET", /\/view\?filename=out\.png/, () => PNG],
  ["GET", /\/cdn\/picture\.png$/, () => PNG],
  ["GET", /\/cdn\/video\.mp4$/, () => MP4],
  ["GET", /\/cdn\/song\.mp3$/, () => MP3],
  ["GET", /\/requests\/r-1\/status$/, (_, { ready }) => ({ status: ready() ? "COMPLETED" : "IN_PROGRESS" })],
  [
    "GET",
    /\/requests\/r-1$/,
    ({ path }, { url }) =>
      /music/.test(path)
        ? { audio: { url: `${url}/cdn/song.mp3` } }
        : /video/.test(path) || /\/minimax\//.test(path)
          ? { video: { url: `${url}/cdn/video.mp4` } }
          : { images: [{ url: `${url}/cdn/picture.png` }] },
  ],
  ["POST", /\/fal-ai\//, (_, { pay }) => (pay(), { request_id: "r-1", status: "IN_QUEUE" })],
];

/** What anybody may fetch. */
const OPEN = /^\/cdn\/|^\/comfy\//;

export async function startGeneration(): Promise<FakeGeneration> {
  const seen: SeenGeneration[] = [];
  let paid = 0;
  let asked = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const { method = "GET", url: path = "", headers } = request;
      const one: SeenGeneration = { method, path, headers, body: await bodyOf(Buffer.concat(pieces), headers) };
      seen.push(one);
      if (fake.instead(one, response)) return;
      const key = headers.authorization ?? headers["x-goog-api-key"] ?? headers["x-api-key"] ?? headers["api-key"];
      if (key === undefined && !OPEN.test(path)) return json(response, 401, { error: { message: "no key" } });
      const route = ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path));
      const answer = route?.[2](one, {
        url: fake.url,
        ready: () => (asked += 1) > fake.pending,
        pay: () => (paid += 1),
      });
      if (answer === undefined) return json(response, 404, { error: { message: "no such address" } });
      if (Buffer.isBuffer(answer)) return void response.end(answer);
      json(response, 200, answer);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeGeneration & { pending: number } = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get paid() {
      return paid;
    },
    pending: 0,
    instead: () => false,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return fake;
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function bodyOf(bytes: Buffer, headers: IncomingHttpHeaders): Promise<Record<string, unknown>> {
  const type = headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
    return Object.fromEntries([...form].map(([name, value]) => [name, value instanceof File ? value.size : value]));
  }
  try {
    return JSON.parse(bytes.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
