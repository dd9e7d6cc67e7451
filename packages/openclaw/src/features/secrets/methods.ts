import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Config } from "../config/index.ts";

export const methods = [
  defineMethod({
    name: "secrets.reload",
    scope: "operator.admin",
    summary: "Fetch every secret again that the configuration refers to; all come into force at once, or none.",
    params: closed({}),
    result: Type.Object({ ok: Type.Literal(true), warningCount: Type.Integer() }),
    run: async ({ use }) => ({ ok: true as const, warningCount: await (await use(Config)).reloadSecrets() }),
  }),
];
