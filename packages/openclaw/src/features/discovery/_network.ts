/** Multicast DNS on the local network, through the library; loaded when it is needed. */
import type { Answer } from "./_records.ts";

export interface Question {
  readonly name: string;
  readonly type: string;
}

export interface Network {
  ask(question: Question): void;
  tell(answers: readonly Answer[]): Promise<void>;
  onQuestion(listen: (questions: readonly Question[]) => void): void;
  onAnswers(listen: (answers: readonly Answer[]) => void): void;
  onTrouble(listen: (error: Error) => void): void;
  close(): void;
}

const SEND_MS = 500;

export async function openNetwork(): Promise<Network> {
  const { default: multicastDns } = await import("multicast-dns");
  const mdns = multicastDns({ reuseAddr: true });
  return {
    ask: (question) => mdns.query([question as never]),
    tell: (answers) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, SEND_MS);
        mdns.respond({ answers: answers as never }, () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    onQuestion: (listen) => void mdns.on("query", ({ questions }) => listen(questions as readonly Question[])),
    onAnswers: (listen) =>
      void mdns.on("response", ({ answers, additionals }) =>
        listen([...(answers ?? []), ...(additionals ?? [])].flatMap(readable)),
      ),
    onTrouble: (listen) => {
      mdns.on("error", listen);
      mdns.on("warning", listen);
    },
    close: () => mdns.destroy(),
  };
}

interface Raw {
  readonly name: string;
  readonly type: string;
  readonly ttl?: number | undefined;
  readonly data: unknown;
}

/** TXT data arrives as bytes, one piece per text. */
function readable(record: unknown): Answer[] {
  const { name, type, ttl, data } = record as Raw;
  const common = { name, ...(ttl === undefined ? {} : { ttl }) };
  if (type === "TXT") {
    const pieces = (Array.isArray(data) ? data : [data]).map((piece: unknown) =>
      Buffer.isBuffer(piece) ? piece.toString("utf8") : String(piece),
    );
    return [{ ...common, type, data: pieces }];
  }
  if (type === "SRV") {
    const { port, target } = (data ?? {}) as { port?: unknown; target?: unknown };
    return typeof port === "number" && typeof target === "string" ? [{ ...common, type, data: { port, target } }] : [];
  }
  if ((type === "PTR" || type === "A" || type === "AAAA") && typeof data === "string")
    return [{ ...common, type, data }];
  return [];
}
