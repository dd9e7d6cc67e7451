/** Keys of `gateway.http`. */
import { flag, maybePart, maybeWhole, maybeWords, part, whole } from "../../contracts/config-kinds.ts";
import { Type } from "../../contracts/schema.ts";

const fetchLimits = (maxBytes: number) => ({
  allowUrl: flag(true, "Load them from addresses"),
  urlAllowlist: maybeWords(
    "Hosts they may come from, with `*` for any characters; absent or empty means any public one",
  ),
  allowedMimes: maybeWords("Kinds that are taken; absent means those that are understood"),
  maxBytes: whole(maxBytes, "Largest one, bytes", { minimum: 1 }),
  maxChars: maybeWhole("Most text of one, characters", { minimum: 1 }),
  maxRedirects: whole(3, "Redirects followed"),
  timeoutMs: whole(10_000, "Longest loading, ms", { minimum: 1 }),
  pdf: maybePart(
    {
      maxPages: maybeWhole("Most pages read", { minimum: 1 }),
      maxPixels: maybeWhole("Largest page drawn, pixels", { minimum: 1 }),
      minTextChars: maybeWhole("Text from which a page is not drawn, characters"),
    },
    "PDF files",
  ),
});

const chatCompletions = part(
  {
    enabled: flag(false, "Serve `POST /v1/chat/completions`"),
    maxBodyBytes: whole(20_000_000, "Largest request, bytes", { minimum: 1 }),
    images: part(
      { ...fetchLimits(10_485_760), allowUrl: flag(false, "Load them from addresses") },
      "Pictures in requests",
    ),
  },
  "Chat completions as OpenAI has them",
);

const responses = part(
  {
    enabled: flag(false, "Serve `POST /v1/responses`"),
    maxBodyBytes: whole(20_000_000, "Largest request, bytes", { minimum: 1 }),
    maxUrlParts: whole(8, "Addresses that one request may name"),
    files: part(
      { ...fetchLimits(5_242_880), maxChars: whole(200_000, "Most text of one, characters", { minimum: 1 }) },
      "Files in requests",
    ),
    images: part(fetchLimits(10_485_760), "Pictures in requests"),
  },
  "Responses as OpenAI has them",
);

export const http = part(
  {
    endpoints: part({ chatCompletions, responses }, "Interfaces for other programs"),
    securityHeaders: part(
      {
        strictTransportSecurity: Type.Optional(
          Type.Union([Type.String(), Type.Literal(false)], {
            description: "Value of the Strict-Transport-Security header",
          }),
        ),
      },
      "Headers of every answer",
    ),
    allowSessionKeyOverride: flag(true, "Let HTTP callers choose the session"),
  },
  "HTTP",
);
