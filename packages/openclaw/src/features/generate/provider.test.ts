import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { MP4 } from "../../../../../test/fakes/generation.ts";
import type { Fetch, FetchOptions } from "../../base/fetch.ts";
import { bring, stemOf } from "./_engine/files.ts";
import { call, sentence } from "./_engine/provider.ts";

const folder = mkdtempSync(join(tmpdir(), "openclaw-bring-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const signal = new AbortController().signal;
const HOME = "https://maker.example";
const headers = { "x-goog-api-key": "secret" };

/** FAKE network: answers everything with a film and tells what it was asked. */
function network(): { fetch: Fetch; seen: [url: string, options: FetchOptions][] } {
  const seen: [string, FetchOptions][] = [];
  const fetch: Fetch = async (url, options) => {
    seen.push([url, options]);
    return new Response(MP4);
  };
  return { fetch, seen };
}

describe("the key of a provider", () => {
  const fetched = async (url: string, configured = false) => {
    const { fetch, seen } = network();
    const access = { baseUrl: `${HOME}/v1`, configured };
    await bring({ url, headers }, { kind: "video", access, fetch, signal, folder, name: "v", maxBytes: 1e6 });
    return seen[0]?.[1];
  };
  it("goes along to its own address", async () => {
    assert.deepEqual((await fetched(`${HOME}/files/v`))?.headers, headers);
  });
  for (const elsewhere of [
    "https://storage.example/v",
    "http://maker.example/v",
    "https://maker.example:444/v",
    "https://maker.example.evil.example/v",
  ])
    it(`stays here when the file is at ${elsewhere}`, async () => {
      const options = await fetched(elsewhere);
      assert.equal(options?.headers, undefined);
      assert.equal(options?.egress, "public");
    });
  it("is asked for at a private address only where the operator's own server is that address", async () => {
    assert.equal((await fetched(`${HOME}/files/v`))?.egress, "public");
    assert.deepEqual((await fetched(`${HOME}/files/v`, true))?.egress, { origin: HOME });
    assert.equal((await fetched("https://storage.example/v", true))?.egress, "public");
  });
  it("is not in what is told of a failure, whatever it looks like", () => {
    assert.equal(sentence("the key plain and simple is wrong", "plain and simple"), "the key … is wrong");
    assert.equal(sentence("the key is wrong", "plain and simple"), "the key is wrong");
  });
});

describe("a call", () => {
  const access = { baseUrl: `${HOME}/v1`, headers: {}, configured: false };
  it("goes to the provider's own address and nowhere else", async () => {
    for (const path of ["https://evil.example/x", "http://maker.example/x", "https://maker.example@evil.example/x"]) {
      const { fetch, seen } = network();
      await assert.rejects(
        call({ access, signal }, { fetch, uuid: () => "" }, { path, headers }),
        /named an address elsewhere/,
      );
      assert.equal(seen.length, 0);
    }
  });
  it("may name that address in full", async () => {
    const { fetch, seen } = network();
    await assert.rejects(
      call({ access, signal }, { fetch, uuid: () => "" }, { path: `${HOME}/other`, headers }),
      /no JSON/,
    );
    assert.equal(seen[0]?.[0], `${HOME}/other`);
  });
});

describe("the name of a file", () => {
  const cases: [wanted: string | undefined, stem: RegExp][] = [
    [undefined, /^video-12345678-9$/],
    ["storm.mp4", /^storm-12345678$/],
    ["../../etc/passwd", /^passwd-12345678$/],
    ["..", /^[^./]+-12345678$/],
    ["a/b\\c", /^c-12345678$/],
    ["x".repeat(500), /^x{10,116}-12345678$/],
  ];
  for (const [wanted, stem] of cases)
    it(`is safe: ${String(wanted).slice(0, 20)}`, () => assert.match(stemOf("video", wanted, "12345678-9"), stem));
});
