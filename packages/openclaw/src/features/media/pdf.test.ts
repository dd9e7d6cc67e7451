import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { call, testTool, textOf } from "../../../../../test/conformance/testTool.ts";
import { toolWorld, type ToolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { provide } from "../../contracts/service.ts";
import type { Provider } from "../../contracts/service.ts";
import type { Endpoint, ModelEvent, ModelRequest } from "../../contracts/model.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import type { Tool } from "../../contracts/tool.ts";
import { Models } from "../../models/index.ts";
import type { ModelsService } from "../../models/index.ts";
import { pagesOf } from "./_pages.ts";
import { services } from "./service.ts";
import { tools } from "./tools.ts";

const pdf = tools.find(({ name }) => name === "pdf") as Tool;
const CONFIG = { agents: { defaults: { pdfModel: { primary: "plain/one", fallbacks: ["native/two"] } } } };

/** A PDF file with a line of text on each page. */
function document(pages: readonly string[]): Buffer {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${4 + i * 2} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...pages.flatMap((text, i) => {
      const stream = text === "" ? "" : `BT /F1 12 Tf 20 100 Td (${text}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + i * 2} 0 R >>`,
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ];
    }),
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = text.length;
  const rows = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  return Buffer.from(`${text}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`);
}

/** FAKE of the models: says what it was shown; those of `native` read documents. */
function readers(requests: ModelRequest[] = []): readonly Provider[] {
  async function* stream(request: ModelRequest): AsyncIterable<ModelEvent> {
    requests.push(request);
    const { provider, model } = request.endpoint;
    const parts = request.messages[0]?.content as { type: string; text?: string }[];
    const seen = parts.map((part) => (part.type === "document" ? "a file" : part.text)).join(" | ");
    const message = {
      role: "assistant",
      content: [{ type: "text", text: seen }],
      timestamp: 0,
      api: "fake",
      provider,
      model: model.id,
      usage: NO_USAGE,
      stopReason: "stop",
    } as const;
    yield { type: "done", reason: "stop", message };
  }
  const resolve = async (ref: string): Promise<Endpoint> => {
    const [provider = "", id = ""] = ref.split("/");
    const model = { id, name: id, reasoning: false, input: ["text"], contextWindow: 1e5, maxTokens: 1e4 } as const;
    const base = { provider, api: "fake", baseUrl: "http://localhost", headers: {}, native: false, model };
    return provider === "native" ? { ...base, documents: true } : base;
  };
  return [...services, provide(Models, () => ({ stream, resolve }) as unknown as ModelsService)] as readonly Provider[];
}

async function prepare({ workspace, home }: ToolWorld): Promise<void> {
  await writeFile(
    join(workspace, "a.pdf"),
    document(["Page one says alpha", "Page two says beta", "Page three: gamma"]),
  );
  await writeFile(join(workspace, "empty.pdf"), document([""]));
  await writeFile(join(workspace, "lies.pdf"), "no document at all");
  await writeFile(join(workspace, "cut.pdf"), document(["alpha"]).subarray(0, 60));
  await writeFile(join(home, "outside.pdf"), document(["secret"]));
}

