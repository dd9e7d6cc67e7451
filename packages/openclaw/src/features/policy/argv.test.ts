import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isSafeBin } from "./_safe-bins.ts";
import { plainArgv } from "./argv.ts";

describe("a command line without a shell", () => {
  const plain: [string, string[]][] = [
    ["git status", ["git", "status"]],
    ["  head   -n 5 ", ["head", "-n", "5"]],
    ["echo 'a b' \"c d\"e", ["echo", "a b", "c de"]],
    ["cut --delimiter=, -f1", ["cut", "--delimiter=,", "-f1"]],
    ["printf '%s $x `y` | ; >' z", ["printf", "%s $x `y` | ; >", "z"]],
    ["grüße ''", ["grüße", ""]],
  ];
  for (const [line, argv] of plain) it(`is words: ${line}`, () => assert.deepEqual(plainArgv(line), argv));

  const needsShell = [
    "",
    "   ",
    "''",
    "a | b",
    "a && b",
    "a; b",
    "a &",
    "a > f",
    "a < f",
    "a $(b)",
    "a `b`",
    'a "$x"',
    'a "`b`"',
    "a $x",
    "a *",
    "a ?",
    "a [b]",
    "a {b,c}",
    "(a)",
    "~/x",
    "# a",
    "! a",
    "A=1 b",
    "a \\\n b",
    "a\nb",
    "a\rb",
    "a 'b",
    'a "b',
    "cd /x",
    "eval x",
    ". x",
    "exec x",
    "a <<EOF\nx\nEOF",
    "time x",
    "a\u0000b",
  ];
  for (const line of needsShell)
    it(`needs a shell: ${JSON.stringify(line)}`, () => assert.equal(plainArgv(line), undefined));
});

describe("a safe filter", () => {
  const gate = {
    host: "gateway",
    security: "allowlist",
    ask: "on-miss",
    safeBins: ["cut", "head", "tail", "tr", "wc", "uniq", "grep", "sort", "jq", "node", "mytool"],
    safeBinProfiles: { mytool: { maxPositional: 1, deniedFlags: ["-x"], allowedValueFlags: ["--to"] } },
  } as const;
  const safe = (line: string, resolved?: string) => {
    const argv = line.split(" ");
    return isSafeBin(argv, resolved ?? `/usr/bin/${argv[0]}`, gate);
  };
  const yes = [
    "head",
    "head -5",
    "head -n 5",
    "head -n5",
    "tail --lines=3",
    "cut -d / -f 2",
    "cut -d, -f1",
    "tr a-z A-Z",
    "tr -d x",
    "wc -lw",
    "uniq -c",
    "grep -i -e foo",
    "sort -rn",
    "jq .a",
    "mytool --to x y",
  ];
  const no = [
    "head a/b",
    "head file",
    "tail -f",
    "tail --follow",
    "head --nope",
    "wc --files0-from=x",
    "grep foo",
    "grep -f x -e y",
    "grep -r -e x",
    "sort -o out",
    "sort --compress-program=sh",
    "sort -T x",
    "jq env",
    "jq -f x",
    "jq .a file",
    "cut -f 1 ../x",
    "cut -d ~/x -f1",
    "node -e 1",
    "tr",
    "mytool -x",
    "mytool a b",
    "mytool --from=x",
  ];
  for (const line of yes) it(`may be: ${line}`, () => assert.equal(safe(line), true));
  for (const line of no) it(`may not be: ${line}`, () => assert.equal(safe(line), false));
  it("comes from a trusted folder under its own name", () => {
    assert.equal(safe("head", "/tmp/head"), false);
    assert.equal(safe("head", "/usr/local/bin/head"), false);
    assert.equal(safe("head", "/usr/bin/busybox"), false);
    assert.equal(isSafeBin(["/usr/bin/head"], "/usr/bin/head", gate), false);
    assert.equal(isSafeBin(["less"], "/usr/bin/less", gate), false);
  });
});
