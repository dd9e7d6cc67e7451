/** Pictures for tests. */
import sharp from "sharp";
import type { Sharp } from "sharp";

/** Noise: it hardly gets smaller by compression. */
export function noise(width: number, height: number): Sharp {
  return sharp({
    create: { width, height, channels: 3, background: "#123", noise: { type: "gaussian", mean: 128, sigma: 40 } },
  });
}
