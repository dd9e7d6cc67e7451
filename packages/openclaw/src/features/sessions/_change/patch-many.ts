/** `sessions.patchMany`: the same change for many conversations, each for itself. */
import { errorData } from "../../../base/errors.ts";
import { compact } from "../../../base/text.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { errors } from "../errors.ts";
import { patch } from "./patch.ts";

interface Question {
  readonly keys: readonly string[];
  readonly agentId?: string;
  readonly patch: Readonly<Record<string, unknown>>;
  readonly expectedSessionIds?: Readonly<Record<string, string>>;
}

/** One after another: what fails changes nothing of its own, and stops no other. */
export async function patchMany(call: MethodCall, { keys, agentId, patch: wishes, expectedSessionIds = {} }: Question) {
  if (Object.keys(wishes).length === 0) throw errors.PATCH_EMPTY();
  const results = [];
  for (const key of new Set(keys)) {
    const expectedSessionId = Object.hasOwn(expectedSessionIds, key) ? expectedSessionIds[key] : undefined;
    try {
      const { key: canonical, entry } = await patch(call, {
        ...wishes,
        key,
        ...compact({ agentId, expectedSessionId }),
      });
      results.push({ key: canonical, ok: true as const, sessionId: entry.sessionId });
    } catch (error) {
      const { code, message, remedy } = errorData(error);
      results.push({ key, ok: false as const, error: { code, message, ...compact({ remedy }) } });
    }
  }
  const changed = results.filter(({ ok }) => ok).length;
  return { ok: changed === results.length, changed, failed: results.length - changed, results };
}
