import { test } from "node:test";
import assert from "node:assert/strict";
import { Scope } from "../base/scope.ts";
import { systemClock } from "../base/time.ts";
import { provide, token } from "../contracts/service.ts";
import type { Platform, Provider } from "../contracts/service.ts";
import { createContainer } from "./container.ts";

const A = token<{ name: string }>("a");
const B = token<{ name: string }>("b");
const platform = {} as Platform;

const containerOf = (providers: readonly Provider[], values = new Map<string, unknown>()) =>
  createContainer({
    platform,
    scope: new Scope(systemClock, "test"),
    registry: Object.fromEntries(providers.map((p) => [p.token.name, () => Promise.resolve({ services: [p] })])),
    values,
  });

test("a service is made once, on first use", async () => {
  let made = 0;
  const use = containerOf([provide(A, () => ({ name: `a${(made += 1)}` }))]);
  assert.equal(made, 0);
  const [first, second] = await Promise.all([use(A), use(A)]);
  assert.equal(first, second);
  assert.equal(made, 1);
});

test("a given value stands before the registry", async () => {
  const use = containerOf([], new Map([["a", { name: "given" }]]));
  assert.equal((await use(A)).name, "given");
});

test("services that need each other are refused by name instead of waiting for ever", async () => {
  const use = containerOf([provide(A, async ({ use: u }) => u(B)), provide(B, async ({ use: u }) => u(A))]);
  await assert.rejects(use(A), /circle: a → b → a/);
});

test("a service that could not be made is tried again on the next use", async () => {
  let tries = 0;
  const use = containerOf([
    provide(A, () => {
      tries += 1;
      if (tries === 1) throw new Error("first try");
      return { name: "made" };
    }),
  ]);
  await assert.rejects(use(A), /first try/);
  assert.equal((await use(A)).name, "made");
});

test("a service nobody provides is named", async () => {
  await assert.rejects(containerOf([])(A), /no unit provides the service "a"/);
});
