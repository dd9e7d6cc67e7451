/** The one shape of what every `infer` command prints with `--json`. */
import type { CliContext } from "../../contracts/cli.ts";
import { Fault, errorText } from "../../base/errors.ts";

export interface Envelope {
  readonly ok: boolean;
  /** Such as `model.run`. */
  readonly capability: string;
  readonly transport: "local" | "gateway";
  readonly provider: string | null;
  readonly model: string | null;
  readonly attempts: readonly object[];
  readonly outputs: readonly Output[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Output {
  readonly text?: string;
  readonly path?: string;
  readonly mimeType?: string;
  readonly [key: string]: unknown;
}

export interface Done extends Partial<Omit<Envelope, "ok" | "capability" | "error">> {
  readonly outputs: readonly Output[];
}

/** Runs a question and prints what came of it; 1 for a failure and for nothing. */
export async function answered(
  context: CliContext,
  capability: string,
  ask: () => Promise<Done>,
): Promise<number | void> {
  const { global, options, out } = context;
  const asJson = global.json || options["json"] === true;
  const base = { capability, transport: "local", provider: null, model: null, attempts: [] } as const;
  try {
    const done = await ask();
    const ok = done.outputs.some(
      ({ text, path, ...rest }) => (text ?? path ?? "") !== "" || Object.keys(rest).length > 0,
    );
    if (asJson) out.json({ ok, ...base, ...done, ...(ok ? {} : { error: EMPTY }) });
    else if (ok) for (const { text, path } of done.outputs) out.line(text ?? path ?? "");
    else out.note(EMPTY.message);
    return ok ? undefined : 1;
  } catch (error) {
    if (!asJson || context.signal.aborted) throw error;
    const code = error instanceof Fault ? error.code : "FAILED";
    out.json({ ok: false, ...base, outputs: [], error: { code, message: errorText(error) } });
    return 1;
  }
}

const EMPTY = { code: "EMPTY", message: "The answer is empty." };
