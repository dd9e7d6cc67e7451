/** How the process ends. */

/** Ends with a code once everything printed has left. What is still open (sockets, timers) does not keep it. */
export function finish(code: number): void {
  process.exitCode = code;
  let open = 2;
  const done = () => {
    open -= 1;
    if (open === 0) process.exit(code);
  };
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.destroyed || stream.writableLength === 0) done();
    else stream.write("", done);
  }
}

/** A reader that went away (`openclaw logs | head`) is no error. */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      process.exit(error.code === "EPIPE" ? 0 : 1);
    });
  }
}

export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 after Ctrl-C, 143 after SIGTERM; undefined while nobody interrupted. */
  code(): number | undefined;
  release(): void;
}

/** Aborts on SIGINT and SIGTERM; a second one ends the process at once. */
export function interruptible(): Interrupt {
  const controller = new AbortController();
  let code: number | undefined;
  const on = (each: number) => () => {
    if (code !== undefined) process.exit(each);
    code = each;
    controller.abort(new Error("interrupted"));
  };
  const listeners = { SIGINT: on(130), SIGTERM: on(143) } as const;
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  return {
    signal: controller.signal,
    code: () => code,
    release: () => {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
    },
  };
}
