import { info } from "../../base/files.ts";
import { defineCheck } from "../../contracts/check.ts";
import { approvalsFile } from "./index.ts";

export const checks = [
  defineCheck({
    id: "approvals.file",
    kind: "doctor",
    summary: "The host's rules for commands can be understood, and only the owner reads them.",
    async run({ platform }) {
      const { path, exists, file } = await approvalsFile(platform).read();
      if (!exists) return [];
      if (file === "damaged")
        return [
          {
            level: "error",
            message: `${path} cannot be understood: commands on an explicit host are all denied.`,
            remedy: "Correct the file, or replace it with: openclaw approvals set --file <good file>",
          },
        ];
      const mode = (await info(path))?.mode ?? 0;
      if ((mode & 0o077) !== 0)
        return [
          {
            level: "warn",
            message: `${path} can be read or changed by others (mode ${mode.toString(8)}).`,
            remedy: `Run: chmod 600 ${path}`,
          },
        ];
      return [{ level: "ok", message: `${path} is in order.` }];
    },
  }),
];
