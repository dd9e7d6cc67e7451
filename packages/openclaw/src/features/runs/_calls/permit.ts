/**
 * Between a tool call and doing it: the gate, and a person where the gate asks for one. An answer holds for
 * exactly what was shown. So the act is looked at once more after it, and judged once more: what has changed
 * meanwhile (the program behind a name, the rules of the host) is asked about anew.
 */
import type { ToolCallPart } from "../../../contracts/message.ts";
import type { Preview, Tool } from "../../../contracts/tool.ts";
import { digestOf } from "../../approvals/index.ts";
import type { ActContext, PolicyService, Verdict } from "../../policy/index.ts";
import { errors } from "../errors.ts";

export interface Question {
  readonly call: ToolCallPart;
  readonly tool: Tool;
  readonly preview: Preview;
  readonly verdict: Extract<Verdict, { verdict: "ask" }>;
  /** Of the exact act. */
  readonly digest: string;
}

/** How a run gets a person's yes. */
export interface Consent {
  /** Resolves when the act may be done; throws a Fault that says why not. */
  ask(question: Question): Promise<void>;
  /** The allow-list of the host let this through. */
  listed(preview: Preview): void;
}

export interface Permitting {
  readonly policy: PolicyService;
  readonly act: ActContext;
  /** Absent where nobody can be asked. */
  readonly consent?: Consent;
}

interface Act {
  readonly call: ToolCallPart;
  readonly tool: Tool;
  /** What it would do, as things stand now. */
  readonly look: () => Preview | Promise<Preview>;
  /** Contents that an answer is bound to besides: the scripts that would run. */
  readonly bind?: (exact: Preview["exact"]) => Promise<unknown>;
}

const MAX_QUESTIONS = 3;

/** Resolves when the act may be done now. Throws why not. */
export async function permit({ policy, act, consent }: Permitting, { call, tool, look, bind }: Act): Promise<void> {
  let agreed: string | undefined;
  for (let asked = 0; asked <= MAX_QUESTIONS; asked += 1) {
    if (tool.effect === "exec") await policy.refresh();
    const preview = await look();
    const verdict = policy.judge({ effect: tool.effect, tool: tool.name, preview }, act);
    if (verdict.verdict === "deny") throw errors.TOOL_REFUSED({ tool: tool.name, reason: verdict.reason });
    if (verdict.verdict === "allow") {
      if (verdict.rule === "exec-allowlisted") consent?.listed(preview);
      return;
    }
    const { agentId, sessionKey, runId } = act;
    const exact = { ...preview.exact, contents: await bind?.(preview.exact) };
    const digest = digestOf({ tool: tool.name, agentId, sessionKey, runId, exact });
    if (digest === agreed) return;
    if (consent === undefined) throw errors.TOOL_HEADLESS({ tool: tool.name });
    await consent.ask({ call, tool, preview, verdict, digest });
    agreed = digest;
  }
  throw errors.APPROVAL_UNSTEADY({ tool: tool.name });
}
