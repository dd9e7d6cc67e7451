import { useEffect, useState } from "preact/hooks";
import { spanText } from "../lib/time.ts";

/** Time that passes, by the second; nothing before the first. */
export function Elapsed({ since }: { readonly since: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.floor((now - since) / 1000);
  return <span>{seconds < 1 ? "" : spanText(seconds * 1000)}</span>;
}
