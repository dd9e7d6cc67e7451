import type { SaidRow } from "openclaw/client";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../state/app.ts";

export interface Said {
  /** What was found for the words that were asked for last. */
  readonly rows: readonly SaidRow[];
  readonly searching: boolean;
}

/** Words shorter than this are in everything. */
const SHORTEST = 2;
/** Time without a key after which the gateway is asked. */
const REST_MS = 250;
const MOST = 12;
/** Time that the gateway may take. */
const TIME_MS = 4000;
const NOTHING: Said = { rows: [], searching: false };

/** Messages in all conversations that hold the words. */
export function useSaid(query: string): Said {
  const { connection } = useApp();
  const [said, setSaid] = useState(NOTHING);
  const wanted = query.trim();
  useEffect(() => {
    if (wanted.length < SHORTEST || wanted.startsWith("/")) {
      setSaid(NOTHING);
      return;
    }
    let over = false;
    setSaid(({ rows }) => ({ rows, searching: true }));
    const asked = { query: wanted, limit: MOST, timeoutMs: TIME_MS };
    const timer = setTimeout(() => {
      // Who is not connected reads so elsewhere; what is known here is still to be chosen from.
      const answer = connection.gateway()?.request("sessions.search", asked) ?? Promise.resolve(undefined);
      const show = (rows: readonly SaidRow[]) => void (over || setSaid({ rows, searching: false }));
      answer.then(
        (found) => show(found?.results ?? []),
        () => show([]),
      );
    }, REST_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return said;
}
