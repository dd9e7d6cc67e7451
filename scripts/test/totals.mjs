// @ts-check
/**
 * A reporter that writes the counts of the whole run as JSON.
 * @param {AsyncIterable<{ type: string, data: any }>} source
 */
export default async function* totals(source) {
  for await (const { type, data } of source) {
    if (type === "test:summary" && data.file === undefined) yield JSON.stringify(data.counts);
  }
}
