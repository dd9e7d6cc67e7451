/**
 * Workflows of ComfyUI, on a machine of one's own or at Comfy Cloud.
 * Source: https://docs.comfy.org/development/comfyui-server/comms_routes and …/development/cloud/api-reference
 */
import { join } from "node:path";
import { readText } from "../../../base/files.ts";
import { isRecord, record } from "../../../base/record.ts";
import type { Loose } from "../../../base/record.ts";
import { GenerationFailed, MAX_STATE, call, idIn, sentence, textAt } from "../_engine/provider.ts";
import type { Access, Adapter, Call, Found, Io, Job } from "../_engine/provider.ts";

const MAX_WORKFLOW = 4 * 1024 * 1024;
const MAX_HISTORY = 16 * 1024 * 1024;

export const adapter: Adapter = {
  async begin(job, io) {
    const own = record(job.settings[job.kind]);
    const workflow = await workflowOf(own, textAt(job.settings, "home") ?? "");
    put(workflow, textAt(own, "promptNodeId"), textAt(own, "promptInputName") ?? "text", job.wishes.prompt);
    const [picture] = job.references;
    if (picture) {
      const form = new FormData();
      const name = `openclaw-${io.uuid()}.${picture.mimeType.split("/")[1] ?? "png"}`;
      form.append("image", new Blob([new Uint8Array(picture.data)], { type: picture.mimeType }), name);
      form.append("type", "input");
      const sent = await ask(job, io, { path: "/upload/image", form, maxBytes: MAX_STATE });
      const input = textAt(own, "inputImageInputName") ?? "image";
      put(workflow, textAt(own, "inputImageNodeId"), input, textAt(sent, "name") ?? name);
    }
    const answer = await ask(job, io, {
      path: "/prompt",
      json: { prompt: workflow, client_id: io.uuid() },
      maxBytes: MAX_STATE,
    });
    return { operation: idIn(answer, "prompt_id") };
  },

  async poll(operation, job, io) {
    const path = isCloud(job) ? `/jobs/${operation}` : `/history/${operation}`;
    const answer = await ask(job, io, { path, maxBytes: MAX_HISTORY });
    const entry = isRecord(answer[operation]) ? answer[operation] : answer;
    const status = entry["status"];
    const word = typeof status === "string" ? status : textAt(record(status), "status_str");
    if (word === "error" || word === "failed" || word === "cancelled")
      throw new GenerationFailed(sentence(entry["error_message"]) || "the workflow ended with an error", {
        refused: true,
      });
    const own = record(job.settings[job.kind]);
    const files = filesOf(record(entry["outputs"]), textAt(own, "outputNodeId"));
    const done = word === "success" || word === "completed" || record(status)["completed"] === true;
    if (files.length === 0 && done) throw new GenerationFailed("the workflow ended without a file", { refused: true });
    return files.length === 0 ? { operation } : { files: files.map((query) => viewOf(job, query)) };
  },
};

function isCloud({ settings }: Pick<Job, "settings">): boolean {
  return settings["mode"] === "cloud";
}

function ask(job: Job, io: Io, asked: Call): Promise<Loose> {
  return call(job, io, { ...asked, path: `${isCloud(job) ? "/api" : ""}${asked.path}`, headers: keyOf(job.access) });
}

function keyOf({ apiKey }: Access): Readonly<Record<string, string>> {
  return apiKey === undefined ? {} : { "x-api-key": apiKey };
}

async function workflowOf(own: Loose, home: string): Promise<Record<string, unknown>> {
  if (isRecord(own["workflow"])) return structuredClone(own["workflow"]) as Record<string, unknown>;
  const path = textAt(own, "workflowPath");
  if (path === undefined) throw new GenerationFailed("no workflow is configured for it", { refused: true });
  const text = await readText(path.startsWith("~/") ? join(home, path.slice(2)) : path, MAX_WORKFLOW);
  try {
    const read: unknown = JSON.parse(text ?? "");
    if (isRecord(read)) return read as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new GenerationFailed(`the workflow ${path} cannot be read; export it in the API format`, { refused: true });
}

/** Sets an input of a node. Throws for a node that is not there. */
function put(workflow: Record<string, unknown>, node: string | undefined, input: string, value: string): void {
  if (node === undefined || !isRecord(workflow[node]))
    throw new GenerationFailed(`the workflow has no node "${node ?? ""}" for the input "${input}"`, { refused: true });
  const own = workflow[node];
  workflow[node] = { ...own, inputs: { ...record(own["inputs"]), [input]: value } };
}

/** What the nodes put out, as questions to `/view`; of the named node, else of all. */
function filesOf(outputs: Loose, node: string | undefined): readonly string[] {
  const nodes = node === undefined ? Object.values(outputs) : [outputs[node]];
  const files = nodes
    .flatMap((one) => Object.values(record(one)))
    .flatMap((value) => (Array.isArray(value) ? value : []));
  return files.flatMap((file: unknown) => {
    const { filename, subfolder = "", type = "output" } = record(file);
    if (typeof filename !== "string" || type === "temp") return [];
    return [new URLSearchParams({ filename, subfolder: String(subfolder), type: String(type) }).toString()];
  });
}

function viewOf(job: Job, query: string): Found {
  return { url: `${job.access.baseUrl}${isCloud(job) ? "/api" : ""}/view?${query}`, headers: keyOf(job.access) };
}
