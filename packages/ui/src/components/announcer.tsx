import { useSignalEffect } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { nextSentences } from "../lib/sentences.ts";
import { useApp } from "../state/app.ts";

/** Reads a streamed answer to screen readers, one sentence at a time. */
export function Announcer() {
  const { conversation } = useApp();
  const [said, setSaid] = useState("");
  const place = useRef({ key: "", text: "", end: 0 });
  useSignalEffect(() => {
    const row = conversation.loose.value.findLast((one) => one.kind === "text");
    const before = place.current;
    if (row?.kind !== "text") {
      const rest = before.text.slice(before.end).trim();
      place.current = { key: "", text: "", end: 0 };
      if (rest !== "") setSaid(rest);
      return;
    }
    const from = row.key === before.key ? before.end : 0;
    const next = nextSentences(row.text, from);
    place.current = { key: row.key, text: row.text, end: next.end };
    if (next.said !== "") setSaid(next.said);
  });
  return (
    <div class="offstage" role="log" aria-live="polite" aria-atomic="true">
      {said}
    </div>
  );
}
