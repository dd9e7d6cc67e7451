import assert from "node:assert/strict";
import { after, test } from "node:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pictureSize } from "../../../base/picture-size.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { ImagePart } from "../../../contracts/message.ts";
import type { Use } from "../../../contracts/service.ts";
import { mediaOf } from "../../media/media.fixture.ts";
import { noise } from "../../media/pictures.fixture.ts";
import { withFittingPictures } from "./pictures.ts";

const state = mkdtempSync(join(tmpdir(), "openclaw-pictures-"));
const media = mediaOf(state);
after(async () => {
  await media.close();
  rmSync(state, { recursive: true, force: true });
});
const use = (async () => media) as unknown as Use;
const unused: Use = () => assert.fail("nothing has to be done");
const config = (side?: number) => ({ at: () => side }) as unknown as ConfigSnapshot;
const part = (data: Buffer): ImagePart => ({ type: "image", data: data.toString("base64"), mimeType: "image/png" });

test("a picture of a tool gets the longest side that the settings name", async () => {
  const large = part(await noise(1500, 500).png().toBuffer());
  for (const [side, width] of [
    [undefined, 1200],
    [600, 600],
  ] as const) {
    const { content } = await withFittingPictures(use, config(side), { content: [large] });
    const [shown] = content;
    assert.ok(shown?.type === "image");
    assert.equal(pictureSize(Buffer.from(shown.data, "base64"))?.width, width);
  }
});

test("what fits, and what is no picture, stays as it is", async () => {
  const small = part(await noise(100, 50).png().toBuffer());
  const result = { content: [{ type: "text" as const, text: "hi" }, small], details: { a: 1 } };
  assert.deepEqual(await withFittingPictures(unused, config(), result), result);
  const plain = { content: [{ type: "text" as const, text: "hi" }] };
  assert.equal(await withFittingPictures(unused, config(), plain), plain);
});

test("a picture that cannot be read is a note, so that it spoils no conversation", async () => {
  const { content } = await withFittingPictures(use, config(), { content: [part(Buffer.from("no picture"))] });
  assert.match((content[0] as { text: string }).text, /^\[picture left out: The picture cannot be read/);
});
