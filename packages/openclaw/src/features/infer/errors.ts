import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  INFER_NOTHING_ASKED: fault<{ flag: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ flag }) => `Nothing was asked: ${flag} is missing or empty.`,
    remedy: ({ flag }) => `Give it with ${flag}.`,
  }),
  INFER_MODEL_REF: fault<{ given: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ given }) => `"${given}" does not name a provider.`,
    remedy: "Write provider/model.",
  }),
  INFER_TOO_LATE: fault<{ ms: number }>({
    status: 504,
    rpc: "UNAVAILABLE",
    say: ({ ms }) => `There was no answer within ${ms} ms.`,
    remedy: "Give it longer with --timeout-ms.",
    retryable: true,
  }),
  INFER_FILE: fault<{ path: string; reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ path, reason }) => `The file ${path} cannot be used: ${reason}.`,
    remedy: "Give a picture, a PDF or a text of at most 20 MB.",
  }),
  INFER_UNKNOWN: fault<{ capability: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ capability }) => `There is nothing called "${capability}" to ask for.`,
    remedy: "List what there is with: openclaw infer list",
  }),
});
