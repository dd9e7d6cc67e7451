/** Params of `connect`, the first request of every socket. */
import { Type, choice, closed, describeProblems, problems, type Static } from "../../contracts/schema.ts";

const CLIENT_IDS = [
  "cli",
  "openclaw-tui",
  "openclaw-control-ui",
  "webchat",
  "webchat-ui",
  "gateway-client",
  "openclaw-macos",
  "openclaw-ios",
  "openclaw-android",
  "openclaw-linux",
  "openclaw-windows",
  "ios-node",
  "node-host",
  "openclaw-probe",
  "fingerprint",
  "test",
] as const;

const CLIENT_MODES = ["cli", "ui", "webchat", "backend", "node", "probe", "test"] as const;

const Word = Type.String({ minLength: 1, maxLength: 256 });
const Note = Type.Optional(Type.String({ maxLength: 512 }));
const Credential = Type.Optional(Type.String({ maxLength: 4096 }));

export const ConnectParams = closed({
  minProtocol: Type.Integer({ minimum: 1 }),
  maxProtocol: Type.Integer({ minimum: 1 }),
  client: closed({
    id: choice(CLIENT_IDS),
    version: Word,
    platform: Word,
    mode: choice(CLIENT_MODES),
    displayName: Note,
    deviceFamily: Note,
    modelIdentifier: Note,
    instanceId: Note,
    buildId: Note,
    timeZone: Note,
  }),
  role: Type.Optional(Type.String({ maxLength: 64 })),
  scopes: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 64 })),
  caps: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 128 })),
  commands: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 512 })),
  permissions: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
  pathEnv: Type.Optional(Type.String()),
  auth: Type.Optional(
    closed({ token: Credential, password: Credential, deviceToken: Credential, bootstrapToken: Credential }),
  ),
  locale: Note,
  userAgent: Type.Optional(Type.String({ maxLength: 2048 })),
  modelCatalog: Type.Optional(Type.Unknown()),
  device: Type.Optional(
    closed({
      id: Word,
      publicKey: Type.String({ minLength: 1, maxLength: 1024 }),
      signature: Type.String({ minLength: 1, maxLength: 512 }),
      signedAt: Type.Integer(),
      nonce: Type.String({ minLength: 1, maxLength: 256 }),
    }),
  ),
});

export type ConnectParams = Static<typeof ConnectParams>;

export type ReadParams =
  | { readonly ok: true; readonly params: ConnectParams }
  /** `nonceMissing`: the one problem that clients know by a code of its own. */
  | { readonly ok: false; readonly message: string; readonly nonceMissing: boolean };

export function readConnectParams(value: unknown): ReadParams {
  const given = value ?? {};
  const found = problems(ConnectParams, given);
  if (found.length === 0) return { ok: true, params: given as ConnectParams };
  const nonceMissing = found.every(
    (problem) => problem.pointer === "/device/nonce" || problem.message === "must have required property 'nonce'",
  );
  return { ok: false, message: `invalid connect params: ${describeProblems(found)}`, nonceMissing };
}
