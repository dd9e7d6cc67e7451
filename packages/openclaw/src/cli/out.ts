/** What commands print with. */
import type { CliOut } from "../contracts/cli.ts";

export { table } from "../base/table.ts";

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

export type Paint = CliOut["paint"];

const PALETTE = { accent: "#FF5A2D", success: "#2FBF71", warn: "#FFB020", error: "#E23D2D" } as const;

export interface OutOptions {
  readonly tty: boolean;
  readonly color: boolean;
  /** Writes the commands in a text as they are typed here. */
  readonly named: (text: string) => string;
}

export function createOut(streams: Streams, options: OutOptions): CliOut {
  const { named } = options;
  return {
    line: (text = "") => void streams.stdout.write(`${harmless(text)}\n`),
    json: (value) => void streams.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => void streams.stderr.write(`${harmless(named(text))}\n`),
    named,
    tty: options.tty,
    paint: options.color ? COLOURS : PLAIN,
  };
}

/** Text of others may stand in it: colours stay, whatever else would move the cursor or talk to the terminal does not. */
function harmless(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
    /\u001b(?!\[[0-9;]{0,32}m)|\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/g,
    "\ufffd",
  );
}

function hex(colour: string): (text: string) => string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return (text) => `\u001b[38;2;${r};${g};${b}m${text}\u001b[39m`;
}

const COLOURS: Paint = {
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
  accent: hex(PALETTE.accent),
  success: hex(PALETTE.success),
  warn: hex(PALETTE.warn),
  error: hex(PALETTE.error),
};

const same = (text: string) => text;
const PLAIN: Paint = { bold: same, dim: same, accent: same, success: same, warn: same, error: same };
