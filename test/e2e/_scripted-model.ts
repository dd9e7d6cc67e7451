/** The scenes as answers of the fake model server: one request for each stretch up to a tool call. */
import type { Act } from "../fakes/gateway-chat.ts";
import { startModelServer } from "../fakes/model-server.ts";
import type { ModelServer, Reply, SeenRequest } from "../fakes/model-server.ts";
import { scene, sceneIn } from "./_scenes.ts";

interface Sent {
  readonly role: string;
  readonly content?: unknown;
}

export function startScriptedModel(): Promise<ModelServer> {
  return startModelServer({ api: "openai-completions", script: replyTo });
}

const RECORD = "## Goal\nA garden on the north side.\n\n## Next\nBuy seeds.";

function replyTo(request: SeenRequest): Reply {
  if (request.body["model"] === "tired") return { kind: "refuse", status: 429, message: "Rest a little." };
  if (request.raw.includes("You write the record of a conversation")) return { text: [RECORD], everyMs: 400 };
  const messages = request.body["messages"] as readonly Sent[];
  const at = messages.findLastIndex((message) => message.role === "user");
  if (JSON.stringify(messages[at]?.content).includes("A sub-agent that you started has ended"))
    return { text: ["The helper is back."] };
  const asked = sceneIn(JSON.stringify(messages[at]?.content)) ?? plainText(messages[at]?.content);
  const stretch = messages.slice(at).filter((message) => message.role === "tool").length;
  return answerOf(stretches(scene(asked))[stretch] ?? [], `${at}-${stretch}`);
}

/** The acts of a scene, cut after each tool call. */
function stretches(acts: readonly Act[]): Act[][] {
  const list: Act[][] = [[]];
  for (const act of acts) {
    list.at(-1)?.push(act);
    if ("tool" in act) list.push([]);
  }
  return list;
}

function answerOf(acts: readonly Act[], id: string): Reply {
  const failure = acts.find((act) => "fail" in act);
  if (failure !== undefined) return { kind: "refuse", status: 400, message: failure.fail };
  const thinking = acts.flatMap((act) => ("think" in act ? [act.think] : []));
  const said = acts.find((act) => "say" in act);
  const calls = acts.flatMap((act) =>
    "tool" in act ? [{ id: `call-${id}`, name: act.tool, arguments: JSON.stringify(act.args) }] : [],
  );
  return {
    ...(thinking.length === 0 ? {} : { thinking }),
    ...(said === undefined ? {} : { text: said.say.match(/\s*\S+\s*/g) ?? [said.say], everyMs: said.wordMs ?? 10 }),
    ...(calls.length === 0 ? {} : { calls }),
  };
}

function plainText(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? "").join("") : "";
}
