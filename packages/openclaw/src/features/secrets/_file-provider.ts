/** Secrets in a file: one value, or a JSON object that pointers (RFC 6901) lead into. */
import { Fault, errorText } from "../../base/errors.ts";
import { openWithin } from "../../base/open.ts";
import { pathFrom } from "../../base/path.ts";
import { withDeadline } from "../../base/time.ts";
import { answer, failAll, number, type Answer, type Provider, type Settings } from "./_provider.ts";
import { standingProblem } from "./_standing.ts";

const MAX_BYTES = 1024 * 1024;
const TIMEOUT_MS = 5000;
const OTHERS = 0o077;

export const fromFile: Provider = async (ids, settings, { platform: { clock, paths } }) => {
  const path = pathFrom(paths.state, String(settings["path"] ?? ""), paths.home);
  const timeoutMs = number(settings, "timeoutMs") ?? TIMEOUT_MS;
  try {
    const text = await withDeadline(
      clock,
      timeoutMs,
      read(path, settings),
      () => new Error(`${path} could not be read within ${timeoutMs} ms`),
    );
    return settings["mode"] === "singleValue" ? ids.map((id) => single(id, text)) : lookUp(ids, text, path);
  } catch (error) {
    return failAll(ids, errorText(error).replace(/\.$/, ""));
  }
};

async function read(path: string, settings: Settings): Promise<string> {
  const maxBytes = number(settings, "maxBytes") ?? MAX_BYTES;
  const file = await openWithin({ root: undefined, path });
  try {
    const problem =
      settings["allowInsecurePath"] === true ? undefined : await standingProblem(file.path, file.access, OTHERS);
    if (problem !== undefined) throw new Error(problem);
    const data = await file.read(0, maxBytes + 1);
    if (data.length > maxBytes) throw new Error(`${path} is larger than ${maxBytes} bytes`);
    return data.toString("utf8");
  } catch (error) {
    throw error instanceof Fault ? new Error(error.message, { cause: error }) : error;
  } finally {
    await file.close();
  }
}

function single(id: string, text: string): Answer {
  if (id !== "value") return { problem: 'the id of a file with one value is "value"' };
  return answer(text.replace(/\r?\n$/, ""));
}

function lookUp(ids: readonly string[], text: string, path: string): Answer[] {
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return failAll(ids, `${path} is not JSON`);
  }
  return ids.map((id) => {
    if (!id.startsWith("/")) return { problem: "the id of a JSON file is a pointer that begins with /" };
    const value = atPointer(root, id);
    return value === undefined ? { problem: `${path} has nothing at ${id}` } : answer(value);
  });
}

function atPointer(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pointer.slice(1).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
