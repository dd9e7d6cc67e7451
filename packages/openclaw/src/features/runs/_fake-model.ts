/** A scripted model for tests: each step is what it does when it is asked once more. A fake. */
import { NO_USAGE } from "../../contracts/message.ts";
import type { AssistantMessage } from "../../contracts/message.ts";
import type { Endpoint, ModelEvent, ModelFailure, ModelRequest } from "../../contracts/model.ts";

export type Step = (request: ModelRequest) => AsyncIterable<ModelEvent> | Iterable<ModelEvent>;

const blank = (request: ModelRequest): Omit<AssistantMessage, "content" | "stopReason"> => ({
  role: "assistant",
  timestamp: 1,
  api: "fake",
  provider: request.endpoint.provider,
  model: request.endpoint.model.id,
  usage: { ...NO_USAGE, input: 3, output: 2, totalTokens: 5 },
});

/** The model says this. */
export const says =
  (text: string): Step =>
  (request) => [
    { type: "text", delta: text },
    {
      type: "done",
      reason: "stop",
      message: { ...blank(request), content: [{ type: "text", text }], stopReason: "stop" },
    },
  ];

/** The model calls these tools. */
export const calls =
  (...names: string[]): Step =>
  (request) => [
    {
      type: "done",
      reason: "toolUse",
      message: {
        ...blank(request),
        stopReason: "toolUse",
        content: names.map((name, i) => ({ type: "toolCall" as const, id: `${name}-${i}`, name, arguments: { n: i } })),
      },
    },
  ];

/** The model fails, after having said something or not. */
export const fails =
  (failure: Partial<ModelFailure>, said = ""): Step =>
  (request) => [
    ...(said === "" ? [] : [{ type: "text" as const, delta: said }]),
    {
      type: "error",
      failure: { class: "unknown", message: "it broke", ...failure },
      partial: { ...blank(request), content: said === "" ? [] : [{ type: "text", text: said }], stopReason: "error" },
    },
  ];

/** The model says something and then hangs until it is aborted. */
export const hangs = (said: string): Step =>
  async function* (request) {
    yield { type: "text", delta: said };
    await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve(), { once: true }));
    yield {
      type: "error",
      failure: { class: "abort", message: "aborted" },
      partial: { ...blank(request), content: [{ type: "text", text: said }], stopReason: "aborted" },
    };
  };

/** Endpoints `p0/m0`, `p1/m1`, …, as many as there are to be. */
export function endpointsOf(count: number): Endpoint[] {
  return Array.from({ length: count }, (_, i) => ({
    provider: `p${i}`,
    api: "fake",
    baseUrl: "https://model.example",
    headers: {},
    native: false,
    model: { id: `m${i}`, name: "", reasoning: true, input: ["text"], contextWindow: 100_000, maxTokens: 1000 },
  }));
}

export const refOf = ({ provider, model }: Endpoint): string => `${provider}/${model.id}`;

/** The service of models over a script; notes every request. */
export function fakeModels(steps: Step[], endpoints: readonly Endpoint[], requests: ModelRequest[]) {
  return {
    defaultRef: () => "p0/m0",
    canonical: (ref: string) => ref,
    after: async () => undefined,
    worked() {},
    resolve: async (ref: string) => endpoints.find((each) => refOf(each) === ref),
    stream: (request: ModelRequest) => {
      requests.push(request);
      const step = steps.shift();
      if (!step) throw new Error("the script has no more steps");
      return step(request);
    },
  };
}
