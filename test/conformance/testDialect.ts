/** What every dialect over HTTP promises, proven against a server that misbehaves on demand. */
import { describe, it } from "node:test";
import type { Dialect } from "../../packages/openclaw/src/contracts/model.ts";
import { answerBytes, startModelServer } from "../fakes/model-server.ts";
import type { WireApi } from "../fakes/model-server.ts";
import { answers } from "./_dialect-answers.ts";
import { endings } from "./_dialect-endings.ts";
import { failures } from "./_dialect-failures.ts";
import { hostile } from "./_dialect-hostile.ts";
import { replay } from "./_dialect-replay.ts";
import { splits } from "./_dialect-splits.ts";

/** How the suite plays the vendor. */
export interface DialectServer {
  readonly api: WireApi;
  readonly start: typeof startModelServer;
  /** The bytes of one answered stream. */
  readonly bytes: typeof answerBytes;
}

export interface DialectCase {
  readonly dialect: Dialect;
  readonly server: DialectServer;
}

export const serverOf = (api: WireApi): DialectServer => ({ api, start: startModelServer, bytes: answerBytes });

export function testDialect(name: string, subject: DialectCase): void {
  describe(`${name}: answers`, () => answers(it, subject));
  describe(`${name}: pieces of the stream`, () => splits(it, subject));
  describe(`${name}: bad input`, () => hostile(it, subject));
  describe(`${name}: what goes back`, () => replay(it, subject));
  describe(`${name}: failures`, () => failures(it, subject));
  describe(`${name}: calls that are ended`, () => endings(it, subject));
}

export { assertOrder, collect, requestFor } from "./_dialect-kit.ts";
