/** One question to a model from this process. */
import type { CliContext } from "../../contracts/cli.ts";
import type { UserMessage } from "../../contracts/message.ts";
import type { ThinkingLevel } from "../../contracts/model.ts";
import { Fault } from "../../base/errors.ts";
import { Models, answerOf, thinkingFor } from "../../models/index.ts";
import { errors } from "./errors.ts";
import type { Done } from "./_envelope.ts";

export interface Question {
  /** Absent: the default model. */
  readonly ref: string | undefined;
  readonly content: UserMessage["content"];
  readonly system?: string;
  readonly thinking?: string;
  readonly timeoutMs?: number;
}

export async function ask({ use, config, platform, signal }: CliContext, question: Question): Promise<Done> {
  const [models, snapshot] = await Promise.all([use(Models), config()]);
  const { ref, content, system, thinking, timeoutMs } = question;
  const endpoint = await models.resolve(ref ?? models.defaultRef(snapshot), snapshot);
  const name = { provider: endpoint.provider, model: endpoint.model.id };
  const begun = platform.clock.monotonic();
  const late = new AbortController();
  const cancel = timeoutMs === undefined ? () => {} : platform.clock.timer(timeoutMs, () => late.abort());
  try {
    const outcome = await answerOf(models, {
      candidates: [endpoint],
      asks: () => ({
        system: system === undefined ? [] : [{ text: system, stable: false }],
        messages: [{ role: "user", content, timestamp: platform.clock.now() }],
        forOwner: true,
        thinking: thinkingFor(endpoint.model, thinking as ThinkingLevel | undefined),
      }),
      config: snapshot,
      signal: AbortSignal.any([signal, late.signal]),
    });
    const ms = Math.round(platform.clock.monotonic() - begun);
    if (!("failure" in outcome))
      return {
        ...name,
        attempts: [{ ...name, ok: true, ms }],
        outputs: [{ text: outcome.text, usage: outcome.usage }],
      };
    if (late.signal.aborted) throw errors.INFER_TOO_LATE({ ms: timeoutMs ?? 0 });
    const { class: kind, message, status } = outcome.failure;
    throw new Fault({
      code: `MODEL_${kind.toUpperCase()}`,
      message,
      remedy: "Look at its key and its address with: openclaw models status",
      status: status ?? 502,
      rpc: "UNAVAILABLE",
      retryable: true,
    });
  } finally {
    cancel();
  }
}

/** `--model` of commands that want the provider said. */
export function fullRef(options: Readonly<Record<string, unknown>>): string | undefined {
  const given = options["model"];
  if (given === undefined) return undefined;
  if (typeof given !== "string" || !/^[^/\s]+\/\S+$/.test(given))
    throw errors.INFER_MODEL_REF({ given: String(given) });
  return given;
}

export function textOf(options: Readonly<Record<string, unknown>>, name: string): string {
  const given = options[name];
  const text = typeof given === "string" ? given : "";
  if (text.trim() === "") throw errors.INFER_NOTHING_ASKED({ flag: `--${name}` });
  return text;
}
