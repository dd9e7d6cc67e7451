import { exactTime, shortTime } from "../lib/time.ts";

/** A time in short, exact on hover. */
export function When({ at }: { readonly at: number }) {
  return (
    <time class="when" dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {shortTime(at, Date.now())}
    </time>
  );
}
