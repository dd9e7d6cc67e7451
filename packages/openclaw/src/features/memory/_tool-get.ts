/** The tool `memory_get`. */
import type { Static } from "../../contracts/schema.ts";
import type { ToolBody } from "../../contracts/tool.ts";
import { pathFrom } from "../../base/path.ts";
import { realPath } from "../../base/open.ts";
import { isPrivate } from "./_private.ts";
import { json, unavailable } from "./_tool-search.ts";
import { Memory } from "./index.ts";
import type { getParams } from "./tools.ts";

type Params = Static<typeof getParams>;

export const get: ToolBody<Params> = {
  async preview({ path, from, lines }, { workspace, platform }) {
    const real = await realPath(
      pathFrom(workspace, path.replace(/#.*$/, "").replaceAll("\0", ""), platform.paths.home),
    );
    const exact = { path: real, ...(from === undefined ? {} : { from }), ...(lines === undefined ? {} : { lines }) };
    return { target: real, exact };
  },

  async run(params, context) {
    const { agentId, sessionKey, principal, use } = context;
    try {
      const memory = await use(Memory);
      return json(await memory.read({ ...params, agentId, inPrivate: isPrivate(sessionKey, principal) }));
    } catch (error) {
      return unavailable(error, context);
    }
  },
};
