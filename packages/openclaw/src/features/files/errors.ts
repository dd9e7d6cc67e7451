import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  PATH_INVALID: fault<{ reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `The parameter path ${reason}.`,
    remedy: "Give the path of one file.",
  }),
  READ_BINARY: fault<{ path: string; bytes: number }>({
    status: 415,
    rpc: "INVALID_REQUEST",
    say: ({ path, bytes }) => `${path} is no text (${bytes} bytes of something else).`,
    remedy: "Use exec with a program that understands it.",
  }),
  READ_PAST_END: fault<{ path: string; lines: number }>({
    status: 416,
    rpc: "INVALID_REQUEST",
    say: ({ path, lines }) => `${path} has only ${lines} ${lines === 1 ? "line" : "lines"}.`,
    remedy: "Use a smaller offset.",
  }),
  READ_TOO_FAR: fault<{ path: string; bytes: number }>({
    status: 416,
    rpc: "INVALID_REQUEST",
    say: ({ path, bytes }) => `That line of ${path} lies beyond the first ${bytes} bytes.`,
    remedy: "Use exec with sed or tail for files this large.",
  }),
  IMAGE_TOO_LARGE: fault<{ path: string; bytes: number; maxBytes: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ path, bytes, maxBytes }) => `The picture ${path} has ${bytes} bytes; at most ${maxBytes} can be shown.`,
    remedy: "Make a smaller copy and read that.",
  }),
  PATCH_MALFORMED: fault<{ problem: string; line: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ problem, line }) => `The patch cannot be read at line ${line}: ${problem}.`,
    remedy: "Send the whole patch again in the format of the tool; nothing was changed.",
  }),
  PATCH_NO_MATCH: fault<{ path: string; hunk: number; line: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path, hunk, line }) =>
      `Change ${hunk} of ${path} does not fit: its lines are not there (first: ${JSON.stringify(line.slice(0, 120))}).`,
    remedy: "Read the file and send a patch with its lines as they are; nothing was changed.",
  }),
  PATCH_NO_FILE: fault<{ path: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `There is no file ${path} to change.`,
    remedy: "Use *** Add File for a new file; nothing was changed.",
  }),
  PATCH_EXISTS: fault<{ path: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `${path} is there already.`,
    remedy: "Use *** Update File, or another name; nothing was changed.",
  }),
  EDIT_TOO_LARGE: fault<{ path: string; maxBytes: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ path, maxBytes }) => `${path} is too large to be edited (more than ${maxBytes} bytes).`,
    remedy: "Use exec with sed.",
  }),
  EDIT_NOT_TEXT: fault<{ path: string }>({
    status: 415,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `${path} is no UTF-8 text; editing it would damage it.`,
    remedy: "Use exec with a program that understands it.",
  }),
  EDIT_EMPTY: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "The parameter oldText is empty.",
    remedy: "Give the text to be replaced; to make a new file use write.",
  }),
  EDIT_SAME: fault<{ path: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `oldText and newText are the same; ${path} was not changed.`,
    remedy: "Give the text as it should become.",
  }),
  EDIT_NO_MATCH: fault<{ path: string; near: number | undefined }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path, near }) =>
      `0 matches: oldText does not occur in ${path}${near === undefined ? "" : `; line ${near} differs in whitespace only`}.`,
    remedy: "Read the file again and copy the text exactly, spaces and line breaks included.",
  }),
  EDIT_MANY_MATCHES: fault<{ path: string; count: number; lines: readonly number[] }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path, count, lines }) => `${count} matches: oldText occurs in ${path} at lines ${lines.join(", ")}.`,
    remedy: "Give more of the text around the place, so that it fits once.",
  }),
});
