/** Everybody who can make pictures, videos or music. Keys and addresses are those of the vendor of the same name. */
import type { Abilities, GenerationProvider, Kind, Offer, Wishes } from "./provider.ts";

const RATIOS = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];
const WIDE_OR_TALL = ["16:9", "9:16"];
const SECOND = 1000;
const IMAGE_MS = 60 * SECOND;
const SLOW_IMAGE_MS = 180 * SECOND;
const LONG_MS = 600 * SECOND;
const MUSIC_MS = 300 * SECOND;

/** The same whatever the model is. */
const always = (abilities: Abilities) => (): Abilities => abilities;

const GPT_SIZES = ["1024x1024", "1536x1024", "1024x1536"];
const gptImage = (model: string): Abilities => ({
  out: 4,
  images: 5,
  sizes: /gpt-image-2/.test(model) ? "free" : GPT_SIZES,
  takes: ["quality", "outputFormat", "background", "openai"],
});
/** The newest model draws no transparent background. */
const forTransparency = (model: string, { background }: Wishes) =>
  background === "transparent" && model === "gpt-image-2" ? "gpt-image-1.5" : model;

const openaiImages = () => import("../_providers/openai.ts");
const minimax = () => import("../_providers/minimax.ts");
const fal = () => import("../_providers/fal.ts");
const comfy = () => import("../_providers/comfy.ts");

const comfyOffer = (timeoutMs: number): Offer => ({
  models: ["workflow"],
  timeoutMs,
  can: always({ out: 1, images: 1 }),
  load: comfy,
});

/** Pictures would have to be addresses that the company can fetch. */
const wan: Offer = {
  models: ["wan2.6-t2v"],
  timeoutMs: LONG_MS,
  can: always({
    out: 1,
    images: 0,
    sizes: ["1280x720", "720x1280", "960x960", "1088x832", "832x1088", "1920x1080", "1080x1920"],
    seconds: [5, 10, 15],
    takes: ["watermark"],
  }),
  load: () => import("../_providers/dashscope.ts"),
};