testTool(pdf, {
  config: CONFIG,
  services: readers(),
  params: { pdf: "a.pdf", prompt: "what does it say?" },
  preview: ({ workspace }) => ({
    target: "a.pdf",
    exact: { documents: ["a.pdf"], paths: [join(workspace, "a.pdf")], path: join(workspace, "a.pdf") },
  }),
  prepare,
  cases: [
    {
      title: "reads the text of all pages for a model that does not read files",
      params: { pdf: "a.pdf" },
      says: /\[Page 1\]\nPage one says alpha[\s\S]*\[Page 3\]\nPage three: gamma[\s\S]*Analyze this PDF document\./,
      check: ({ details }) =>
        assert.deepEqual(details, {
          model: "plain/one",
          native: false,
          attempts: [{ model: "plain/one", native: false }],
          pdf: "a.pdf",
        }),
    },
    {
      title: "reads the pages that are asked for",
      params: { pdf: "a.pdf", pages: "3,2-2" },
      says: /^(?![\s\S]*alpha)[\s\S]*beta[\s\S]*gamma/,
      check: ({ details }) => assert.deepEqual((details as { pages: number[] }).pages, [2, 3]),
    },
    {
      title: "gives the file itself to a model that reads it",
      params: { pdf: "a.pdf", model: "native/two" },
      says: /^a file \| /,
    },
    {
      title: "refuses pages where the model reads the file itself",
      params: { pdf: "a.pdf", model: "native/two", pages: "1" },
      says: /^pages is not supported with native PDF providers/,
      fails: true,
    },
    {
      title: "refuses a password there, too",
      params: { pdf: "a.pdf", model: "native/two", password: "x" },
      says: /^password is not supported with native PDF providers/,
      fails: true,
    },
    {
      title: "wants a document",
      params: {},
      says: /^pdf required: provide a path or URL to a PDF document/,
      fails: true,
    },
    {
      title: "judges a document by its bytes",
      params: { pdf: "lies.pdf" },
      says: /nothing that can be read as a PDF/,
      fails: true,
    },
    {
      title: "says that a broken one is broken",
      params: { pdf: "cut.pdf", model: "plain/one" },
      says: /cannot be read/,
      fails: true,
    },
    {
      title: "says that pictures of pages are not read",
      params: { pdf: "empty.pdf", model: "plain/one" },
      says: /no text that can be read/,
      fails: true,
    },
    {
      title: "knows what pages are",
      params: { pdf: "a.pdf", pages: "0-x", model: "plain/one" },
      says: /names no pages/,
      fails: true,
    },
    {
      title: "refuses what is too large",
      params: { pdf: "a.pdf", maxBytesMb: 0.0001 },
      says: /more than 104 bytes/,
      fails: true,
    },
  ],
  refusals: [
    {
      title: "a document outside the folders that it is confined to",
      params: { pdf: "../outside.pdf" },
      gate: ({ workspace }) => ({ fileRoots: [workspace] }),
      rule: "outside-file-roots",
      twin: { params: { pdf: "a.pdf" } },
    },
  ],
});

test("a model that reads the file itself stands in when there is no text", async (t) => {
  const world = await toolWorld(t, { config: CONFIG, services: readers() });
  await prepare(world);
  assert.match(textOf(await call(pdf, { pdf: "empty.pdf" }, world)), /^a file/);
});

test("too many documents and references of another kind have codes", async (t) => {
  const world = await toolWorld(t, { config: CONFIG, services: readers() });
  const refused = async (params: object) => {
    const body = await pdf.load();
    const result = await body.run(params as never, world.context({}));
    return [result.isError, (result.details as { error: string }).error];
  };
  assert.deepEqual(await refused({ pdfs: Array.from({ length: 11 }, () => "a.pdf") }), [true, "too_many_pdfs"]);
  assert.deepEqual(await refused({ pdf: "ftp://example.com/a.pdf" }), [true, "unsupported_pdf_reference"]);
});

const pages: [text: string, most: number, expected: number[] | undefined][] = [
  ["1-5,7", 20, [1, 2, 3, 4, 5, 7]],
  [" 7 , 1 - 2,2", 20, [1, 2, 7]],
  ["1-999999", 3, [1, 2, 3]],
  ["3-1", 20, undefined],
  ["0", 20, undefined],
  ["", 20, undefined],
  ["1,,2", 20, undefined],
  ["a", 20, undefined],
];
for (const [text, most, expected] of pages)
  test(`the pages "${text}" are ${expected === undefined ? "refused" : expected.join(" ")}`, () => {
    if (expected === undefined) assert.throws(() => pagesOf(text, most), { code: "PDF_PAGES" });
    else assert.deepEqual(pagesOf(text, most), expected);
  });
