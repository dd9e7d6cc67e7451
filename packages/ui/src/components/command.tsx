import { CopyButton } from "./copy-button.tsx";

/** A line to type in a terminal. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <CopyButton text={text} />
    </div>
  );
}
