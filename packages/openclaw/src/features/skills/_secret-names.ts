/** Variables of the gateway that a skill does not get just because it asks. Pure. */
import type { Env } from "../../base/env.ts";
import { redact } from "../../base/redact.ts";
import type { Entry } from "./_settings.ts";
import type { Skill, SkillSource } from "./index.ts";

/** Whoever can write into a workspace can put skills there: the assistant, and what talked it into that. */
const OF_A_WORKSPACE: ReadonlySet<SkillSource> = new Set(["openclaw-workspace", "agents-skills-project"]);
const SECRET_NAME =
  /KEY|TOKEN|SECRET|PASS|PWD|AUTH|CRED|COOKIE|SESSION|PRIVATE|DSN|WEBHOOK|SIGNATURE|(?:^|_)(?:PAT|PIN|JWT)(?:_|$)/i;
const LOGIN_IN_ADDRESS = /:\/\/[^/\s]*@/;

/** Whether it gets the value that the gateway has. Of a workspace's skills the operator names it, or it is no secret. */
export function mayTake(skill: Skill, name: string, { env, entry }: { env: Env; entry: Entry | undefined }): boolean {
  if (!OF_A_WORKSPACE.has(skill.source)) return true;
  if (entry?.env !== undefined && Object.hasOwn(entry.env, name)) return true;
  return !looksSecret(name, env[name] ?? "");
}

/** Variables that it asks for, that the gateway has, and that it gets from nowhere. */
export function withheldFrom(skill: Skill, given: { env: Env; entry: Entry | undefined }): readonly string[] {
  const { env, entry } = given;
  const asked = new Set([...skill.requires.env, ...(skill.primaryEnv === undefined ? [] : [skill.primaryEnv])]);
  const hasKey = (entry?.apiKey ?? "") !== "";
  return [...asked].filter(
    (name) => (env[name] ?? "") !== "" && !mayTake(skill, name, given) && !(hasKey && name === skill.primaryEnv),
  );
}

function looksSecret(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || LOGIN_IN_ADDRESS.test(value) || redact(value) !== value;
}
