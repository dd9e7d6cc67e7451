/** Whether hooks let in more than they need to. */
import { info } from "../../base/files.ts";
import { defineCheck, type Finding } from "../../contracts/check.ts";
import type { Paths } from "../../contracts/service.ts";
import { Config } from "../config/index.ts";
import { hooksSection } from "./config.ts";
import type { HooksConfig } from "./_mapping.ts";
import { transformsDir } from "./_transform.ts";

/** Shorter tokens can be guessed. */
const MIN_TOKEN = 16;

export const checks = [
  defineCheck({
    id: "hooks",
    kind: "doctor",
    summary: "Hooks let other programs do no more than they need to.",
    needsConfig: true,
    async run({ use, platform }) {
      const hooks = (await use(Config)).current().section(hooksSection);
      if (!hooks.enabled) return [];
      const found = [...weaknesses(hooks), ...(await openFolder(hooks, platform.paths))];
      return found.length > 0 ? found : [{ level: "ok", message: `Hooks are served at ${hooks.path}.` }];
    },
  }),
];

export function weaknesses(hooks: HooksConfig): Finding[] {
  const warn = (message: string, remedy: string): Finding => ({ level: "warn", message, remedy });
  const trusted = hooks.mappings.filter((mapping) => mapping.allowUnsafeExternalContent === true).length;
  return [
    ...((hooks.token ?? "").length < MIN_TOKEN
      ? [warn(`hooks.token is shorter than ${MIN_TOKEN} characters.`, "Set a long random one.")]
      : []),
    ...(hooks.allowQueryToken
      ? [warn("hooks.allowQueryToken is on: tokens in addresses end up in logs.", "Send the token in a header.")]
      : []),
    ...(hooks.allowRequestSessionKey !== false && hooks.allowedSessionKeyPrefixes === undefined
      ? [
          warn(
            "Whoever has the hook token can write into every session.",
            'Set hooks.allowRequestSessionKey to false, or hooks.allowedSessionKeyPrefixes to ["hook:"].',
          ),
        ]
      : []),
    ...(trusted > 0 || hooks.gmail?.allowUnsafeExternalContent === true
      ? [
          warn(
            "allowUnsafeExternalContent is on: the agent takes what others send for your own words.",
            "Take it away unless you trust every sender.",
          ),
        ]
      : []),
  ];
}

/** A folder in which others may put scripts that run inside the gateway. */
async function openFolder(hooks: HooksConfig, paths: Paths): Promise<Finding[]> {
  if (!hooks.mappings.some(({ transform }) => transform !== undefined)) return [];
  const folder = transformsDir(hooks.transformsDir, paths);
  const found = await info(folder);
  if (found === undefined || (found.mode & 0o022) === 0) return [];
  return [{ level: "error", message: `Others may write ${folder}.`, remedy: `Run: chmod go-w ${folder}` }];
}
