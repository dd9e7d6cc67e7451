import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { systemClock } from "../../base/time.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { Platform } from "../../contracts/service.ts";
import { pictureSize } from "../../base/picture-size.ts";
import { mediaOf } from "../media/media.fixture.ts";
import { noise } from "../media/pictures.fixture.ts";
import { answer, type AnswerDeps } from "./_answer.ts";
import type { AnswerOptions } from "./index.ts";

const home = mkdtempSync(join(tmpdir(), "openclaw-answer-"));
after(() => rmSync(home, { recursive: true, force: true }));
const workspace = join(home, "workspace");
const state = join(home, "state");
mkdirSync(join(state, "media", "inbound"), { recursive: true });
mkdirSync(workspace);
writeFileSync(join(workspace, "a.png"), Buffer.from("89504e470d0a1a0a", "hex"));
writeFileSync(join(home, "secret.txt"), "secret");
writeFileSync(join(workspace, "big.bin"), Buffer.alloc(2000));
symlinkSync(join(home, "secret.txt"), join(workspace, "link.txt"));

const media = mediaOf(state);
after(() => media.close());
const ID = "00000000-0000-4000-8000-000000000001";
await media.keep({ id: ID, body: [Buffer.from("%PDF-1.7")], maxBytes: 100, fileName: "x.pdf" });
const route: ReplyRoute = { address: { channel: "fake", account: "default", kind: "direct", chat: "1" }, replyTo: "q" };

function deps(over: Partial<AnswerDeps> & { megabytes?: number; fetch?: Platform["fetch"] } = {}): AnswerDeps {
  const platform = {
    clock: systemClock,
    env: { TMPDIR: join(home, "tmp") },
    paths: { home, state, config: join(state, "openclaw.json") },
    fetch: over.fetch ?? (() => Promise.reject(new Error("no network"))),
  } as unknown as Platform;
  return {
    platform,
    log,
    config: { root: {}, at: () => over.megabytes } as unknown as ConfigSnapshot,
    fitting: {
      chunk: (text) => [text],
      caption: (text) => (text.length <= 40 ? [text] : [text.slice(0, 40), text.slice(40)]),
    },
    mode: "first",
    takesMedia: true,
    media,
    ...over,
  };
}
const options: AnswerOptions = { keyPrefix: "t", turnId: "t", at: 1, workspace };
const say = (text: string, over: Parameters<typeof deps>[0] = {}, more: Partial<AnswerOptions> = {}) =>
  answer(deps(over), [{ text }], route, { ...options, ...more });

test("a file of the workspace goes with the text as its caption, as a copy of its own", async () => {
  const [post, ...others] = await say("Look\nMEDIA:a.png");
  assert.deepEqual(
    [post?.text, post?.media?.kind, post?.media?.mimeType, post?.media?.fileName],
    ["Look", "image", "image/png", "a.png"],
  );
  assert.equal(others.length, 0);
  assert.ok(post?.media?.path.startsWith(join(state, "media", "outbound")));
  assert.equal(readFileSync(post?.media?.path ?? "").length, 8);
});

test("a text that is too long for a caption goes before the file, and each further file by itself", async () => {
  const long = "This text is longer than any caption may be.";
  const posts = await say(`${long}\nMEDIA:a.png\nMEDIA:media://inbound/${ID}`);
  assert.deepEqual(
    posts.map(({ key, text, media }) => [key, text, media?.fileName]),
    [
      ["t:0", long, undefined],
      ["t:1", "", "a.png"],
      ["t:2", "", "x.pdf"],
    ],
  );
});

const refused: readonly [string, string, RegExp][] = [
  ["a path outside", "MEDIA:/etc/hostname", /only files in these folders may be sent/],
  ["a path that climbs out", "MEDIA:../secret.txt", /only files in these folders may be sent/],
  ["a link that leads out", "MEDIA:link.txt", /only files in these folders may be sent/],
  ["a file address outside", "MEDIA:file:///etc/hostname", /only files in these folders may be sent/],
  ["a file that is not there", "MEDIA:gone.txt", /gone\.txt/],
  ["a file that is too large", "MEDIA:big.bin", /larger than 0\.001 MB/],
  ["an inbound id that climbs", "MEDIA:media://inbound/..", /could not be attached/],
];
for (const [title, line, pattern] of refused)
  test(`${title} is not sent, and the text says so`, async () => {
    const [post, ...others] = await say(`Here.\n${line}`, { megabytes: 0.001 });
    assert.equal(others.length, 0);
    assert.equal(post?.media, undefined);
    assert.match(post?.text ?? "", /^Here\.\n\n⚠️ The file /);
    assert.match(post?.text ?? "", pattern);
  });

test("secrets of the installation are not sent, even where the workspace lies around them", async () => {
  writeFileSync(join(state, ".env"), "KEY=1");
  writeFileSync(join(state, "openclaw.json"), "{}");
  symlinkSync(join(state, ".env"), join(home, "env.txt"));
  for (const path of ["state/.env", "state/openclaw.json", "env.txt", "workspace/../state/.env"]) {
    const [post] = await say(`MEDIA:${path}`, {}, { workspace: home });
    assert.equal(post?.media, undefined, path);
    assert.match(post?.text ?? "", /could not be attached/);
  }
  const [plain] = await say("MEDIA:secret.txt", {}, { workspace: home });
  assert.equal(plain?.media?.fileName, "secret.txt");
});

