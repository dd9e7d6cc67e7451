/** The answer of `config.get`. */
import type { ConfigSection } from "../../../contracts/config.ts";
import type { ConfigIssue, ConfigService } from "../index.ts";
import { redactText, secretsOf } from "./redact.ts";

export async function describeFile(config: ConfigService, sections: readonly ConfigSection[]) {
  const file = await config.read();
  const [hash, appliedConfigHash] = await Promise.all([
    config.fingerprint(file.hash),
    config.fingerprint(config.applied()),
  ]);
  const plain = ({ path, message }: ConfigIssue) => ({ path, message });
  return {
    path: file.path,
    exists: file.exists,
    raw: file.raw === null ? null : await redactText(file.raw, secretsOf(sections)),
    parsed: config.redact(file.parsed),
    valid: file.valid,
    config: file.exists && file.snapshot ? (config.redact(file.snapshot.root) as Record<string, unknown>) : {},
    hash,
    issues: file.issues.map(plain),
    warnings: file.warnings.map(plain),
    legacyIssues: file.legacyIssues.map(plain),
    includedPaths: [...new Set(file.includes.map((each) => each.file))],
    configRevisionHash: hash,
    appliedConfigHash,
    runtimeConfig: config.redact(config.current().root) as Record<string, unknown>,
  };
}
