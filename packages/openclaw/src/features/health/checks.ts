import { Fault, errorText } from "../../base/errors.ts";
import { defineCheck } from "../../contracts/check.ts";
import { runningGateway } from "./running.ts";

const WAIT_MS = 5000;

export const checks = [
  defineCheck({
    id: "health.gateway",
    kind: "doctor",
    summary: "A gateway answers.",
    async run({ call, platform }) {
      const owner = await runningGateway(platform.paths);
      const running = owner === undefined ? "" : ` (pid ${owner.pid}, port ${owner.port})`;
      try {
        await call("health", {}, { scopes: ["operator.read"], timeoutMs: WAIT_MS });
        return [{ level: "ok", message: `The gateway answers${running}.` }];
      } catch (error) {
        const remedy = error instanceof Fault ? { remedy: error.remedy } : {};
        const unheard = owner === undefined && error instanceof Fault && error.code === "GATEWAY_UNREACHABLE";
        return [
          {
            level: unheard ? "info" : "warn",
            message: `The gateway${running} cannot be asked: ${errorText(error)}`,
            ...remedy,
          },
        ];
      }
    },
  }),
];
