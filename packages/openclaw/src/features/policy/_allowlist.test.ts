import assert from "node:assert/strict";
import { test } from "node:test";
import { isAllowlisted, mayBeListed } from "./_allowlist.ts";

const gate = { host: "gateway", security: "allowlist", ask: "on-miss", safeBins: [] } as never;
const runs = (resolved: string) => isAllowlisted({ argv: [resolved, "x"], resolved }, ["/**"], gate);

test("a yes to one command of an interpreter is no yes to all", () => {
  for (const name of "python3.12 node bun perl5.36.0 ruby php lua5.4 mawk gawk sed git make npm npx docker vi go pip3".split(
    " ",
  ))
    assert.equal(mayBeListed(`/usr/bin/${name}`), false, name);
  for (const name of "uname ls rg gitleaks nodemon-report makeinfo atop viewer golint lessc curl".split(" "))
    assert.equal(mayBeListed(`/usr/bin/${name}`), true, name);
});

test("what starts other programs fits no pattern, and an interpreter that the owner names does", () => {
  for (const name of "env busybox xargs sudo setsid script tmux flock bash pwsh ld-linux-x86-64.so.2 ENV".split(" "))
    assert.equal(runs(`/usr/bin/${name}`), false, name);
  for (const name of "git python3 environment xargsx rg".split(" ")) assert.equal(runs(`/usr/bin/${name}`), true, name);
});
