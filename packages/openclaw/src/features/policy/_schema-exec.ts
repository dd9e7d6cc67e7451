/** Keys of `tools.exec`, also read per agent under `agents.list[].tools.exec`. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";

const flags = () => Type.Optional(Type.Array(Type.String()));

const safeBinProfile = closed({
  minPositional: Type.Optional(Type.Integer({ minimum: 0 })),
  maxPositional: Type.Optional(Type.Integer({ minimum: 0 })),
  allowedValueFlags: flags(),
  deniedFlags: flags(),
});

const applyPatch = closed(
  {
    enabled: defaulted(Type.Boolean({ default: false, description: "Experimental; OpenAI and Codex models only" })),
    allowModels: Type.Optional(Type.Array(Type.String(), { description: "`gpt-5.2` or `openai/gpt-5.2`" })),
    workspaceOnly: defaulted(Type.Boolean({ default: true })),
  },
  { default: {} },
);

export const exec = defaulted(
  closed(
    {
      backgroundMs: defaulted(
        Type.Integer({ minimum: 0, default: 10_000, description: "Until a command goes on in the background, ms" }),
      ),
      timeoutSec: defaulted(
        Type.Integer({ minimum: 0, default: 1800, description: "Until a command is ended, seconds; 0 = never" }),
      ),
      cleanupMs: defaulted(
        Type.Integer({ minimum: 0, default: 1_800_000, description: "How long finished commands are kept, ms" }),
      ),
      notifyOnExit: defaulted(
        Type.Boolean({ default: true, description: "Tell the session when a background command ends" }),
      ),
      notifyOnExitEmptySuccess: defaulted(
        Type.Boolean({ default: false, description: "Also when it ended well and printed nothing" }),
      ),
      approvalRunningNoticeMs: defaulted(
        Type.Integer({ minimum: 0, default: 10_000, description: "Until an approved command is reported as running" }),
      ),
      host: Type.Optional(
        choice(["auto", "sandbox", "gateway", "node"], {
          description: "Where commands run; absent = the sandbox when the session has one, else this machine",
        }),
      ),
      security: Type.Optional(
        choice(["deny", "allowlist", "full"], {
          description: "What an explicit host may run; absent = deny in a sandbox, allowlist on gateway and node",
        }),
      ),
      ask: Type.Optional(choice(["off", "on-miss", "always"], { description: "When to ask first; absent = on-miss" })),
      node: Type.Optional(Type.String({ description: "Node used when the host is `node`" })),
      pathPrepend: defaulted(Type.Array(Type.String(), { default: [], description: "Folders put before PATH" })),
      safeBins: defaulted(
        Type.Array(Type.String(), {
          default: ["cut", "uniq", "head", "tail", "tr", "wc"],
          description: "Filters that may run without an entry in the allow-list",
        }),
      ),
      safeBinTrustedDirs: defaulted(
        Type.Array(Type.String(), { default: [], description: "Folders of such filters besides /bin and /usr/bin" }),
      ),
      safeBinProfiles: Type.Optional(Type.Record(Type.String(), safeBinProfile)),
      strictInlineEval: defaulted(
        Type.Boolean({ default: false, description: "Always ask before `python -c`, `node -e` and the like" }),
      ),
      applyPatch: defaulted(applyPatch),
    },
    { default: {} },
  ),
);
