/** One request of a run, as a model is to see it. */
import { thinkingFor } from "../../../models/index.ts";
import type { Endpoint, ModelRequest, Sampling } from "../../../contracts/model.ts";
import type { View } from "../../context/index.ts";
import { isUnattended, mayUsePrograms } from "../_setup/programs.ts";
import type { RunSetup } from "../_setup/setup.ts";

/** Silence for so long means that nothing comes. */
const IDLE_MS = 120_000;

export function requestFor(setup: RunSetup, endpoint: Endpoint, view: View, signal: AbortSignal): ModelRequest {
  return {
    endpoint,
    system: view.system,
    messages: view.messages,
    tools: endpoint.model.compat?.supportsTools === false ? [] : setup.schemas,
    ...(setup.toolChoice === undefined ? {} : { toolChoice: setup.toolChoice }),
    ...setup.sampling,
    ...answerLimit(endpoint, setup.sampling, view),
    thinking: thinkingFor(endpoint.model, setup.thinking),
    cacheRetention: "short",
    cacheKey: setup.ref.sessionId,
    signal,
    idleMs: endpoint.timeoutMs ?? Math.min(IDLE_MS, setup.timeoutMs),
    ...(endpoint.program && {
      folder: setup.folder,
      forOwner: mayUsePrograms(setup.act),
      unattended: isUnattended({ ...setup.act, confined: setup.confined }),
    }),
  };
}

/** Vendors to whom every request names a limit refuse one whose answer might not fit behind it. */
function answerLimit({ api, model }: Endpoint, { maxTokens }: Sampling, { answerRoom }: View): Sampling {
  const wanted = maxTokens ?? (api.startsWith("anthropic") ? Math.floor(model.contextWindow / 4) : 0);
  return wanted > answerRoom ? { maxTokens: answerRoom } : {};
}

const FIRST_MS = 30_000;
const FIRST_THOUGHT_MS = 90_000;

/**
 * How long a model may take for its first sign of life while another one could answer. Those that think may be silent
 * for long; servers at home read long prompts slowly, and programs start slowly: both get the whole time.
 */
export function firstSignMs({ endpoint, thinking, idleMs }: ModelRequest): number {
  if (endpoint.timeoutMs !== undefined || endpoint.program !== undefined || isNear(endpoint.baseUrl)) return idleMs;
  return Math.min(idleMs, thinking === "off" ? FIRST_MS : FIRST_THOUGHT_MS);
}

const PRIVATE = /^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d+)+$|^\[/;
const AT_HOME = /^(?:localhost|host\.docker\.internal)$|\.(?:local|lan|internal)$/;

function isNear(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return true;
  const { hostname } = new URL(baseUrl);
  return PRIVATE.test(hostname) || AT_HOME.test(hostname);
}
