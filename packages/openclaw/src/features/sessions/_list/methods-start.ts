/** What the published Control UI asks about conversations when it starts: features that this version does not have. */
import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import type { TSchema } from "../../../contracts/schema.ts";
import { Open } from "../_methods-params.ts";

const name = Type.Optional(Type.String({ maxLength: 512 }));
const some = { key: name, sessionKey: name, agentId: name };

/** Answers the same to everybody; not announced. */
const empty = (
  method: string,
  summary: string,
  answer: Readonly<Record<string, unknown>>,
  params: Record<string, TSchema> = some,
) =>
  defineMethod({
    name: method,
    scope: "operator.read",
    summary,
    hidden: true,
    open: true,
    params: closed(params),
    result: Open,
    run: () => ({ ...answer }),
  });

export const startMethods = [
  defineMethod({
    name: "sessions.viewers.set",
    scope: "operator.read",
    summary: "Says which conversations this client shows.",
    hidden: true,
    params: closed({ sessionKeys: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 1000 }) }),
    result: closed({ sessionKeys: Type.Array(Type.String()) }),
    run: (_call, { sessionKeys }) => ({ sessionKeys }),
  }),
  empty("sessions.groups.defaults", "Settings of groups: none.", {}),
  empty(
    "sessions.observer.visibility",
    "Says whether this client is in view.",
    { ok: true },
    {
      ...some,
      visible: Type.Optional(Type.Boolean()),
    },
  ),
  empty("sessions.companion.state", "The companion's exchanges: none.", { exchanges: [] }),
  empty("sessions.catalog.list", "Catalogues of conversations: none.", { catalogs: [] }),
  empty("session.discussion.info", "The discussion of a conversation: none.", { state: "none" }),
];
