import { nearest } from "../../base/text.ts";
import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  STATE_DIR_UNWRITABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `OpenClaw cannot keep its state in ${path}: ${reason}.`,
    remedy: "Give this user write access to that folder, or choose another one with OPENCLAW_STATE_DIR.",
  }),
  SETUP_CHOICE_UNKNOWN: fault<{ id: string; known: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `There is no --auth-choice "${id.slice(0, 80)}".`,
    remedy: ({ id, known }) => {
      const near = nearest(id.slice(0, 80), known);
      return `${near === undefined ? "" : `Did you mean ${near}? `}They are listed, vendor by vendor, in docs/reference/vendors.md`;
    },
  }),
  SETUP_CHOICES_MANY: fault<{ flags: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ flags }) => `One vendor is connected at a time, and there are keys of several: ${flags.join(", ")}.`,
    remedy: "Run it once for each, or say with --auth-choice which one is meant.",
  }),
  SETUP_KEY_MISSING: fault<{ what: string; flag: string; names: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ what, flag, names }) =>
      names.length === 0
        ? `There is nothing to connect ${what} with: ${flag} is missing.`
        : `There is no key for ${what}: ${flag} is missing, and ${names.slice(0, 2).join(" or ")} is not set.`,
    remedy: "Give one of them and run it again. Nothing was changed.",
  }),
  SETUP_KEY_UNUSABLE: fault<{ what: string; problem: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ what, problem }) => `The key for ${what} cannot be used: ${problem}.`,
    remedy: "Copy it again, whole. Nothing was changed.",
  }),
  SETUP_REF_NEEDS_VARIABLE: fault<{ what: string; names: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ what, names }) =>
      `--secret-input-mode ref stores the name of a variable, and none with a key for ${what} is set (${names.slice(0, 2).join(", ")}).`,
    remedy: "Set the variable, also for the gateway, or leave out --secret-input-mode. Nothing was changed.",
  }),
  SETUP_NEEDS_PERSON: fault<{ choice: string; provider: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ choice }) => `${choice} is a login that a person does in a browser or with a code.`,
    remedy: ({ provider }) => `In a terminal, run: openclaw models auth login --provider ${provider} --set-default`,
  }),
  SETUP_FLAG: fault<{ problem: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ problem }) => problem,
    remedy: "See how it is used with: openclaw onboard --help. Nothing was changed.",
  }),
  SETUP_SERVER_SILENT: fault<{ url: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ url }) => `No model can be had from ${url}.`,
    remedy:
      "Start the server and load a model, or name the model with --custom-model-id and, if it runs elsewhere, its address with --custom-base-url.",
  }),
  WIZARD_NOT_FOUND: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "wizard not found",
    remedy: "Set up with: openclaw setup",
  }),
});
