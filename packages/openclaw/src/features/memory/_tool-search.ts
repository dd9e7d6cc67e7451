/** The tool `memory_search`. */
import { Fault } from "../../base/errors.ts";
import type { Static } from "../../contracts/schema.ts";
import { text, type ToolBody, type ToolContext } from "../../contracts/tool.ts";
import { Config } from "../config/index.ts";
import { isPrivate } from "./_private.ts";
import { Memory } from "./index.ts";
import type { Hit } from "./index.ts";
import type { searchParams } from "./tools.ts";

type Params = Static<typeof searchParams>;

const SHOWN = 200;

export const search: ToolBody<Params> = {
  preview: ({ query, maxResults, minScore }, { agentId }) => ({
    target: `memory of ${agentId}`,
    exact: {
      query: query.slice(0, SHOWN),
      ...(maxResults === undefined ? {} : { maxResults }),
      ...(minScore === undefined ? {} : { minScore }),
    },
  }),

  async run({ query, maxResults, minScore }, context) {
    const { agentId, sessionKey, principal, signal, use } = context;
    const [memory, config] = await Promise.all([use(Memory), use(Config)]);
    try {
      const inPrivate = isPrivate(sessionKey, principal);
      const { results, ...rest } = await memory.search({
        agentId,
        query,
        inPrivate,
        signal,
        ...(maxResults === undefined ? {} : { maxResults }),
        ...(minScore === undefined ? {} : { minScore }),
      });
      const cites = citesSources(config.current().at("memory.citations"), inPrivate);
      return json({ results: cites ? results.map(cited) : results, ...rest });
    } catch (error) {
      return unavailable(error, context);
    }
  },
};

/** `auto`: where only the owner reads the answer. */
function citesSources(setting: unknown, inPrivate: boolean): boolean {
  return setting === "on" || (setting !== "off" && inPrivate);
}

function cited(hit: Hit): Hit {
  const lines = hit.startLine === hit.endLine ? `L${hit.startLine}` : `L${hit.startLine}-L${hit.endLine}`;
  return { ...hit, snippet: `${hit.snippet}\n\nSource: ${hit.path}#${lines}` };
}

/** An index that cannot be used is an answer, not a failure: the model goes on without. */
export function unavailable(error: unknown, { signal }: ToolContext) {
  if (signal.aborted || !(error instanceof Fault)) throw error;
  if (error.code !== "MEMORY_DISABLED" && error.code !== "MEMORY_UNAVAILABLE") throw error;
  return json({ disabled: true, error: error.message });
}

export function json(value: object) {
  return text(JSON.stringify(value, null, 2), value);
}
