import { useEffect, useState } from "preact/hooks";
import { spanText } from "../lib/time.ts";

/** Time that passes, by the second. */
export function Elapsed({ since }: { readonly since: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span>{spanText(Math.max(0, Math.floor((now - since) / 1000) * 1000))}</span>;
}
