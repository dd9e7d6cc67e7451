/** The root `agent`: settings of what was the only agent, now the defaults of all. */
import type { Migration, Move, Target } from "./legacy.ts";
import { asDict } from "./routing.ts";
import type { Dict } from "../_load/merge.ts";

const DEFAULTS = ["agents", "defaults"];

/** Keys of `agent` that became settings of tools. */
const TOOLS: ReadonlyMap<string, readonly string[]> = new Map([
  ["tools", ["tools"]],
  ["elevated", ["tools", "elevated"]],
  ["exec", ["tools", "exec"]],
  ["bash", ["tools", "exec"]],
]);

const MODEL_KEYS = ["model", "allowedModels", "modelAliases", "modelFallbacks", "imageModel", "imageModelFallbacks"];

export const agentMigrations: readonly Migration[] = [
  {
    treatment: "accepted",
    moves: (root) => {
      const agent = asDict(root["agent"]);
      return Object.keys(agent).flatMap((key) => (MODEL_KEYS.includes(key) ? [] : [setting(key, agent[key])]));
    },
  },
  { treatment: "accepted", moves: (root) => models(asDict(root["agent"])) },
  {
    treatment: "accepted",
    moves: (root) => {
      const old = asDict(asDict(root["agents"])["defaults"])["exec"];
      return old === undefined ? [] : [{ from: [...DEFAULTS, "exec"], to: [{ path: ["tools", "exec"], value: old }] }];
    },
  },
];

function setting(key: string, value: unknown): Move {
  const from = ["agent", key];
  const tools = TOOLS.get(key);
  if (tools) return { from, to: [{ path: tools, value }] };
  if (key !== "sandbox" && key !== "subagents") return { from, to: [{ path: [...DEFAULTS, key], value }] };
  const { tools: policy, ...rest } = asDict(value);
  const to: Target[] = [
    ...(policy === undefined ? [] : [{ path: ["tools", key, "tools"], value: policy }]),
    ...(Object.keys(rest).length === 0 ? [] : [{ path: [...DEFAULTS, key], value: rest }]),
  ];
  return { from, to };
}

/** `model`, its fallbacks, the models that may be chosen and their short names, each from a key of its own. */
function models(agent: Dict): Move[] {
  const at = (key: string) => [...DEFAULTS, key];
  return MODEL_KEYS.flatMap((key): Move[] => {
    const value = agent[key];
    if (value === undefined) return [];
    const to = (path: readonly string[], made: unknown): Move => ({
      from: ["agent", key],
      to: [{ path, value: made }],
    });
    switch (key) {
      case "model":
      case "imageModel":
        return [to(at(key), typeof value === "string" ? { primary: value } : value)];
      case "modelFallbacks":
        return [to([...at("model"), "fallbacks"], value)];
      case "imageModelFallbacks":
        return [to([...at("imageModel"), "fallbacks"], value)];
      case "allowedModels":
        return [to(at("models"), Object.fromEntries(texts(value).map((id) => [id, {}])))];
      default:
        return [to(at("models"), aliases(value))];
    }
  });
}

/** `{ Opus: "anthropic/…" }` the other way round. */
function aliases(value: unknown): Dict {
  const pairs = Object.entries(asDict(value)).flatMap(([alias, model]) =>
    typeof model === "string" ? [[model, { alias }] as const] : [],
  );
  return Object.fromEntries(pairs);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
