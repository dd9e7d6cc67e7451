import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  AUDIO_UNREADABLE: fault<{ path: string; reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ path, reason }) => `The file ${path} cannot be listened to: ${reason.replace(/\.$/, "")}.`,
    remedy: "Give a sound file, or a video, within tools.media.audio.maxBytes.",
  }),
  AUDIO_NOBODY: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "Nobody can listen to it.",
    remedy: "Set the key of one, such as OPENAI_API_KEY, GROQ_API_KEY or DEEPGRAM_API_KEY, or install whisper.",
  }),
  AUDIO_FAILED: fault<{ attempts: readonly { readonly provider: string; readonly error: string }[] }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ attempts }) =>
      `Nothing was understood: ${attempts.map(({ provider, error }) => `${provider}: ${error.replace(/\.$/, "")}`).join("; ")}.`,
    remedy: "Try again later, or name another provider with --model.",
    retryable: true,
  }),
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
    say: ({ image, maxBytes }) => `The picture${image === "" ? "" : ` ${image}`} has more than ${maxBytes} bytes.`,
    remedy: "Make a smaller copy, or raise maxBytesMb.",
  }),
  IMAGE_BOMB: fault<{ width: number; height: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ width, height }) =>
      `The picture says that it has ${width} × ${height} pixels; pictures of more than 64 million pixels, or more than 16,384 on a side, are not opened.`,
    remedy: "Make a smaller copy of it first.",
  }),
  IMAGE_BROKEN: fault<{ reason: string }>({
    status: 415,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `The picture cannot be read (${reason}).`,
    remedy: "Send it again, or as another kind of file.",
  }),
  IMAGE_PROCESSING_UNAVAILABLE: fault<void>({
    status: 501,
    rpc: "UNAVAILABLE",
    say: () => "The picture would have to be made smaller, and the library for that (sharp) is not installed here.",
    remedy: "Install openclaw again with --include=optional, or send a smaller picture.",
  }),
  INBOUND_TOO_LARGE: fault<{ size: string; limit: string }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ size, limit }) => `${size} exceeds ${limit} limit`,
    remedy: "Raise mediaMaxMb of the channel, or send a smaller file.",
  }),
  INBOUND_NO_MEDIA: fault<{ reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ reason }) => `The file could not be downloaded: ${reason}.`,
    remedy: "Send it again.",
    retryable: true,
  }),
  MEDIA_UNKNOWN: fault<{ ref: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ ref }) => `There is no file ${ref}.`,
    remedy: "Files that came in are kept for a week; have it sent again.",
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
  PDF_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "pdf required: provide a path or URL to a PDF document",
    remedy: "Give it as pdf, or several as pdfs.",
  }),
  PDF_TOO_MANY: fault<{ count: number; most: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ count, most }) => `${count} documents are too many at once; at most ${most} can be read.`,
    remedy: "Read them in several calls.",
  }),
  PDF_REFERENCE: fault<{ pdf: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ pdf }) => `${pdf} is nothing that can be read as a PDF document.`,
    remedy: "Give a path, a file:// or http(s) address, or a media://inbound reference of a PDF file.",
  }),
  PDF_TOO_BIG: fault<{ pdf: string; maxBytes: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ pdf, maxBytes }) => `The document ${pdf} has more than ${maxBytes} bytes.`,
    remedy: "Give a smaller one, or raise maxBytesMb or agents.defaults.pdfMaxBytesMb.",
  }),
  PDF_PAGES: fault<{ pages: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ pages }) => `"${pages}" names no pages.`,
    remedy: "Write page numbers and ranges from 1 on, such as 1-5,7.",
  }),
  PDF_NATIVE_ONLY: fault<{ what: "pages" | "password" }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ what }) => `${what} is not supported with native PDF providers`,
    remedy: ({ what }) => `Leave ${what} out, or name a model of another provider.`,
  }),
  PDF_LOCKED: fault<void>({
    status: 422,
    rpc: "INVALID_REQUEST",
    say: () => "The document is locked with a password, or the password is wrong.",
    remedy: "Give the password.",
  }),
  PDF_BROKEN: fault<{ reason: string }>({
    status: 422,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `The document cannot be read (${reason}).`,
    remedy: "Open it and save it again as PDF.",
  }),
  PDF_NO_TEXT: fault<void>({
    status: 422,
    rpc: "INVALID_REQUEST",
    say: () =>
      "The document has no text that can be read: its pages are pictures, and pages are not turned into pictures here.",
    remedy: "Name a model that reads PDF files itself, such as one of Anthropic or Google.",
  }),
  PDF_UNANSWERED: fault<{ reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ reason }) => `The model for documents did not answer (${reason}).`,
    remedy: "Try again later, or with another model.",
    retryable: true,
  }),
});
