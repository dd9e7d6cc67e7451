/** `update.*`: this version does not update itself, and says how it is done. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { StoreToken } from "../../store/index.ts";
import { readSentinel } from "../config/index.ts";
import { lastRestart } from "../restart/index.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const text = Type.Optional(Type.String({ maxLength: 2000 }));
const COMMAND = "npm install -g openclaw@latest";

export const methods = [
  defineMethod({
    name: "update.status",
    scope: "operator.admin",
    summary: "Whether a newer version is known, and what the last restart was for.",
    params: closed({}),
    open: true,
    result: Type.Object({ sentinel: Type.Unknown(), updateAvailable: Type.Null() }),
    async run(call) {
      const waiting = await readSentinel(call.platform.paths);
      const last = waiting ?? (await lastRestart((await call.use(StoreToken)).kv));
      const { by: _by, ...sentinel } = { by: undefined, ...last };
      return {
        sentinel: last === undefined ? null : sentinel,
        updateAvailable: null,
        effectiveChannel: "stable",
      };
    },
  }),
  defineMethod({
    name: "update.run",
    scope: "operator.admin",
    summary: "Would update the gateway; this version leaves that to the package manager.",
    params: closed({
      sessionKey: text,
      note: text,
      restartDelayMs: Type.Optional(Type.Integer({ minimum: 0 })),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })),
      continuationMessage: text,
    }),
    result: Type.Object({ ok: Type.Boolean(), result: Open, handoff: Type.Optional(Open) }),
    run: (call) => ({
      ok: false,
      result: {
        status: "skipped",
        mode: "package-manager",
        reason: "This version does not update itself.",
        before: { version: call.platform.version },
        steps: [],
      },
      handoff: { status: "manual", command: COMMAND },
      sentinel: null,
    }),
  }),
];
