/** Tools that make pictures, videos and music. They cost money: an agent has them where somebody could be asked. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import { Config } from "../config/index.ts";
import { Media } from "../media/index.ts";
import { canMake } from "./_engine/settings.ts";
import { Generate } from "./index.ts";

const file = (description: string) => Type.String({ minLength: 1, maxLength: 4096, description });
const several = (most: number) =>
  Type.Optional(Type.Array(file(""), { maxItems: 64, description: `Several, at most ${most}` }));
const word = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }));
const PICTURE = "Path, media://inbound reference or http(s) URL";

const common = {
  action: Type.Optional(
    choice(["generate", "list", "status"], {
      description: "Default generate; list: who can make it; status: what is under way",
    }),
  ),
  prompt: Type.Optional(Type.String({ maxLength: 32_000, description: "What is to be seen or heard" })),
  model: Type.Optional(Type.String({ maxLength: 200, description: "Leave out; else provider/model" })),
  filename: Type.Optional(Type.String({ maxLength: 120 })),
};
const timeout = (minimum: number) => Type.Optional(Type.Integer({ minimum, maximum: 600_000 }));

export const imageParams = closed({
  ...common,
  image: Type.Optional(file(`Picture to change: ${PICTURE}`)),
  images: several(14),
  size: word("Such as 1536x1024"),
  aspectRatio: word("Such as 16:9"),
  resolution: word("1K, 2K or 4K"),
  quality: word("low, medium, high or auto"),
  outputFormat: word("png, jpeg or webp"),
  background: word("transparent, opaque or auto"),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
  timeoutMs: timeout(1000),
  openai: Type.Optional(
    closed({
      background: word("As background"),
      moderation: word("low or auto"),
      outputCompression: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
      user: Type.Optional(Type.String({ maxLength: 200 })),
    }),
  ),
});

const roles = (description: string) =>
  Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 64, description }));

export const videoParams = closed({
  ...common,
  image: Type.Optional(file(`First frame: ${PICTURE}`)),
  images: several(9),
  imageRoles: roles("For each picture first_frame, last_frame or reference_image"),
  video: Type.Optional(file(`Video to change: ${PICTURE}`)),
  videos: several(4),
  videoRoles: roles("For each video"),
  audioRef: Type.Optional(file("Sound to go by")),
  audioRefs: several(3),
  audioRoles: roles("For each sound"),
  aspectRatio: word("Such as 16:9"),
  resolution: word("480P, 720P, 768P or 1080P"),
  durationSeconds: Type.Optional(Type.Number({ minimum: 1, maximum: 60 })),
  size: word("Such as 1280x720"),
  audio: Type.Optional(Type.Boolean({ description: "With sound" })),
  watermark: Type.Optional(Type.Boolean()),
  timeoutMs: timeout(1000),
  providerOptions: Type.Optional(
    Type.Object({}, { additionalProperties: true, description: "Fields of the provider's own API" }),
  ),
});

export const musicParams = closed({
  ...common,
  lyrics: Type.Optional(Type.String({ maxLength: 10_000 })),
  instrumental: Type.Optional(Type.Boolean({ description: "Without voices" })),
  image: Type.Optional(file(`Picture to go by: ${PICTURE}`)),
  images: several(10),
  durationSeconds: Type.Optional(Type.Number({ minimum: 1, maximum: 600 })),
  outputFormat: word("mp3 or wav"),
  timeoutMs: timeout(10_000),
});

const LATER =
  "Works in the background and costs money: it answers at once with a task, and you are told when it is over. Call it once, then tell the user that it takes some minutes.";

export const tools = [
  defineTool({
    name: "image_generate",
    group: "media",
    label: "Make a picture",
    summary: "Make or change pictures",
    description:
      "Makes pictures from a description, or changes pictures that are given. Costs money: only when somebody asks for a picture.",
    effect: "spend",
    params: imageParams,
    uses: [Config, Generate, Media],
    isFor: (config, _agentId, _model, env) => canMake("image", config, env),
    load: async () => (await import("./_tools/image.ts")).imageGenerate,
  }),
  defineTool({
    name: "video_generate",
    group: "media",
    label: "Make a video",
    summary: "Make videos",
    description: `Makes a short video. ${LATER}`,
    effect: "spend",
    params: videoParams,
    uses: [Config, Generate, Media],
    isFor: (config, _agentId, _model, env) => canMake("video", config, env),
    load: async () => (await import("./_tools/later.ts")).videoGenerate,
  }),
  defineTool({
    name: "music_generate",
    group: "media",
    label: "Make music",
    summary: "Make music",
    description: `Makes a piece of music. ${LATER}`,
    effect: "spend",
    params: musicParams,
    paramAliases: { format: "outputFormat" },
    uses: [Config, Generate, Media],
    isFor: (config, _agentId, _model, env) => canMake("music", config, env),
    load: async () => (await import("./_tools/later.ts")).musicGenerate,
  }),
];
