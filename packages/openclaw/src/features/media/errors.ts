import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  IMAGE_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "image required: provide a path, a URL or a data URI of a picture",
    remedy: "Give it as image, or several as images.",
  }),
  IMAGE_TOO_MANY: fault<{ count: number; most: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ count, most }) => `${count} pictures are too many at once; at most ${most} can be looked at.`,
    remedy: "Look at them in several calls.",
  }),
  IMAGE_TOO_BIG: fault<{ image: string; maxBytes: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ image, maxBytes }) => `The picture ${image} has more than ${maxBytes} bytes.`,
    remedy: "Make a smaller copy, or raise maxBytesMb.",
  }),
  IMAGE_UNKNOWN: fault<{ image: string }>({
    status: 415,
    rpc: "INVALID_REQUEST",
    say: ({ image }) => `${image} is no picture that models take (png, jpeg, gif, webp).`,
    remedy: "Convert it first, for example with ImageMagick.",
  }),
  IMAGE_URL: fault<{ image: string; reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ image, reason }) => `The picture ${image} could not be fetched (${reason}).`,
    remedy: "Check the address, or save the picture and give its path.",
    retryable: true,
  }),
  IMAGE_NO_MODEL: fault<void>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: () => "No model that is configured here can look at pictures.",
    remedy: "Set agents.defaults.imageModel to one that can.",
  }),
  IMAGE_UNANSWERED: fault<{ reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ reason }) => `The model for pictures did not answer (${reason}).`,
    remedy: "Try again later, or with another model.",
    retryable: true,
  }),
});
