/** `session_status`: the agent's own view of where it is, the clock included. */
import { closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import { Sessions } from "../sessions/index.ts";

export const tools = [
  defineTool({
    name: "session_status",
    group: "sessions",
    label: "Session status",
    summary: "current date and time, model, token use of this session",
    description:
      "Returns the current date and time with time zone, the session key, the model in use and token counts. Use it whenever you need the clock.",
    effect: "read",
    params: closed({}),
    uses: [Sessions],
    load: () => import("./_session-status.ts"),
  }),
];