export const PROVIDERS: readonly GenerationProvider[] = [
  {
    id: "openai",
    label: "OpenAI",
    baseUrl: "https://api.openai.com/v1",
    keyEnv: ["OPENAI_API_KEY"],
    makes: {
      image: {
        models: ["gpt-image-2", "gpt-image-1.5", "gpt-image-1", "gpt-image-1-mini"],
        timeoutMs: LONG_MS,
        can: gptImage,
        modelFor: forTransparency,
        load: openaiImages,
      },
      video: {
        models: ["sora-2", "sora-2-pro"],
        timeoutMs: LONG_MS,
        can: (model) => ({
          out: 1,
          images: 1,
          sizes: ["1280x720", "720x1280", ...(model === "sora-2-pro" ? ["1792x1024", "1024x1792"] : [])],
          seconds: [4, 8, 12],
        }),
        load: () => import("../_providers/openai-video.ts"),
        onlyNamed: true,
      },
    },
  },
  {
    id: "google",
    aliases: ["gemini"],
    label: "Google Gemini",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    keyEnv: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    makes: {
      image: {
        models: ["gemini-3.1-flash-image-preview", "gemini-3-pro-image-preview"],
        timeoutMs: SLOW_IMAGE_MS,
        can: always({ out: 4, images: 5, aspectRatios: RATIOS, resolutions: ["1K", "2K", "4K"] }),
        load: () => import("../_providers/google.ts"),
      },
      video: {
        models: ["veo-3.1-fast-generate-preview", "veo-3.1-generate-preview"],
        timeoutMs: LONG_MS,
        can: always({
          out: 1,
          images: 2,
          aspectRatios: WIDE_OR_TALL,
          resolutions: ["720P", "1080P"],
          seconds: [4, 6, 8],
        }),
        load: () => import("../_providers/google-video.ts"),
      },
      music: {
        models: ["lyria-3-clip-preview", "lyria-3-pro-preview"],
        timeoutMs: MUSIC_MS,
        can: always({ out: 1, images: 10, takes: ["lyrics", "instrumental"] }),
        load: () => import("../_providers/google.ts"),
      },
    },
  },
  {
    id: "openrouter",
    label: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    keyEnv: ["OPENROUTER_API_KEY"],
    makes: {
      image: {
        models: ["google/gemini-3.1-flash-image-preview"],
        timeoutMs: SLOW_IMAGE_MS,
        can: always({ out: 4, images: 5, aspectRatios: RATIOS, resolutions: ["1K", "2K", "4K"] }),
        load: () => import("../_providers/openrouter.ts"),
      },
      video: {
        models: ["google/veo-3.1-fast"],
        timeoutMs: LONG_MS,
        can: always({
          out: 1,
          images: 4,
          aspectRatios: ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"],
          resolutions: ["480P", "720P", "1080P"],
          seconds: { min: 4, max: 15 },
          takes: ["audio"],
        }),
        load: () => import("../_providers/openrouter-video.ts"),
      },
    },
  },
  {
    id: "xai",
    aliases: ["x-ai", "grok"],
    label: "xAI",
    baseUrl: "https://api.x.ai/v1",
    keyEnv: ["XAI_API_KEY"],
    makes: {
      image: {
        models: ["grok-imagine-image"],
        timeoutMs: LONG_MS,
        can: always({ out: 4, images: 3, aspectRatios: RATIOS.slice(0, -1), resolutions: ["1K", "2K"] }),
        load: () => import("../_providers/xai.ts"),
      },
      video: {
        models: ["grok-imagine-video"],
        timeoutMs: LONG_MS,
        can: always({
          out: 1,
          images: 1,
          aspectRatios: ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"],
          resolutions: ["480P", "720P"],
          seconds: { min: 1, max: 15 },
        }),
        load: () => import("../_providers/xai-video.ts"),
      },
    },
  },
  {
    id: "fal",
    label: "fal",
    baseUrl: "https://queue.fal.run",
    keyEnv: ["FAL_KEY", "FAL_API_KEY"],
    makes: {
      image: {
        models: ["fal-ai/flux/dev"],
        timeoutMs: IMAGE_MS,
        can: (_model, edits) => ({
          out: 4,
          images: 1,
          takes: ["outputFormat"],
          ...(edits ? {} : { aspectRatios: RATIOS, sizes: "free", resolutions: ["1K", "2K"] }),
        }),
        load: fal,
      },
      video: {
        models: ["fal-ai/minimax/video-01-live"],
        timeoutMs: LONG_MS,
        can: (model) =>
          /video-01/.test(model)
            ? { out: 1, images: 1 }
            : {
                out: 1,
                images: 9,
                aspectRatios: ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"],
                resolutions: ["480P", "720P", "1080P"],
                seconds: { min: 1, max: 15 },
                takes: ["audio"],
              },
        load: fal,
      },
      music: {
        models: ["fal-ai/minimax-music/v2.6"],
        timeoutMs: MUSIC_MS,
        can: always({ out: 1, images: 0, takes: ["lyrics", "instrumental"] }),
        load: fal,
      },
    },
  },
  {
    id: "minimax",
    label: "MiniMax",
    baseUrl: "https://api.minimax.io",
    keyEnv: ["MINIMAX_API_KEY"],
    makes: {
      image: {
        models: ["image-01"],
        timeoutMs: IMAGE_MS,
        can: always({ out: 9, images: 1, aspectRatios: ["1:1", "16:9", "4:3", "3:2", "2:3", "3:4", "9:16", "21:9"] }),
        load: minimax,
      },
      video: {
        models: ["MiniMax-Hailuo-2.3", "MiniMax-Hailuo-2.3-Fast", "MiniMax-Hailuo-02"],
        timeoutMs: LONG_MS,
        can: always({ out: 1, images: 2, resolutions: ["768P", "1080P"], seconds: [6, 10], takes: ["watermark"] }),
        load: minimax,
      },
      music: {
        models: ["music-2.6", "music-2.5", "music-2.0"],
        timeoutMs: MUSIC_MS,
        can: always({ out: 1, images: 0, takes: ["lyrics", "instrumental", "format"] }),
        load: minimax,
      },
    },
  },
  {
    id: "runway",
    label: "Runway",
    baseUrl: "https://api.dev.runwayml.com",
    keyEnv: ["RUNWAYML_API_SECRET", "RUNWAY_API_KEY"],
    makes: {
      video: {
        models: ["gen4.5", "gen4_aleph"],
        timeoutMs: LONG_MS,
        can: always({
          out: 1,
          images: 1,
          videos: 1,
          aspectRatios: ["16:9", "9:16", "4:3", "3:4", "1:1", "21:9"],
          seconds: { min: 2, max: 10 },
        }),
        modelFor: (model, _wishes, references) =>
          model === "gen4.5" && references.some(({ kind }) => kind === "video") ? "gen4_aleph" : model,
        load: () => import("../_providers/runway.ts"),
      },
    },
  },
  {
    id: "byteplus",
    label: "BytePlus ModelArk",
    baseUrl: "https://ark.ap-southeast.bytepluses.com/api/v3",
    keyEnv: ["BYTEPLUS_API_KEY"],
    makes: {
      video: {
        models: ["seedance-1-0-pro-250528"],
        timeoutMs: LONG_MS,
        can: always({
          out: 1,
          images: 2,
          aspectRatios: ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"],
          resolutions: ["480P", "720P", "1080P"],
          seconds: { min: 2, max: 12 },
          takes: ["watermark"],
        }),
        load: () => import("../_providers/byteplus.ts"),
      },
    },
  },
  {
    id: "alibaba",
    label: "Alibaba Model Studio",
    baseUrl: "https://dashscope-intl.aliyuncs.com",
    keyEnv: ["MODELSTUDIO_API_KEY", "DASHSCOPE_API_KEY", "QWEN_API_KEY"],
    makes: { video: wan },
  },
  {
    id: "qwen",
    aliases: ["modelstudio"],
    label: "Qwen (Alibaba Model Studio)",
    baseUrl: "https://dashscope-intl.aliyuncs.com",
    keyEnv: ["QWEN_API_KEY", "MODELSTUDIO_API_KEY", "DASHSCOPE_API_KEY"],
    makes: { video: wan },
  },
  {
    id: "litellm",
    label: "LiteLLM",
    baseUrl: "http://localhost:4000",
    keyEnv: ["LITELLM_API_KEY"],
    makes: {
      image: {
        models: ["gpt-image-2"],
        timeoutMs: IMAGE_MS,
        can: gptImage,
        modelFor: forTransparency,
        load: openaiImages,
      },
    },
  },
  {
    id: "deepinfra",
    label: "DeepInfra",
    baseUrl: "https://api.deepinfra.com/v1/openai",
    keyEnv: ["DEEPINFRA_API_KEY"],
    makes: {
      image: {
        models: ["black-forest-labs/FLUX-1-schnell"],
        timeoutMs: IMAGE_MS,
        can: always({ out: 4, images: 1, sizes: ["1024x1024", "1536x1024", "1024x1536"] }),
        load: openaiImages,
      },
    },
  },
  {
    id: "comfy",
    aliases: ["comfyui"],
    label: "ComfyUI",
    baseUrl: "http://127.0.0.1:8188",
    keyEnv: [],
    makes: { image: comfyOffer(SLOW_IMAGE_MS), video: comfyOffer(LONG_MS), music: comfyOffer(MUSIC_MS) },
  },
];

export function providersOf(kind: Kind): readonly GenerationProvider[] {
  return PROVIDERS.filter(({ makes }) => makes[kind] !== undefined);
}

export function providerOf(kind: Kind, name: string): GenerationProvider | undefined {
  const id = name.trim().toLowerCase();
  return providersOf(kind).find((one) => one.id === id || one.aliases?.includes(id));
}
