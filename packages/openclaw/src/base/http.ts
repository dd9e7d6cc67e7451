/**
 * The serving side of `node:http`, without its face as an ES module: that reads every export, and reading one of them
 * (`WebSocket`) loads all of undici, which costs a process 16 MB and a start some 30 ms.
 */
export const { STATUS_CODES, createServer } = process.getBuiltinModule("node:http");
