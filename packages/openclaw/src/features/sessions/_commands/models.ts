/** `/models`: browsing what providers have. */
import type { ChatCommandCall, ChatOutcome } from "../../../contracts/chat.ts";
import { Models } from "../../../models/index.ts";
import { chosen } from "./chosen.ts";
import { refOf } from "./model-names.ts";
import { model } from "./model.ts";

const PER_PAGE = 20;
const MOST = 100;

export async function models(call: ChatCommandCall): Promise<ChatOutcome> {
  const asked = read(call.rest);
  if (asked === undefined) return model({ ...call, rest: "" });
  const { config, ref } = await chosen(call);
  const all = await (await call.use(Models)).list(config, "all");
  const providers = [...new Set(all.map(({ provider }) => provider))];
  const mine = asked.provider === undefined ? all : all.filter(({ provider }) => provider === asked.provider);
  if (mine.length === 0)
    return { reply: `⚠️ There is no provider "${asked.provider}". There are: ${providers.join(", ")}.` };
  const size = asked.all ? MOST : asked.size;
  const pages = Math.max(1, Math.ceil(mine.length / size));
  const page = Math.min(pages, asked.page);
  const shown = mine.slice((page - 1) * size, page * size);
  const lines = shown.map((one) => {
    const alias = one.alias === undefined ? "" : ` (${one.alias})`;
    return `- ${refOf(one)}${alias}${refOf(one) === ref ? " ✓" : one.available ? "" : " – no key"}`;
  });
  const title = `Models${asked.provider === undefined ? "" : ` of ${asked.provider}`}: ${mine.length}`;
  const next = `/models ${asked.provider ?? ""} ${page + 1}`.replace(/\s+/g, " ");
  return {
    reply: [
      `${title}${pages > 1 ? ` (page ${page}/${pages})` : ""}`,
      "",
      ...lines,
      ...(page < pages ? ["", `More: ${next}`] : []),
    ].join("\n"),
    ...(page < pages ? { choices: [[{ value: next, label: "More ▶" }]] } : {}),
  };
}

/** `openai 2 limit=10`, `all`; undefined for nothing. */
function read(rest: string) {
  const words = rest.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 || words[0] === "list") return undefined;
  const sizeWord = words.find((word) => /^(?:limit|size)=\d{1,3}$/.test(word));
  const page = words.find((word) => /^\d{1,4}$/.test(word));
  const provider = words.find((word) => word !== "all" && word !== page && !word.includes("="));
  return {
    provider,
    page: Math.max(1, Number(page ?? 1)),
    size: Math.min(MOST, Math.max(1, Number(sizeWord?.replace(/^\D+/, "") ?? PER_PAGE))),
    all: words.includes("all"),
  };
}
