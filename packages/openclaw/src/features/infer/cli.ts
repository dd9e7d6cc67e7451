/** `infer`: one question to a model, a voice or an ear, without an agent around it. */
import { GATEWAY_FLAGS, defineCli } from "../../contracts/cli.ts";
import type { CliContext } from "../../contracts/cli.ts";

const model = { flags: "--model <ref>", summary: "`provider/model`; default: as configured" };
const prompt = { flags: "--prompt <text>", summary: "What is asked" };
const files = { flags: "--file <path>", summary: "A file that goes with it; may be repeated", repeat: true };
const timeout = { flags: "--timeout-ms <ms>", summary: "Longest wait" };
const output = { flags: "--output <path>", summary: "Where it goes; default: beside the others, and said" };
const shapes = [
  { flags: "--size <size>", summary: "Such as 1536x1024" },
  { flags: "--aspect-ratio <ratio>", summary: "Such as 16:9" },
  { flags: "--resolution <resolution>", summary: "1K, 2K or 4K; of a video 480P, 720P, 1080P" },
];
const pictures = [
  { flags: "--quality <quality>", summary: "low, medium, high or auto" },
  { flags: "--output-format <format>", summary: "png, jpeg or webp" },
  { flags: "--background <kind>", summary: "transparent, opaque or auto" },
  { flags: "--openai-background <kind>", summary: "The same, as it is called at OpenAI" },
];
const local = { gateway: "none", json: true } as const;

type Body = (context: CliContext) => Promise<number | void>;

const body = (load: () => Promise<Body>) => async () => ({ run: await load() });

