/** Keys of `hooks.internal`: scripts that run on events of the gateway itself. */
import { Type, closed } from "../../contracts/schema.ts";
import {
  flag,
  maybeFlag,
  maybeListOf,
  maybeMapOf,
  maybePart,
  maybeSettings,
  maybeText,
  maybeWords,
} from "../../contracts/config-kinds.ts";

const entry = Type.Object(
  { enabled: maybeFlag("Run it"), env: maybeMapOf(Type.String(), "Variables that it gets") },
  { additionalProperties: Type.Unknown({ description: "Settings of the hook" }) },
);

const handler = closed({
  event: Type.String({ minLength: 1, description: "Event, such as `command:new`" }),
  module: Type.String({ minLength: 1, description: "Script, relative to the workspace" }),
  export: maybeText("Function of the script; absent means the default one"),
});

export const internal = maybePart(
  {
    enabled: flag(false, "Run hooks on events of the gateway"),
    entries: maybeMapOf(entry, "Single hooks by name"),
    handlers: maybeListOf(handler, "Older form of entries, loaded last"),
    load: maybePart({ extraDirs: maybeWords("Further folders") }, "Where hooks are looked for"),
    installs: maybeSettings("Records of installed hook packs"),
  },
  "Scripts that run on events of the gateway itself",
);
