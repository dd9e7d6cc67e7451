import { basename, dirname, join } from "node:path";
import { info, list } from "../../base/files.ts";
import { defineCheck } from "../../contracts/check.ts";
import type { Finding } from "../../contracts/check.ts";
import { Models, agentIds } from "../../models/index.ts";
import { Config } from "../config/index.ts";

export const checks = [
  defineCheck({
    id: "logins.files",
    kind: "doctor",
    summary: "The files of logins can be read by their owner only, and none was broken.",
    needsConfig: true,
    async run({ use }) {
      const [models, service] = await Promise.all([use(Models), use(Config)]);
      const config = service.current();
      const paths = agentIds(config).map((id) => models.loginStore(config, id));
      await models.loginReport(config); // Takes over what older versions left, and moves what is broken aside.
      const found = (await Promise.all(paths.map(findings))).flat();
      return found.length > 0 ? found : [{ level: "ok", message: "The files of logins are in order." }];
    },
  }),
];

async function findings(path: string): Promise<readonly Finding[]> {
  const folder = dirname(path);
  const [file, names] = await Promise.all([info(path), list(folder)]);
  const broken = names.filter((name) => name.startsWith(`${basename(path)}.corrupt-`));
  return [
    ...broken.map((name) => ({
      level: "warn" as const,
      message: `A file of logins was broken and is kept as ${join(folder, name)}.`,
      remedy:
        "Copy what you need of it into auth-profiles.json beside it, or connect again with: openclaw models auth login; then delete it.",
    })),
    ...(file && (file.mode & 0o077) !== 0
      ? [
          {
            level: "warn" as const,
            message: `Others can read the logins in ${path}.`,
            remedy: `Run: chmod 600 ${path}`,
          },
        ]
      : []),
  ];
}
