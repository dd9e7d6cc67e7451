import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, "..");
const packages: Record<string, Locked> = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
const ours = Object.keys(packages).filter((path) => !path.includes("node_modules/"));

suite("the lock file", () => {
  test("knows the packages of every platform, not only of the one it was written on", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    );
    assert.deepEqual(missing, [], "versions that do not exist for every platform break npm ci");
  });

  test("agrees with every package.json of the workspace", () => {
    for (const path of ours) {
      const { dependencies, devDependencies, optionalDependencies } = packages[path] ?? {};
      const written: Locked = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
      assert.deepEqual(
        { dependencies, devDependencies, optionalDependencies },
        {
          dependencies: written.dependencies,
          devDependencies: written.devDependencies,
          optionalDependencies: written.optionalDependencies,
        },
        path,
      );
    }
  });

  test("holds exact versions of what the workspace asks for", () => {
    const wanted = ours.flatMap((path) =>
      Object.entries({
        ...packages[path]?.dependencies,
        ...packages[path]?.devDependencies,
        ...packages[path]?.optionalDependencies,
      }),
    );
    assert.deepEqual(
      wanted.filter(([, version]) => !/^\d/.test(version)),
      [],
    );
  });
});

/** npm puts a package at the top or below the one that wants it. */
function isLocked(wantedBy: string, name: string): boolean {
  return `node_modules/${name}` in packages || `${wantedBy}/node_modules/${name}` in packages;
}
