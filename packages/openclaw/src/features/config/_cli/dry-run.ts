/** What a write would do, without doing it, for `--dry-run`. */
import type { CliContext } from "../../../contracts/cli.ts";
import { preview, type MakeDraft, type WriteContext } from "../_write/commit.ts";
import { errors } from "../errors.ts";
import { SecretResolver } from "../index.ts";
import type { Segment } from "../_path.ts";
import { issueLine } from "../_report.ts";
import { checkRefs } from "./resolvable.ts";

export interface DryRun {
  readonly context: WriteContext;
  readonly draft: MakeDraft;
  readonly paths: readonly (readonly Segment[])[];
  readonly modes: readonly string[];
}

/** Prints the outcome; the exit code is 1 when the write would be refused. */
export async function dryRun({ platform, out, options, use }: CliContext, run: DryRun): Promise<number> {
  const { file, refusal } = await preview(run.context, run.draft);
  const allowExec = options["allowExec"] === true;
  const refs = await checkRefs(file.snapshot?.root ?? {}, {
    paths: run.paths,
    allowExec,
    resolve: async (root, why) => (await use(SecretResolver))(root, why),
  });
  const issues = file.valid ? (refusal === undefined ? [] : [refusal]) : file.issues.map(issueLine);
  const found = [
    ...issues.map((message) => ({ kind: "schema", message })),
    ...refs.errors.map((each) => ({ kind: "resolvability", ...each })),
  ];
  if (options["json"] === true)
    out.json({
      ok: found.length === 0,
      operations: run.paths.length,
      configPath: platform.paths.config,
      inputModes: [...new Set(run.modes)],
      checks: { schema: true, resolvability: file.valid, resolvabilityComplete: file.valid && refs.skipped === 0 },
      refsChecked: refs.checked,
      skippedExecRefs: refs.skipped,
      ...(found.length > 0 ? { errors: found } : {}),
    });
  else if (found.length > 0)
    throw errors.CONFIG_WRITE_REJECTED({ reason: found.map(({ message }) => message).join("\n") });
  else out.line("The change is valid. Nothing was written.");
  return found.length === 0 ? 0 : 1;
}
