/**
 * Finding the embeddings nearest to a question among many. Each has a short form: one bit for every dimension,
 * which says on which side of the centre of all it lies, and one number for how far. The short forms of 50,000
 * embeddings of 1,536 dimensions take 10 MB; comparing a question with all of them (a table for each eight bits)
 * takes some 10 ms and picks a few hundred, whose full embeddings decide.
 * After RaBitQ (https://arxiv.org/abs/2405.12497), without its rotation.
 */

/** Up to so many embeddings are all compared in full. */
export const FULL_LOOK = 320;

const STEPS = 4096;

/** Divides by the length; undefined for a vector without one. */
export function normalised(vector: ArrayLike<number>): Float32Array | undefined {
  let sum = 0;
  for (let at = 0; at < vector.length; at += 1) sum += (vector[at] as number) ** 2;
  if (!(sum > 0) || !Number.isFinite(sum)) return undefined;
  const scale = 1 / Math.sqrt(sum);
  return Float32Array.from(vector, (value) => value * scale);
}

/** The floats that a database gave back as bytes. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  const own = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Float32Array(own.buffer, own.byteOffset, own.byteLength >> 2);
}

export function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

export function centreOf(vectors: readonly Float32Array[]): Float32Array {
  const centre = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let at = 0; at < centre.length; at += 1) centre[at]! += (vector[at] as number) / vectors.length;
  return centre;
}

/** Four bytes of distance, then the bits. */
export function codeOf(vector: Float32Array, centre: Float32Array): Uint8Array {
  const code = new Uint8Array(4 + Math.ceil(vector.length / 8));
  let squares = 0;
  let sizes = 0;
  for (let at = 0; at < vector.length; at += 1) {
    const way = (vector[at] as number) - (centre[at] as number);
    squares += way * way;
    sizes += Math.abs(way);
    if (way > 0) code[4 + (at >> 3)]! |= 1 << (at & 7);
  }
  new DataView(code.buffer).setFloat32(0, sizes === 0 ? 0 : squares / sizes, true);
  return code;
}

/** Short forms side by side, by the number of their embedding; each fills a multiple of four bytes. */
export class Codes {
  readonly #width: number;
  readonly #places = new Map<number, number>();
  #ids: number[] = [];
  #bits: Uint8Array;
  #scales: Float32Array;

  constructor(dimensions: number, room = 1024) {
    this.#width = Math.ceil(dimensions / 32) * 4;
    this.#bits = new Uint8Array(room * this.#width);
    this.#scales = new Float32Array(room);
  }

  get size(): number {
    return this.#ids.length;
  }

  get bytes(): number {
    return this.#bits.byteLength + this.#scales.byteLength + this.#ids.length * 24;
  }

  set(id: number, code: Uint8Array): void {
    const place = this.#places.get(id) ?? this.#ids.length;
    if (place === this.#ids.length) {
      this.#places.set(id, place);
      this.#ids.push(id);
      this.#grow();
    }
    this.#scales[place] = new DataView(code.buffer, code.byteOffset).getFloat32(0, true);
    this.#bits.set(code.subarray(4), place * this.#width);
  }

  delete(id: number): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    const last = this.#ids.length - 1;
    const moved = this.#ids.pop() as number;
    if (place === last) return;
    this.#ids[place] = moved;
    this.#places.set(moved, place);
    this.#scales[place] = this.#scales[last] as number;
    this.#bits.copyWithin(place * this.#width, last * this.#width, (last + 1) * this.#width);
  }

  /** The embeddings that seem nearest, in no order. */
  nearest(question: Float32Array, count: number): number[] {
    const scores = this.#scores(question);
    if (scores.length <= count) return [...this.#ids];
    const least = nthLargest(scores, count);
    const ids: number[] = [];
    for (let at = 0; at < scores.length; at += 1)
      if ((scores[at] as number) >= least) ids.push(this.#ids[at] as number);
    return ids;
  }

  #scores(question: Float32Array): Float32Array {
    const width = this.#width;
    const { sums, total } = tables(question, width);
    const bits = this.#bits;
    const scores = new Float32Array(this.#ids.length);
    for (let n = 0, at = 0; n < scores.length; n += 1) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let table = 0; table < width << 8; table += 1024, at += 4) {
        a += sums[table | (bits[at] as number)] as number;
        b += sums[(table + 256) | (bits[at + 1] as number)] as number;
        c += sums[(table + 512) | (bits[at + 2] as number)] as number;
        d += sums[(table + 768) | (bits[at + 3] as number)] as number;
      }
      scores[n] = (this.#scales[n] as number) * (2 * (a + b + c + d) - total);
    }
    return scores;
  }

  #grow(): void {
    if (this.#ids.length <= this.#scales.length) return;
    const room = Math.ceil(this.#scales.length * 1.5);
    const bits = new Uint8Array(room * this.#width);
    bits.set(this.#bits);
    const scales = new Float32Array(room);
    scales.set(this.#scales);
    this.#bits = bits;
    this.#scales = scales;
  }
}

/** What each value of each byte adds: the sum of the question's dimensions whose bit is set. */
function tables(question: Float32Array, width: number): { sums: Float32Array; total: number } {
  const sums = new Float32Array(width * 256);
  let total = 0;
  for (let byte = 0; byte < width; byte += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const value = question[byte * 8 + bit] ?? 0;
      total += value;
      const step = 1 << bit;
      for (let low = 0; low < step; low += 1)
        sums[(byte << 8) | step | low] = value + (sums[(byte << 8) | low] as number);
    }
  }
  return { sums, total };
}

/** A value that at least `n` reach, and hardly more: by counting them in steps. */
function nthLargest(values: Float32Array, n: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const step = (high - low) / STEPS || 1;
  const counts = new Uint32Array(STEPS + 1);
  for (const value of values) counts[Math.floor((value - low) / step)]! += 1;
  let at = STEPS;
  for (let count = counts[at] ?? 0; count < n && at > 0; count += counts[at] ?? 0) at -= 1;
  return low + at * step;
}
