/** A live gateway whose model answers as each test says, and what the model was asked. */
import { after } from "node:test";
import type { Reply, SeenRequest } from "../fakes/model-server.ts";
import { openLive } from "./_live.ts";
import type { Live, LiveSetup } from "./_live.ts";

export interface WireMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { name: string; arguments: string } }[];
  readonly tool_call_id?: string;
}

export interface Desk extends Live {
  /** What the model says from now on. */
  replies(next: Reply | readonly Reply[] | ((request: SeenRequest) => Reply | Promise<Reply>)): void;
  /** The newest request to the model, or an earlier one. */
  asked(back?: number): { body: Readonly<Record<string, unknown>>; messages: readonly WireMessage[]; system: string };
  /** Requests to the model so far. */
  count(): number;
}

export async function openDesk(
  config: LiveSetup["config"] = {},
  options: Pick<LiveSetup, "withoutKey"> = {},
): Promise<Desk> {
  let next: (request: SeenRequest) => Reply | Promise<Reply> = () => ({ text: ["Hello", " world"] });
  const live = await openLive({ after }, { script: (request) => next(request), config, ...options });
  return {
    ...live,
    replies(given) {
      if (typeof given === "function") next = given;
      else {
        const list = Array.isArray(given) ? [...(given as Reply[])] : [given as Reply];
        next = () => (list.length > 1 ? list.shift() : list[0]) as Reply;
      }
    },
    asked(back = 0) {
      const body = live.model.requests.at(-1 - back)?.body ?? {};
      const all = (body["messages"] ?? []) as WireMessage[];
      const system = all.filter(({ role }) => role === "system").map(({ content }) => String(content));
      return { body, messages: all.filter(({ role }) => role !== "system"), system: system.join("\n") };
    },
    count: () => live.model.requests.length,
  };
}

/** The events of a stream: name and data, `[DONE]` as text. */
export async function eventsOf(response: Response): Promise<{ event: string | undefined; data: any }[]> {
  const text = await response.text();
  return text
    .split("\n\n")
    .filter((block) => block.trim() !== "" && !block.startsWith(":"))
    .map((block) => {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? "";
      return { event, data: data === "[DONE]" ? data : JSON.parse(data) };
    });
}

export const user = (content: unknown) => ({ role: "user", content });
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const WEATHER = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
export const CALL = { id: "call_1", name: "get_weather", arguments: '{"city":"Oslo"}' };
