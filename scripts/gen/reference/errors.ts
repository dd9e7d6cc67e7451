/** `docs/reference/errors.md`. */
import type { Item } from "../evaluate.ts";
import { cell, code, page, table } from "./markdown.ts";

interface Factory {
  readonly code: string;
  readonly spec: {
    readonly status: number;
    readonly rpc: string;
    readonly say: (params: unknown) => string;
    readonly remedy: string | ((params: unknown) => string);
    readonly retryable?: boolean;
  };
}

export function errorsPage(items: readonly Item[]): string {
  const body = (items as unknown as Factory[])
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code: name, spec }) => [
      code(name),
      String(spec.status),
      code(spec.rpc),
      cell(sentence(spec.say)),
      cell(typeof spec.remedy === "string" ? spec.remedy : sentence(spec.remedy)),
      spec.retryable ? "yes" : "",
    ]);
  const intro = "Every error that a person or program can meet. `<name>` stands for what the sentence fills in.";
  return page("Errors", intro, [table(["Code", "HTTP", "RPC", "Says", "Remedy", "Retry helps"], body)]);
}

/** The sentence with `<name>` for each parameter; a sentence that computes with its parameters keeps only what works. */
function sentence(say: (params: unknown) => string): string {
  try {
    return String(say(blank("…")));
  } catch {
    return "(depends on the case)";
  }
}

/** Any property of any depth, printed as its name; as a list it has one such item. */
function blank(name: string): unknown {
  const text = `<${name}>`;
  return new Proxy(() => text, {
    get(_target, key) {
      if (key === Symbol.toPrimitive || key === "toString" || key === "toJSON") return () => text;
      if (key === Symbol.iterator) return [text][Symbol.iterator].bind([text]);
      if (typeof key === "symbol") return undefined;
      if (key === "length") return 1;
      if (key in Array.prototype) return Reflect.get([text], key).bind([text]);
      if (key in String.prototype) return Reflect.get(Object(text), key).bind(text);
      return blank(key);
    },
  });
}