const commands = [
  defineCli({
    ...local,
    name: "infer list",
    summary: "What can be asked for, and who does it",
    load: body(async () => (await import("./_list.ts")).list),
  }),
  defineCli({
    ...local,
    name: "infer inspect",
    summary: "One of them with its providers",
    args: [{ name: "capability", summary: "Such as `model.run` or `tts.convert`", required: true }],
    load: body(async () => (await import("./_list.ts")).inspect),
  }),
  defineCli({
    ...local,
    name: "infer model run",
    gateway: "tries",
    summary: "Ask a model one thing: no tools, no conversation",
    options: [
      prompt,
      files,
      model,
      { flags: "--thinking <level>", summary: "How long it thinks first; default off" },
      { flags: "--local", summary: "From this process (the usual way)" },
      { flags: "--gateway", summary: "Through the running gateway and its agent" },
      ...GATEWAY_FLAGS,
    ],
    examples: ['openclaw infer model run --model openai/gpt-5.2 --prompt "hi" --json'],
    load: body(async () => (await import("./_model-run.ts")).modelRun),
  }),
  defineCli({
    ...local,
    name: "infer model list",
    summary: "Models that can be asked now",
    load: body(async () => (await import("./_list.ts")).models),
  }),
  defineCli({
    ...local,
    name: "infer model inspect",
    summary: "One model: window, prices, where it is asked",
    args: [{ name: "model", summary: "`provider/model`, or an alias", required: true }],
    load: body(async () => (await import("./_list.ts")).inspectModel),
  }),
  defineCli({
    ...local,
    name: "infer model providers",
    summary: "Providers of models, and which have a key",
    load: body(async () => (await import("./_list.ts")).modelProviders),
  }),
  defineCli({
    ...local,
    name: "infer image describe",
    summary: "Let a model look at a picture",
    options: [files, prompt, model, timeout],
    load: body(async () => (await import("./_describe.ts")).describe),
  }),
  defineCli({
    ...local,
    name: "infer image describe-many",
    summary: "Let a model look at several pictures, each by itself",
    options: [files, prompt, model, timeout],
    load: body(async () => (await import("./_describe.ts")).describeMany),
  }),
  defineCli({
    ...local,
    name: "infer image generate",
    summary: "Make a picture; it costs money",
    options: [prompt, ...shapes, ...pictures, { flags: "--count <n>", summary: "How many" }, output, model, timeout],
    examples: ['openclaw infer image generate --prompt "a lighthouse at dusk" --aspect-ratio 16:9 --output light.png'],
    load: body(async () => (await import("./_generate.ts")).imageGenerate),
  }),
  defineCli({
    ...local,
    name: "infer image edit",
    summary: "Change a picture; it costs money",
    options: [files, prompt, ...shapes, ...pictures, output, model, timeout],
    examples: ['openclaw infer image edit --file cat.png --prompt "make it night" --output night.png'],
    load: body(async () => (await import("./_generate.ts")).imageEdit),
  }),
  defineCli({
    ...local,
    name: "infer image providers",
    summary: "Who can make pictures, and who has a key",
    load: body(async () => (await import("./_generate.ts")).imageProviders),
  }),
  defineCli({
    ...local,
    name: "infer video generate",
    summary: "Make a video and wait for it; it costs money",
    options: [
      prompt,
      { flags: "--file <path>", summary: "First frame, or a video to change; may be repeated", repeat: true },
      ...shapes,
      { flags: "--duration <seconds>", summary: "How long it is" },
      { flags: "--audio", summary: "With sound" },
      { flags: "--watermark", summary: "With a watermark" },
      output,
      model,
      timeout,
    ],
    load: body(async () => (await import("./_generate.ts")).videoGenerate),
  }),
  defineCli({
    ...local,
    name: "infer video providers",
    summary: "Who can make videos, and who has a key",
    load: body(async () => (await import("./_generate.ts")).videoProviders),
  }),
  defineCli({
    ...local,
    name: "infer audio transcribe",
    summary: "Write down what is said in a sound file",
    options: [
      { flags: "--file <path>", summary: "The file" },
      { flags: "--language <code>", summary: "Language that is spoken, such as `en`" },
      { flags: "--prompt <text>", summary: "What may be heard: names, subjects" },
      { ...model, summary: "`provider/model`; default: as `tools.media.audio` says, else whoever is ready" },
    ],
    examples: ["openclaw infer audio transcribe --file memo.ogg --language en"],
    load: body(async () => (await import("./_listen.ts")).transcribe),
  }),
  defineCli({
    ...local,
    name: "infer audio providers",
    summary: "Who can listen, and who could now",
    load: body(async () => (await import("./_listen.ts")).audioProviders),
  }),
  defineCli({
    ...local,
    name: "infer tts convert",
    summary: "Speak a text into a file",
    options: [
      { flags: "--text <text>", summary: "What is spoken" },
      { flags: "--output <path>", summary: "Where the sound goes; default: beside the others, and said" },
      { flags: "--voice <id>", summary: "Whose voice" },
      { flags: "--model <ref>", summary: "`provider/model` of speech" },
      { flags: "--channel <id>", summary: "Network it is for: some take voice notes" },
    ],
    load: body(async () => (await import("./_speak.ts")).convert),
  }),
  ...(["voices", "providers", "status", "enable", "disable"] as const).map((name) =>
    defineCli({
      ...local,
      name: `infer tts ${name}`,
      summary: {
        voices: "Voices by provider",
        providers: "Who can speak",
        status: "Whether answers are spoken, and by whom",
        enable: "Speak every answer",
        disable: "Speak no answer",
      }[name],
      load: body(async () => (await import("./_speak.ts"))[name]),
    }),
  ),
  defineCli({
    ...local,
    name: "infer tts set-provider",
    summary: "Choose who speaks",
    args: [{ name: "provider", summary: "Id of the provider", required: true }],
    load: body(async () => (await import("./_speak.ts")).setProvider),
  }),
  defineCli({
    ...local,
    name: "infer embedding create",
    summary: "Vectors of texts",
    options: [{ flags: "--text <text>", summary: "A text; may be repeated", repeat: true }, model],
    load: body(async () => (await import("./_embedding.ts")).create),
  }),
];

/** The older name of the family. */
export const cli = commands.map((command) => ({ ...command, aliases: [command.name.replace("infer", "capability")] }));
