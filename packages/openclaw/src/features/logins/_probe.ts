/** `models status --probe`: a question of a few tokens with each login, so that what it says is true now. */
import { Fault, errorText } from "../../base/errors.ts";
import { Limiter } from "../../base/queue.ts";
import { onOneLine, shortened } from "../../base/text.ts";
import type { CliContext } from "../../contracts/cli.ts";
import type { Endpoint, FailureClass, ModelFailure } from "../../contracts/model.ts";
import { Models } from "../../models/index.ts";
import type { LoginState, ModelsService, ProviderLogins } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { textOf } from "./_place.ts";
import { errors } from "./errors.ts";

export interface Probed {
  readonly provider: string;
  readonly profileId?: string;
  /** `provider/model` that was asked. */
  readonly model?: string;
  readonly status: "ok" | "auth" | "rate_limit" | "billing" | "timeout" | "format" | "unknown" | "no_model";
  /** Reason code, or what the provider said. */
  readonly reason?: string;
  readonly ms?: number;
}

const STATUS: Partial<Record<FailureClass, Probed["status"]>> = {
  auth: "auth",
  auth_permanent: "auth",
  rate_limit: "rate_limit",
  overloaded: "rate_limit",
  billing: "billing",
  timeout: "timeout",
  format: "format",
  model_not_found: "no_model",
};
/** Enough to answer "OK", little enough to cost nothing; no flag goes beyond it. */
const MOST_TOKENS = 1024;
const MOST_PROBES = 50;

interface Asked {
  readonly agentId: string;
  readonly providers: readonly ProviderLogins[];
  /** The default model. */
  readonly resolved: string;
}

export async function probe(context: CliContext, { agentId, providers, resolved }: Asked): Promise<readonly Probed[]> {
  const { options, use } = context;
  const [models, service] = await Promise.all([use(Models), use(Config)]);
  const config = service.current();
  const timeoutMs = numberOf(options, "probeTimeout", { otherwise: 8000, most: 120_000 });
  const tokens = numberOf(options, "probeMaxTokens", { otherwise: 8, most: MOST_TOKENS });
  const limiter = new Limiter(numberOf(options, "probeConcurrency", { otherwise: 2, most: 8 }), MOST_PROBES);
  const only = textOf(options, "probeProvider")?.toLowerCase();
  const named = [options["probeProfile"]].flat().flatMap((one) => (typeof one === "string" ? one.split(",") : []));
  const rows = await models.list(config, "all");
  const wanted = providers
    .filter(({ provider }) => only === undefined || provider === only)
    .flatMap(({ provider, logins }) => logins.map((login) => ({ provider, login })))
    .filter(({ login }) => named.length === 0 || named.includes(login.id))
    .slice(0, MOST_PROBES);
  return Promise.all(
    wanted.map(async ({ provider, login }): Promise<Probed> => {
      const base = { provider, profileId: login.id };
      if (login.state === "missing" || login.state === "expired" || login.state === "unusable")
        return { ...base, status: "auth", reason: login.reason ?? login.state };
      const ref = resolved.startsWith(`${provider}/`)
        ? resolved
        : rows.filter((row) => row.provider === provider).map(({ row }) => `${provider}/${row.id}`)[0];
      if (ref === undefined) return { ...base, status: "no_model", reason: "no_model" };
      const leave = await limiter.enter();
      try {
        return { ...base, model: ref, ...(await one(context, models, { ref, login, agentId, timeoutMs, tokens })) };
      } finally {
        leave?.();
      }
    }),
  );
}

interface One {
  readonly ref: string;
  readonly login: LoginState;
  readonly agentId: string;
  readonly timeoutMs: number;
  readonly tokens: number;
}

async function one(
  context: CliContext,
  models: ModelsService,
  asked: One,
): Promise<Pick<Probed, "status" | "reason" | "ms">> {
  const { clock } = context.platform;
  const config = (await context.use(Config)).current();
  const begun = clock.monotonic();
  const ms = () => Math.round(clock.monotonic() - begun);
  try {
    const endpoint = await models.resolve(asked.ref, config, {
      agentId: asked.agentId,
      anyId: true,
      pin: { profileId: asked.login.id, by: "user" },
      probe: true,
    });
    const failure = await question(context, models, endpoint, asked);
    if (failure === undefined) models.worked(endpoint);
    else await models.after(endpoint, failure, config);
    return failure === undefined
      ? { status: "ok", ms: ms() }
      : { status: STATUS[failure.class] ?? "unknown", reason: said(failure.message), ms: ms() };
  } catch (error) {
    const code = error instanceof Fault ? error.code : "";
    return {
      status: code === "UNKNOWN_MODEL" || code === "MODEL_NOT_ALLOWED" ? "no_model" : "auth",
      reason: said(errorText(error)),
      ms: ms(),
    };
  }
}

async function question(
  { signal, platform: { clock } }: CliContext,
  models: ModelsService,
  endpoint: Endpoint,
  { timeoutMs, tokens }: One,
): Promise<ModelFailure | undefined> {
  const late = new AbortController();
  const cancel = clock.timer(timeoutMs, () => late.abort());
  try {
    for await (const event of models.stream({
      endpoint,
      system: [],
      messages: [{ role: "user", content: "Reply with OK.", timestamp: clock.now() }],
      tools: [],
      maxTokens: tokens,
      thinking: "off",
      cacheRetention: "none",
      cacheKey: "probe",
      signal: AbortSignal.any([signal, late.signal]),
      idleMs: timeoutMs,
    }))
      if (event.type === "error")
        return late.signal.aborted ? { class: "timeout", message: `no answer within ${timeoutMs} ms` } : event.failure;
    return undefined;
  } finally {
    cancel();
  }
}

function said(text: string): string {
  return shortened(onOneLine(text), 160);
}

/** Throws `LOGIN_NUMBER`. */
function numberOf(
  options: CliContext["options"],
  name: string,
  { otherwise, most }: { otherwise: number; most: number },
): number {
  const text = textOf(options, name);
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw errors.LOGIN_NUMBER({ flag: name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value: text });
  return Math.min(Number(text), most);
}
