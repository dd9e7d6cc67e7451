import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import { Draft, count } from "./_accumulate.ts";
import { failureOfBody } from "./_failure.ts";
import { unwrap } from "./_told.ts";

const { endpoint } = requestFor("openai-completions", "http://h.test/v1");
const isPlain = (text: string) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b]/u.test(text) && text.isWellFormed();

describe("an error in a server's words", () => {
  it("is one plain, short line, whatever the server says", () => {
    const odd = fc.oneof(
      fc.string({ unit: "binary", maxLength: 2000 }),
      fc.constantFrom("\u001b[2J\u001b]0;owned\u0007", "\u202eevil", "a\nb\r\nc", "\ud800", "x".repeat(9000)),
    );
    const envelope = fc.record({ message: odd, type: odd, code: odd, status: odd, __type: odd });
    fc.assert(
      fc.property(
        fc.oneof(
          odd,
          envelope,
          envelope.map((error) => ({ error })),
        ),
        fc.constantFrom(400, 429, 500),
        (said, status) => {
          const body = typeof said === "string" ? said : JSON.stringify(said);
          const { message, code = "" } = failureOfBody(body, endpoint, status);
          assert.ok(isPlain(message) && message.length <= 560, JSON.stringify(message.slice(0, 80)));
          assert.ok(isPlain(code) && code.length <= 80, JSON.stringify(code.slice(0, 80)));
        },
      ),
    );
  });

  it("stays as it is where it is plain", () => {
    const body = '{"error":{"message":"Zu viele Anfragen: 3 < 5 – später 👩‍💻","type":"rate_limit_error"}}';
    assert.equal(unwrap(body).type, "rate_limit_error");
    assert.match(unwrap(body).message, /^Zu viele Anfragen: 3 < 5 – später 👩/);
  });

  it("hides no address behind other words, and keeps those that can be read", () => {
    const body =
      '{"error":{"message":"Pay at https://vendor.test/billing or [log in](https://evil.test) ![x](https://evil.test/a)"}}';
    const { message } = failureOfBody(body, endpoint, 402);
    assert.ok(message.includes("https://vendor.test/billing") && !message.includes("]("), message);
  });

  it("is read out of a page without its tags, scripts and styles", () => {
    const page = "<html><style>a{}</style><script>x('</b>')</script><h1 class='a'>502 Bad Gateway</h1><hr></html>";
    assert.equal(unwrap(page).message, "502 Bad Gateway");
    assert.equal(unwrap("5 < 6").message, "5 < 6");
  });

  // Backtracking over one of these took seconds of the whole gateway: many of them would take minutes.
  for (const piece of ["<", "<script>", "<style", "<a ", "</script"])
    it(`is found without looking again and again among ${JSON.stringify(piece)} without end`, () => {
      for (let nth = 0; nth < 100; nth += 1) assert.ok(unwrap(piece.repeat(64 * 1024)).message.length <= 16_384);
    });
});

describe("a count of tokens", () => {
  for (const [value, is] of [
    [5, 5],
    [5.9, 5],
    [0, 0],
    [-1, 0],
    [1e300, 0],
    [Number.MAX_SAFE_INTEGER, 0],
    [Number.POSITIVE_INFINITY, 0],
    [Number.NaN, 0],
    ["12", 0],
    [{}, 0],
    [null, 0],
    [2_000_000, 2_000_000],
  ] as const)
    it(`of ${String(value)} is ${is}`, () => assert.equal(count(value), is));
});

describe("a call of a tool, as it comes from the wire", () => {
  const named = (id: unknown, name: unknown) => {
    const event = new Draft(requestFor("openai-completions", "http://h.test/v1"), 1);
    event.newCall(id, name);
    const done = event.done("toolUse");
    const part = done.type === "done" ? done.message.content[0] : undefined;
    return part?.type === "toolCall" ? [part.id, part.name] : assert.fail();
  };
  it("has a short id and name, in one plain line", () => {
    assert.deepEqual(named("call_1", "exec"), ["call_1", "exec"]);
    assert.deepEqual(named(7, { toString: () => "exec" }), ["", ""]);
    const [id = "", name = ""] = named("x".repeat(1e6), "<b>\u001b[2J\nexec\u202e</b>" + "y".repeat(1e6));
    assert.ok(id.length <= 2000 && name.length <= 128 && isPlain(name));
    assert.ok(name.startsWith("<b>[2J exec</b>"));
  });

  it("comes with some others, not with hundreds", () => {
    const draft = new Draft(requestFor("openai-completions", "http://h.test/v1"), 1);
    for (let nth = 0; nth < 256; nth += 1) draft.newCall(`c${nth}`, "exec");
    assert.throws(() => draft.newCall("c", "exec"), /too many tools/);
  });
});
