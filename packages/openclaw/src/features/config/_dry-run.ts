/** What a write would do, without doing it, for `--dry-run`. */
import type { CliContext } from "../../contracts/cli.ts";
import { preview, type MakeDraft, type WriteContext } from "./_commit.ts";
import { errors } from "./errors.ts";
import type { Segment } from "./_path.ts";
import { issueLine } from "./_report.ts";
import { checkRefs } from "./_resolvable.ts";

export interface DryRun {
  readonly context: WriteContext;
  readonly draft: MakeDraft;
  readonly paths: readonly (readonly Segment[])[];
  readonly modes: readonly string[];
  readonly json: boolean;
}

/** Prints the outcome; the exit code is 1 when the write would be refused. */
export async function dryRun({ platform, out }: CliContext, run: DryRun): Promise<number> {
  const { file, refusal } = await preview(run.context, run.draft);
  const refs = checkRefs(file.resolved, run.paths, { ...platform.env, ...file.env });
  const schema = refusal === undefined ? [] : refusal.split("\n").map((message) => ({ kind: "schema", message }));
  const found = [...schema, ...refs.errors.map((each) => ({ kind: "resolvability", ...each }))];
  if (run.json)
    out.json({
      ok: found.length === 0,
      operations: run.paths.length,
      configPath: platform.paths.config,
      inputModes: [...new Set(run.modes)],
      checks: { schema: true, resolvability: true, resolvabilityComplete: refs.complete },
      refsChecked: refs.checked,
      skippedExecRefs: refs.skipped,
      ...(found.length > 0 ? { errors: found } : {}),
    });
  else if (found.length === 0) out.line("The change is valid. Nothing was written.");
  else {
    const reason = file.valid ? found.map(({ message }) => message) : file.issues.map(issueLine);
    throw errors.CONFIG_WRITE_REJECTED({ reason: reason.join("\n") });
  }
  return found.length === 0 ? 0 : 1;
}
