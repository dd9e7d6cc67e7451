/** Headers of requests, as they may leave. */
import { errors } from "./faults.ts";
import { printable, shortened } from "./text.ts";

/** A name and a value as RFC 9110 allows them, §5.1 and §5.5. */
const NAME = /^[!#$%&'*+.^_`|~\w-]{1,256}$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** In lower case, without white space at the ends of their values. Throws `FETCH_HEADER`. */
export function legalHeaders(headers: Readonly<Record<string, string>> = {}, host: string): Record<string, string> {
  const legal = Object.entries(headers).map(([name, given]) => {
    const value = given.trim();
    if (!NAME.test(name) || !VALUE.test(value))
      throw errors.FETCH_HEADER({ host, name: shortened(printable(name), 40) });
    return [name.toLowerCase(), value] as const;
  });
  return Object.fromEntries(legal);
}
