import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeHome, type Home } from "./_run.ts";

const TRACE = fileURLToPath(new URL("_trace.mjs", import.meta.url));

/** What may be loaded to answer without a command: commands and their flags as data, and the few files that print. */
const LIGHT =
  /\/(?:contracts\/cli|base\/env|cli\/(?:entry|exit|globals|help|tree)|generated\/cli|[^/]+\/cli|setup\/_(?:options|key-flags))\.ts$|\/package\.json$|\/_trace\.mjs$/;

async function loadedBy(home: Home, ...args: readonly string[]): Promise<string[]> {
  const { stderr } = await home.runWith({ node: ["--import", TRACE] }, ...args);
  return stderr.split("\n").flatMap((line) => (line.startsWith("loaded file:") ? [line.slice("loaded ".length)] : []));
}

for (const args of [["--version"], ["-V"], ["--help"], ["help"], ["--dev", "-v"]]) {
  test(`openclaw ${args.join(" ")} is answered from light data alone`, async (t) => {
    const loaded = await loadedBy(await makeHome(t), ...args);
    assert.ok(loaded.length > 5);
    assert.deepEqual(
      loaded.filter((url) => !LIGHT.test(url)),
      [],
    );
  });
}

test("asking for the path of the configuration loads neither schemas nor the gateway", async (t) => {
  const loaded = await loadedBy(await makeHome(t), "config", "file");
  assert.ok(loaded.some((url) => url.includes("/commander/")));
  assert.deepEqual(
    loaded.filter((url) =>
      /\/(?:typebox|gateway|store|client)\/(?!cli\.ts$)|\/node_modules\/(?:ws|json5|@humanwhocodes)\//.test(url),
    ),
    [],
  );
});

test("reading a value that is set loads no schema", async (t) => {
  const home = await makeHome(t);
  await home.run("config", "set", "gateway.port", "19999");
  const loaded = await loadedBy(home, "config", "get", "gateway.port");
  assert.deepEqual(
    loaded.filter((url) => /\/typebox\/|\/store\//.test(url)),
    [],
  );
});
