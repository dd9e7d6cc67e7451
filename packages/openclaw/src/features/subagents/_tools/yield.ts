/** The tool `sessions_yield`. */
import type { Static } from "../../../contracts/schema.ts";
import type { ToolBody } from "../../../contracts/tool.ts";
import type { yieldParams } from "../tools.ts";

export const yieldTool: ToolBody<Static<typeof yieldParams>> = {
  preview: (_params, { sessionKey }) => ({ target: sessionKey, exact: { sessionKey } }),
  run: async ({ message }) => ({
    content: [{ type: "text", text: message === undefined ? "The turn ends here." : `The turn ends here: ${message}` }],
    details: { status: "yielded", ...(message === undefined ? {} : { message }) },
    endsTurn: true,
  }),
};
