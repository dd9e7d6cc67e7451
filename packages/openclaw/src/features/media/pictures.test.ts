import assert from "node:assert/strict";
import { after, test } from "node:test";
import sharp from "sharp";
import { quietLog } from "../../../../../test/harness/log.ts";
import { isWhole, pictureSize } from "../../base/picture-size.ts";
import { systemClock } from "../../base/time.ts";
import { fit } from "./_fit.ts";
import { noise } from "./pictures.fixture.ts";
import { MediaThread } from "./_thread/host.ts";
import { TaskTrouble } from "./_thread/protocol.ts";

const host = new MediaThread({ clock: systemClock, log: quietLog });
after(() => host.close());
const thread = async () => host;
const MB = 1024 * 1024;

for (const format of ["png", "jpeg", "gif", "webp"] as const)
  test(`the header of a ${format} says how large it is, and its end whether it is whole`, async () => {
    const data = await noise(37, 21)[format]().toBuffer();
    const size = pictureSize(data);
    assert.deepEqual([size?.width, size?.height, size?.orientation], [37, 21, 1]);
    assert.equal(isWhole(data), true);
    assert.equal(isWhole(data.subarray(0, data.length - 40)), false);
  });

test("no cut of a picture makes its header reader throw", async () => {
  for (const format of ["png", "jpeg", "gif", "webp"] as const) {
    const data = await noise(9, 9)
      .withExif({ IFD0: { Copyright: "x" } })
      .toFormat(format)
      .toBuffer();
    for (let length = 0; length < data.length; length += 1) pictureSize(data.subarray(0, length));
  }
});

test("a lossless and a simple WebP say the same size", async () => {
  for (const options of [{ lossless: true }, { quality: 50 }]) {
    const size = pictureSize(await noise(300, 40).webp(options).toBuffer());
    assert.deepEqual([size?.width, size?.height], [300, 40]);
  }
});

test("a picture that fits is the bytes that were given", async () => {
  const data = await noise(100, 80).png().toBuffer();
  const fitted = await fit(thread, data, { maxSide: 2000, maxBytes: MB });
  assert.equal(fitted.data, data);
  assert.equal(fitted.changed, false);
});

test("a picture that is too wide gets the longest side that is allowed", async () => {
  const data = await noise(900, 300).jpeg().toBuffer();
  const fitted = await fit(thread, data, { maxSide: 600, maxBytes: MB });
  assert.deepEqual([fitted.width, fitted.height, fitted.mimeType], [600, 200, "image/jpeg"]);
});

test("the ladder ends with the first step that has few enough bytes", async () => {
  const data = await noise(1500, 1500).png().toBuffer();
  const fitted = await fit(thread, data, { maxSide: 2048, maxBytes: 300_000 });
  assert.ok(fitted.data.length <= 300_000);
  assert.ok(fitted.width <= 1500);
  await assert.rejects(fit(thread, data, { maxSide: 2048, maxBytes: 5000 }), { code: "IMAGE_TOO_BIG" });
});

test("a picture with a see-through part stays a PNG while it fits", async () => {
  const data = await sharp({ create: { width: 400, height: 400, channels: 4, background: "#ff000080" } })
    .png()
    .toBuffer();
  assert.equal((await fit(thread, data, { maxSide: 100, maxBytes: MB })).mimeType, "image/png");
});

test("a picture that lies on its side is turned, and loses where it was taken", async () => {
  const data = await noise(60, 30)
    .withExif({ IFD0: { Orientation: "6" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "52/1 30/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  assert.equal(pictureSize(data)?.orientation, 6);
  const fitted = await fit(thread, data, { maxSide: 2000, maxBytes: MB });
  assert.deepEqual([fitted.width, fitted.height], [30, 60]);
  assert.equal((await sharp(fitted.data).metadata()).exif, undefined);
});

/** A PNG that says how large it is, and holds next to nothing. */
function claims(width: number, height: number): Buffer {
  const ihdr = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0....\0\0\0\0IEND....", "latin1");
  ihdr.writeUInt32BE(width, 16);
  ihdr.writeUInt32BE(height, 20);
  return ihdr;
}

test("a picture of absurd size is refused before anything decodes it", async () => {
  const idle = async (): Promise<MediaThread> => assert.fail("nothing may be decoded");
  for (const [width, height] of [
    [60_000, 60_000],
    [16_385, 1],
    [8001, 8000],
  ] as const)
    await assert.rejects(fit(idle, claims(width, height), { maxSide: 2000, maxBytes: MB }), { code: "IMAGE_BOMB" });
  assert.equal((await fit(idle, claims(1000, 1000), { maxSide: 2000, maxBytes: MB })).changed, false);
});

test("a picture that is cut off is refused, and so is what is none", async () => {
  const data = await noise(300, 300).jpeg().toBuffer();
  const limits = { maxSide: 2000, maxBytes: MB };
  await assert.rejects(fit(thread, data.subarray(0, data.length / 2), limits), { code: "IMAGE_BROKEN" });
  await assert.rejects(fit(thread, Buffer.from("<html>not a picture"), limits), { code: "IMAGE_BROKEN" });
  await assert.rejects(fit(thread, data.subarray(0, 20), limits), { code: "IMAGE_BROKEN" });
});

/** FAKE of a machine without the library. */
const without = async () =>
  ({ ask: () => Promise.reject(new TaskTrouble("missing", "Cannot find package 'sharp'")) }) as unknown as MediaThread;

test("without the library a picture that fits goes as it is, another one is left out with the reason", async () => {
  const turned = await noise(60, 30).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const fitted = await fit(without, turned, { maxSide: 2000, maxBytes: MB });
  assert.equal(fitted.data, turned);
  await assert.rejects(fit(without, turned, { maxSide: 50, maxBytes: MB }), {
    code: "IMAGE_PROCESSING_UNAVAILABLE",
    details: { reason: "image_processing_unavailable" },
  });
});

test("the thread ends when nobody asks, and begins again", async (t) => {
  const brief = new MediaThread({ clock: systemClock, log: quietLog, idleMs: 1 });
  t.after(() => brief.close());
  const data = await noise(90, 90).png().toBuffer();
  const ask = () => brief.ask("picture", { data, maxSide: 10, maxBytes: MB });
  assert.equal((await ask()).width, 10);
  while (brief.isRunning) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await ask()).width, 10);
});

test("what takes too long ends with its thread, and the next picture is done", async (t) => {
  const hasty = new MediaThread({ clock: systemClock, log: quietLog, longestMs: 0 });
  t.after(() => hasty.close());
  const data = await noise(2000, 2000).png().toBuffer();
  await assert.rejects(hasty.ask("picture", { data, maxSide: 10, maxBytes: MB }), /longer than/);
  assert.equal(hasty.isRunning, false);
});
