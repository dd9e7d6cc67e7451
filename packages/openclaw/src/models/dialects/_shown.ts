/** What of a message an endpoint can be shown: the rest becomes a note in its place. */
import type { DocumentPart, ImagePart, TextPart } from "../../contracts/message.ts";
import type { Endpoint } from "../../contracts/model.ts";

type Given = TextPart | ImagePart | DocumentPart;

const NO_PICTURES = "[picture left out: this model takes no pictures]";

/** One for each part, in their order. */
export function shownTo(endpoint: Endpoint, content: string | readonly Given[]): readonly Given[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return content.map((part) => {
    if (part.type === "image" && !takesPictures(endpoint)) return { type: "text", text: NO_PICTURES };
    if (part.type === "document" && !endpoint.documents)
      return { type: "text", text: `[${part.name ?? "document"} left out: this model takes no documents]` };
    return part;
  });
}

function takesPictures({ model }: Endpoint): boolean {
  return model.input.includes("image") && !model.compat?.requiresStringContent;
}
