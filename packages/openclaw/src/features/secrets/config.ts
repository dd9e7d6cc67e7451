/** `secrets`: where referenced secrets come from. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  flag,
  maybeMapOf,
  maybeText,
  maybeWhole,
  maybeWords,
  part,
  pick,
  text,
  whole,
  words,
} from "../../contracts/config-kinds.ts";

const ALIAS = "^[a-z][a-z0-9_-]{0,63}$";
const alias = { pattern: ALIAS, hint: "a name of small letters, digits, - and _" };
const kind = <K extends string>(source: K) => choice([source], { description: "Kind of provider" });

const fromEnv = closed({
  source: kind("env"),
  allowlist: maybeWords("Names of variables that may be read; absent means any"),
});

const fromFile = closed({
  source: kind("file"),
  path: Type.String({ minLength: 1, description: "File; only its owner may be able to read it" }),
  mode: pick(["json", "singleValue"], "json", "Look values up by pointer, or take the whole file as the one value"),
  maxBytes: maybeWhole("Largest file read", { minimum: 1 }),
  timeoutMs: whole(5000, "Longest read, ms", { minimum: 1 }),
  allowInsecurePath: flag(false, "Skip the check of owner and permissions"),
});

const fromCommand = closed({
  source: kind("exec"),
  command: Type.String({
    pattern: "^(/|[A-Za-z]:[\\\\/])",
    hint: "an absolute path",
    description: "Absolute path of a program; run without a shell",
  }),
  args: words([], "Its arguments"),
  passEnv: maybeWords("Variables of the gateway that it gets besides the basic ones"),
  env: maybeMapOf(Type.String(), "Further variables that it gets"),
  trustedDirs: maybeWords("Folders one of which must contain the program"),
  jsonOnly: flag(true, "Refuse output that does not follow the protocol; otherwise the output is the value"),
  timeoutMs: whole(5000, "Longest run, ms", { minimum: 1 }),
  noOutputTimeoutMs: maybeWhole("Longest silence, ms", { minimum: 1 }),
  maxOutputBytes: maybeWhole("Longest output", { minimum: 1 }),
  allowInsecurePath: flag(false, "Skip the check of owner and permissions"),
  allowSymlinkCommand: flag(false, "Accept a link as the program"),
});

const providers = defaulted(
  Type.Record(Type.String({ pattern: ALIAS }), Type.Union([fromEnv, fromFile, fromCommand]), {
    default: {},
    description: "Providers by a name of your choice; `default` of kind env is always there",
  }),
);

const secretsSection = defineConfig({
  path: "secrets",
  summary: "Where secrets come from that the file only refers to.",
  reload: "restart",
  secrets: ["providers.*.env.*"],
  schema: closed({
    providers,
    defaults: part(
      {
        env: text("default", "Provider meant by a reference of kind env that names none", alias),
        file: maybeText("The same for kind file", alias),
        exec: maybeText("The same for kind exec", alias),
      },
      "Providers meant when a reference names none",
    ),
    resolution: part(
      {
        maxProviderConcurrency: whole(4, "Providers asked at the same time", { minimum: 1 }),
        maxRefsPerProvider: whole(512, "References that one provider may have", { minimum: 1 }),
        maxBatchBytes: whole(262_144, "Largest question to a provider", { minimum: 1 }),
      },
      "Limits",
    ),
  }),
});

export const config = [secretsSection];
