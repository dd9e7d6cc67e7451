import type { CliContext } from "../../../contracts/cli.ts";
import { ConfigSections, loadConfig } from "../index.ts";
import { issueFault, issueLine } from "../_report.ts";

export async function run({ platform, out, global, use }: CliContext): Promise<number> {
  const file = await loadConfig({ platform, sections: await use(ConfigSections) });
  if (global.json) {
    out.json({ valid: file.valid, path: file.path, issues: file.issues, warnings: file.warnings });
    return file.valid ? 0 : 1;
  }
  for (const warning of file.warnings) out.note(out.paint.warn(issueLine(warning)));
  if (file.valid)
    out.line(file.exists ? `Config valid: ${file.path}` : `No config at ${file.path}: the defaults apply.`);
  else {
    const { message, remedy } = issueFault(file);
    out.note(message);
    out.note(remedy);
  }
  return file.valid ? 0 : 1;
}
