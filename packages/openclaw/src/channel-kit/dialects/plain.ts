/** Plain text: no marks; a link's address follows its label. */
import { emit } from "../_emit.ts";
import type { Dialect } from "../styled.ts";

export const plain: Dialect = (styled) =>
  emit(styled, {
    escape: (text) => text,
    mark: (span) => {
      if (span.kind !== "link" || styled.text.slice(span.start, span.end) === span.href) return undefined;
      return { open: "", close: ` (${span.href.replace(/^mailto:/i, "")})` };
    },
  });
