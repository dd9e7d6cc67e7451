/**
 * Records what Google's own client reads from the fake server's streams, and what it sends for some requests, into
 * `google-genai.json`. The client is no dependency, because one of its own runs a script when it is installed:
 *
 *   npm install --ignore-scripts --prefix <folder> @google/genai@3.1.0
 *   node --conditions=openclaw-source test/recordings/google-genai.mjs <folder>/node_modules/@google/genai/dist/node/index.mjs
 */
import { createServer } from "node:http";
import { writeFile } from "node:fs/promises";
import { answers, questions } from "./google-genai-cases.ts";
import { googleEvents } from "../fakes/_wire-google.ts";

const { GoogleGenAI } = await import(process.argv[2]);
const recorded = { client: "@google/genai 3.1.0", streams: {}, requests: {} };
let stream = "";
let body;
const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    body = { path: request.url, key: request.headers["x-goog-api-key"], ...JSON.parse(Buffer.concat(chunks)) };
    response.writeHead(200, { "content-type": "text/event-stream" }).end(stream);
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const client = new GoogleGenAI({
  apiKey: "FAKE-key",
  httpOptions: { baseUrl: `http://127.0.0.1:${server.address().port}` },
});

for (const [name, answer] of Object.entries(answers)) {
  stream = typeof answer === "string" ? answer : googleEvents(answer, "fake-1").join("");
  const read = { thoughts: "", text: "", calls: [], signatures: [] };
  for await (const chunk of await client.models.generateContentStream({ model: "fake-1", contents: "hi" })) {
    for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
      if (part.thoughtSignature) read.signatures.push(part.thoughtSignature);
      if (part.functionCall) read.calls.push({ args: {}, ...part.functionCall });
      else if (part.thought) read.thoughts += part.text ?? "";
      else read.text += part.text ?? "";
    }
    read.finishReason = chunk.candidates?.[0]?.finishReason ?? read.finishReason;
    read.responseId = chunk.responseId ?? read.responseId;
    read.usage = chunk.usageMetadata ?? read.usage;
    read.blocked = chunk.promptFeedback?.blockReason ?? read.blocked;
  }
  recorded.streams[name] = { stream, read };
}
stream = googleEvents({ text: ["ok"] }, "fake-1").join("");
for (const [name, question] of Object.entries(questions)) {
  for await (const _ of await client.models.generateContentStream(question.official));
  recorded.requests[name] = body;
}
server.close();
await writeFile(new URL("google-genai.json", import.meta.url), `${JSON.stringify(recorded, null, 1)}\n`);
