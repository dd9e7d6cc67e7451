/** Choosing models: commands that write `agents.defaults` in the configuration. */
import { defineCli } from "../../contracts/cli.ts";

const model = { name: "model", summary: "`provider/model`, or an alias", required: true } as const;
const plain = { flags: "--plain", summary: "One per line, without words around it" };
const local = { gateway: "none" } as const;

const set = (name: "set" | "set-image", summary: string) =>
  defineCli({
    ...local,
    name: `models ${name}`,
    summary,
    args: [model],
    examples: [`openclaw models ${name} anthropic/claude-sonnet-4-5`],
    load: async () => {
      const { setDefault } = await import("./_set.ts");
      return { run: (context) => setDefault(context, name === "set" ? "model" : "imageModel") };
    },
  });

const chain = (name: "fallbacks" | "image-fallbacks", of: string) => {
  const role = name === "fallbacks" ? "model" : "imageModel";
  const body = () => import("./_fallbacks.ts");
  return [
    defineCli({
      ...local,
      name: `models ${name} list`,
      summary: `Models that answer when ${of} cannot, in their order`,
      json: true,
      options: [plain],
      load: async () => ({ run: (await body()).list(role) }),
    }),
    defineCli({
      ...local,
      name: `models ${name} add`,
      summary: "Put a model at the end of them",
      args: [model],
      load: async () => ({ run: (await body()).add(role) }),
    }),
    defineCli({
      ...local,
      name: `models ${name} remove`,
      summary: "Take one of them out",
      args: [model],
      load: async () => ({ run: (await body()).remove(role) }),
    }),
    defineCli({
      ...local,
      name: `models ${name} clear`,
      summary: "Take all of them out",
      load: async () => ({ run: (await body()).clear(role) }),
    }),
  ];
};

const aliases = () => import("./_aliases.ts");

export const cli = [
  set("set", "Choose the model that answers by default"),
  set("set-image", "Choose the model that looks at pictures when the default one cannot"),
  ...chain("fallbacks", "the default one"),
  ...chain("image-fallbacks", "the one for pictures"),
  defineCli({
    ...local,
    name: "models aliases list",
    summary: "Short names of models",
    json: true,
    options: [plain],
    load: async () => ({ run: (await aliases()).list }),
  }),
  defineCli({
    ...local,
    name: "models aliases add",
    summary: "Give a model a short name",
    args: [{ name: "alias", summary: "The short name", required: true }, model],
    examples: ["openclaw models aliases add fast openai/gpt-5-mini"],
    load: async () => ({ run: (await aliases()).add }),
  }),
  defineCli({
    ...local,
    name: "models aliases remove",
    summary: "Take a short name away",
    args: [{ name: "alias", summary: "The short name", required: true }],
    load: async () => ({ run: (await aliases()).remove }),
  }),
  defineCli({
    ...local,
    name: "models scan",
    summary: "Find free models of OpenRouter, try them out, and use them as fallbacks",
    json: true,
    options: [
      { flags: "--min-params <b>", summary: "Smallest size, in thousand millions of parameters" },
      { flags: "--max-age-days <n>", summary: "Only models listed within so many days" },
      { flags: "--provider <id>", summary: "Only models whose id begins so" },
      { flags: "--max-candidates <n>", summary: "How many are tried; default 6" },
      { flags: "--timeout <ms>", summary: "For each trial; default 10000" },
      { flags: "--concurrency <n>", summary: "Trials at once; default 3" },
      { flags: "--no-probe", summary: "Only list them" },
      { flags: "--yes", summary: "Take those that work without asking" },
      { flags: "--no-input", summary: "Never ask" },
      { flags: "--set-default", summary: "Make the best one the default model" },
      { flags: "--set-image", summary: "Use those that see for pictures" },
    ],
    examples: ["openclaw models scan --no-probe", "openclaw models scan --min-params 30 --yes"],
    load: async () => ({ run: (await import("./_scan.ts")).scan }),
  }),
];
