import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { defineRoute, type Route } from "../../contracts/route.ts";
import { isAmbiguous, pathOf } from "./http-request.ts";
import { findRoute } from "./route-table.ts";

const config = {} as ConfigSnapshot;

function route(summary: string, paths: Route["paths"], more: Partial<Route> = {}): Route {
  return defineRoute({
    methods: ["GET"],
    paths,
    auth: "none",
    summary,
    bodyLimit: 0,
    run: () => Promise.resolve(),
    ...more,
  });
}

const routes = [
  route("prefix", ["/v1/"]),
  route("longer prefix", ["/v1/models/"]),
  route("pattern", ["/v1/{kind}/list"]),
  route("exact", ["/v1/models"]),
  route("configured", () => ["/hooks", "/hooks/"]),
  route("off", ["/off"], { on: () => false }),
];

test("an exact path beats a pattern, a pattern a prefix, and a long prefix a short one", () => {
  const cases: [string, string | undefined][] = [
    ["/v1/models", "exact"],
    ["/v1/models/list", "pattern"],
    ["/v1/models/x", "longer prefix"],
    ["/v1/models/", "longer prefix"],
    ["/v1/x", "prefix"],
    ["/v1", undefined],
    ["/V1/models", undefined],
    ["//v1/models", undefined],
    ["/hooks/x/y", "configured"],
    ["/hooksx", undefined],
    ["/off", undefined],
  ];
  for (const [path, expected] of cases) assert.equal(findRoute(routes, path, config)?.route.summary, expected, path);
});

test("parts of a path are decoded once; what cannot be decoded is told apart from what is not there", () => {
  const one = [route("pattern", ["/s/{key}/h"])];
  const params = (path: string) => findRoute(one, path, config)?.params;
  assert.deepEqual(params("/s/agent%3Amain%2Fx/h"), { key: "agent:main/x" });
  assert.deepEqual(params("/s/%2525/h"), { key: "%25" });
  assert.equal(params("/s/%zz/h"), undefined);
  assert.notEqual(findRoute(one, "/s/%zz/h", config), undefined);
  for (const path of ["/s//h", "/s/a/b/h", "/s/h"]) assert.equal(findRoute(one, path, config), undefined, path);
  fc.assert(
    fc.property(fc.string({ minLength: 1 }).filter(isWellFormed), (key) => {
      const { params: found } = findRoute(one, `/s/${encodeURIComponent(key)}/h`, config) ?? {};
      return found?.["key"] === key;
    }),
  );
});

test("a target in absolute form is its path, whatever host it names", () => {
  const cases: [string, string][] = [
    ["/a?b", "/a"],
    ["/a#b", "/a"],
    ["http://h/a?b", "/a"],
    ["HTTP://h", "/"],
    ["http://h?x", "/"],
    ["", "/"],
    ["*", "*"],
    ["//h/a", "//h/a"],
  ];
  for (const [target, path] of cases) assert.equal(pathOf(target), path, target);
});

test("a request that names its host once and its framing plainly is not ambiguous", () => {
  const request = (headers: Record<string, string>, version = "1.1", hosts = ["x"]) =>
    ({ headers, httpVersion: version, headersDistinct: { host: hosts } }) as never;
  assert.equal(isAmbiguous(request({})), false);
  assert.equal(isAmbiguous(request({ "transfer-encoding": "Chunked" })), false);
  assert.equal(isAmbiguous(request({}, "1.0", [])), false);
  assert.equal(isAmbiguous(request({}, "1.1", [])), true);
  assert.equal(isAmbiguous(request({}, "1.1", ["x", "x"])), true);
  assert.equal(isAmbiguous(request({ "transfer-encoding": "gzip, chunked" })), true);
  assert.equal(isAmbiguous(request({ "transfer-encoding": "chunked" }, "1.0")), true);
});

function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}
