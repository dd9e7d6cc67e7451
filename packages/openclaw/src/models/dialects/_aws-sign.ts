/** As whom Bedrock is asked: a bearer token, or a signature made with what the machine's AWS set-up gives. */
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, Checksum, SourceData } from "@smithy/types";
import type { DialectIo, ModelRequest } from "../../contracts/model.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/errors.ts";
import { cut, plainLine } from "../../base/text.ts";
import { CallFailed } from "./_call.ts";

const REGION = "us-east-1";

type Provider = () => Promise<AwsCredentialIdentity>;

/** One chain per exit and profile: it remembers what it found until that expires. */
const chains = new WeakMap<DialectIo, Map<string, Promise<Provider>>>();

/** The region of an address of Amazon, else that of the environment. */
export function regionOf(host: string, env: Env): string {
  const named = /(?:^|\.)bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.(?:vpce\.)?(?:amazonaws\.com|api\.aws)/.exec(
    host,
  )?.[1];
  return named ?? (env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || REGION);
}

/** `headers` with who asks. Rejects with `CallFailed` when nothing says who that is, or the call is stopped. */
export async function signed(
  request: ModelRequest,
  io: DialectIo,
  call: { readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<Record<string, string>> {
  const { apiKey, login } = request.endpoint;
  if (apiKey !== undefined && login?.kind !== "aws") return { ...call.headers, authorization: `Bearer ${apiKey}` };
  const env = io.programs?.env ?? {};
  const region = regionOf(call.url.hostname, env);
  const credentials = await settled(request, io, credentialsOf(env, region, io));
  const signer = new SignatureV4({ service: "bedrock", region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign(
    {
      method: "POST",
      protocol: call.url.protocol,
      hostname: call.url.hostname,
      ...(call.url.port !== "" && { port: Number(call.url.port) }),
      path: call.url.pathname,
      query: Object.fromEntries(call.url.searchParams),
      headers: { ...call.headers, host: call.url.host },
      body: call.body,
    },
    { signingDate: new Date(io.clock.now()) },
  );
  const { host: _, ...sent } = headers;
  return sent;
}

async function credentialsOf(env: Env, region: string, io: DialectIo): Promise<AwsCredentialIdentity> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token, AWS_PROFILE: profile } = env;
  // A profile that is named goes before keys, as with Amazon's own tools.
  if (id && secret && !profile)
    return { accessKeyId: id, secretAccessKey: secret, ...(token && { sessionToken: token }) };
  const known = chains.get(io) ?? new Map<string, Promise<Provider>>();
  chains.set(io, known);
  const key = `${profile ?? ""} ${region}`;
  const chain = known.get(key) ?? chainOf(profile, region, io);
  known.set(key, chain);
  return (await chain)();
}

/** The SDK's own order: environment, SSO, shared files, processes, web identity, role of the container or the machine. */
async function chainOf(profile: string | undefined, region: string, io: DialectIo): Promise<Provider> {
  const [{ defaultProvider }, { awsHandler }] = await Promise.all([
    import("@aws-sdk/credential-provider-node"),
    import("./_aws-handler.ts"),
  ]);
  const clientConfig = { region, requestHandler: awsHandler(io) };
  return defaultProvider({ ...(profile && { profile }), clientConfig, maxRetries: 1 });
}

/** The credentials, unless the call is stopped before or nobody answers. */
function settled<T>({ signal, idleMs }: ModelRequest, { clock }: DialectIo, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => fail(new CallFailed({ class: "abort", message: "The call was stopped." }));
    const message = "AWS did not give credentials in time.";
    const cancel = clock.timer(idleMs, () => fail(new CallFailed({ class: "timeout", code: "credentials", message })));
    const done = () => {
      cancel();
      signal.removeEventListener("abort", stop);
    };
    const fail = (error: unknown) => {
      done();
      reject(error);
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(
      (value) => {
        done();
        resolve(value);
      },
      (error: unknown) => fail(noCredentials(error)),
    );
  });
}

function noCredentials(error: unknown): CallFailed {
  const hint = "Set AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.";
  const reason = plainLine(cut(errorText(error), 200)).replace(/[.\s]+$/, "");
  const message = `AWS gave no credentials: ${reason}. ${hint}`;
  return new CallFailed({ class: "auth", code: "credentials", message });
}

/** SHA-256, keyed or not, in the form that the signer wants. */
class Sha256 implements Checksum {
  readonly #secret: SourceData | undefined;
  #hash;

  constructor(secret?: SourceData) {
    this.#secret = secret;
    this.#hash = Sha256.#fresh(secret);
  }

  static #fresh(secret: SourceData | undefined) {
    return secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(bytesOf(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = Sha256.#fresh(this.#secret);
  }
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data as ArrayBuffer);
}