test("guests are sent files of the workspace, and not the owner's notes", async () => {
  writeFileSync(join(workspace, "MEMORY.md"), "# Home");
  symlinkSync(join(workspace, "MEMORY.md"), join(workspace, "notes.txt"));
  const sent = async (source: string, forGuest: boolean) =>
    (await say(`MEDIA:${source}`, {}, { forGuest }))[0]?.media?.fileName;
  const sources = ["a.png", "MEMORY.md", "./memory/../MEMORY.md", "notes.txt", `media://inbound/${ID}`];
  assert.deepEqual(await Promise.all(sources.map((source) => sent(source, true))), [
    "a.png",
    ...Array.from({ length: 4 }, () => undefined),
  ]);
  assert.deepEqual(
    [await sent("MEMORY.md", false), await sent(`media://inbound/${ID}`, false)],
    ["MEMORY.md", "x.pdf"],
  );
});

test("members are sent what the owner is, but not the owner's notes", async () => {
  writeFileSync(join(workspace, "MEMORY.md"), "# Home");
  const sent = async (source: string, withoutNotes: boolean) =>
    (await say(`MEDIA:${source}`, {}, { withoutNotes }))[0]?.media?.fileName;
  assert.deepEqual([await sent("MEMORY.md", true), await sent(`media://inbound/${ID}`, true)], [undefined, "x.pdf"]);
  assert.equal(await sent("MEMORY.md", false), "MEMORY.md");
});

test("an address is fetched as the public does it, within the limit", async () => {
  const asked: unknown[] = [];
  const fetch = (async (url: string, { egress, maxBytes }: { egress: unknown; maxBytes: number }) => {
    asked.push([url, egress, maxBytes]);
    return new Response("hello", { headers: { "content-type": "text/plain; charset=utf-8" } });
  }) as unknown as Platform["fetch"];
  const [post] = await say("MEDIA:https://e.example/files/notes?x=1", { fetch, megabytes: 1 });
  assert.deepEqual(asked, [["https://e.example/files/notes?x=1", "public", 32 * 1024 * 1024]]);
  assert.deepEqual([post?.media?.fileName, post?.media?.kind], ["notes.txt", "document"]);
});

test("a picture is made to fit the screen and the limit of the channel", async () => {
  writeFileSync(join(workspace, "wide.png"), await noise(3000, 300).png().toBuffer());
  const [post] = await say("MEDIA:wide.png", { megabytes: 1 });
  const sent = readFileSync(post?.media?.path ?? "");
  assert.equal(pictureSize(sent)?.width, 2048);
  assert.ok(sent.length <= 1024 * 1024 && post?.media?.bytes === sent.length);
  assert.equal(post?.media?.mimeType, "image/jpeg");
});

test("where no files go, they are named", async () => {
  const [post] = await say("Look\nMEDIA:a.png", { takesMedia: false });
  assert.deepEqual([post?.text, post?.media], ["Look\n\n📎 a.png", undefined]);
});

test("sound goes as a voice note when asked", async () => {
  writeFileSync(join(workspace, "v.ogg"), "OggS....");
  const [post] = await say("[[audio_as_voice]]\nMEDIA:v.ogg");
  assert.deepEqual([post?.media?.kind, post?.media?.asVoice], ["audio", true]);
});

test("the prefix stands before each text, once", async () => {
  const posts = await answer(deps(), [{ text: "a" }, { text: "> b" }], route, { ...options, prefix: ">" });
  assert.deepEqual(
    posts.map(({ text }) => text),
    ["> a", "> b"],
  );
});

const quoting: readonly [AnswerDeps["mode"], boolean, (string | undefined)[]][] = [
  ["first", false, ["q", undefined]],
  ["first", true, [undefined, undefined]],
  ["all", true, ["q", "q"]],
  ["off", false, [undefined, undefined]],
  ["batched", false, [undefined, undefined]],
];
for (const [mode, quoted, expected] of quoting)
  test(`with replyToMode ${mode}${quoted ? ", later in the answer" : ""}, posts quote ${JSON.stringify(expected)}`, async () => {
    const posts = await answer(deps({ mode }), [{ text: "a" }, { text: "b" }], route, { ...options, quoted });
    assert.deepEqual(
      posts.map(({ replyTo }) => replyTo),
      expected,
    );
  });

test("an answer that says what it replies to does so whatever the mode", async () => {
  const [post] = await say("[[reply_to:77]] hi", { mode: "off" });
  assert.equal(post?.replyTo, "77");
});

test("a part is noted on the last piece only", async () => {
  const part = { answer: 0, to: 4, digest: "d" };
  const fitting = { chunk: () => ["ab", "cd"] };
  const posts = await answer(deps({ fitting }), [{ text: "abcd", plain: true, part }], route, options);
  assert.deepEqual(
    posts.map((post) => post.part),
    [undefined, part],
  );
});
