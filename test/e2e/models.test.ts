import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { POOR_CONTRAST } from "./_contrast.ts";
import { startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit, VisitOptions } from "./_visit.ts";

const on = stage(() => startRealBackend("scripted"));
const options = { skip: NO_BROWSER };

interface File {
  readonly agents: { readonly defaults: { readonly model: unknown; readonly models?: unknown } };
  readonly models: { readonly providers: Readonly<Record<string, { readonly apiKey?: string }>> };
}

async function file(): Promise<File> {
  return JSON.parse(await readFile(join(on.backend.state ?? "", "openclaw.json"), "utf8")) as File;
}

async function open(t: TestContext, more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  if ((more.width ?? 1280) < 760) await seen.page.getByRole("button", { name: "Show conversations" }).tap();
  await seen.page.getByRole("button", { name: "Models", exact: true }).click();
  await seen.page.getByRole("heading", { name: /^Connected/ }).waitFor();
  return seen;
}

const part = ({ page }: Visit, name: string) => page.getByRole("region", { name, exact: true });
const provider = ({ page }: Visit, id: string) =>
  page.locator(".provider", { has: page.locator(".skill-name code", { hasText: new RegExp(`^${id}$`) }) });
const model = async () => (await file()).agents.defaults.model;

test("fallbacks are added, put in order, taken out, and a change is taken back", options, async (t) => {
  const seen = await open(t);
  const answers = part(seen, "Answers");
  await answers.getByText("$3 in, $15 out per million tokens").waitFor();
  for (const [typed, ref] of [
    ["Other", "scripted/other"],
    ["openrouter/maker/rare-model", "openrouter/maker/rare-model"],
  ] as const) {
    await answers.getByRole("button", { name: "Add a fallback: Answers" }).click();
    const field = answers.getByRole("combobox", { name: "Add a fallback: Answers" });
    await field.fill(typed);
    await answers.getByRole("option", { name: ref }).first().waitFor();
    await field.press("Enter");
    await answers.getByRole("button", { name: `Remove ${ref}` }).waitFor();
  }
  await seen.eventually(model, {
    primary: "scripted/my-model",
    fallbacks: ["scripted/other", "openrouter/maker/rare-model"],
  });
  await answers.getByRole("button", { name: "Move openrouter/maker/rare-model up" }).click();
  await seen.eventually(model, {
    primary: "scripted/my-model",
    fallbacks: ["openrouter/maker/rare-model", "scripted/other"],
  });
  await answers.getByRole("button", { name: "Remove openrouter/maker/rare-model" }).click();
  await seen.eventually(model, { primary: "scripted/my-model", fallbacks: ["scripted/other"] });
  await answers.getByRole("button", { name: "Remove openrouter/maker/rare-model" }).waitFor({ state: "detached" });
  await seen.page.getByRole("button", { name: "Undo" }).click();
  await seen.eventually(model, {
    primary: "scripted/my-model",
    fallbacks: ["openrouter/maker/rare-model", "scripted/other"],
  });
});

test("a change is made on the file as it is now, not as the page has read it", options, async (t) => {
  const seen = await open(t);
  const before = await file();
  const path = join(on.backend.state ?? "", "openclaw.json");
  t.after(() => writeFile(path, JSON.stringify(before)));
  await writeFile(path, JSON.stringify({ ...before, messages: { ackReaction: "👀" } }));
  const answers = part(seen, "Answers");
  await answers.getByRole("button", { name: "Change the model: Answers" }).click();
  await answers.getByRole("combobox").fill("scripted/other");
  await answers.getByRole("combobox").press("Enter");
  await answers.locator(".model-choice").getByText("Other", { exact: true }).waitFor();
  const now = (await file()) as File & { readonly messages?: unknown };
  assert.deepEqual(now.messages, { ackReaction: "👀" });
});

test("a key is pasted, counts at once, is never shown, and is removed", options, async (t) => {
  const seen = await open(t);
  await seen.page.getByRole("searchbox", { name: "Find a provider" }).fill("groq");
  const groq = provider(seen, "groq");
  await groq.getByText("no key", { exact: true }).waitFor();
  await groq.getByRole("button", { name: /Groq/ }).click();
  await groq.getByText("$0.59", { exact: true }).waitFor();
  await groq.getByText(/It is written to .*openclaw\.json.* as models\.providers\.groq\.apiKey/).waitFor();
  const field = groq.getByLabel("Key of Groq");
  await field.fill("gsk two words");
  await groq.getByText("A key has no spaces or line breaks.").waitFor();
  assert.equal(await groq.getByRole("button", { name: "Save the key" }).isDisabled(), true);
  await field.fill("gsk_never_shown_again_1234");
  await groq.getByRole("button", { name: "Save the key" }).click();
  await groq.getByText("key from the configuration").waitFor();
  await groq.getByText("ready", { exact: true }).waitFor();
  assert.equal((await file()).models.providers["groq"]?.apiKey, "gsk_never_shown_again_1234");
  assert.equal((await seen.page.content()).includes("gsk_never"), false);
  assert.equal(await field.inputValue(), "");
  await groq.getByRole("button", { name: "Remove the key" }).click();
  await groq.getByText("key from the configuration").waitFor({ state: "detached" });
  assert.equal((await file()).models.providers["groq"]?.apiKey, undefined);
});

test("short names are given and taken away, and a taken one is refused beside the field", options, async (t) => {
  const seen = await open(t);
  const names = part(seen, "Short names");
  const give = async (ref: string, alias: string) => {
    await names.getByRole("button", { name: "Add a short name" }).click();
    await names.getByRole("combobox").fill(ref);
    await names.getByRole("combobox").press("Enter");
    await names.getByLabel("Short name").fill(alias);
  };
  await give("scripted/my-model", "mine");
  await names.getByRole("button", { name: "Add", exact: true }).click();
  await names.getByRole("button", { name: "Remove mine" }).waitFor();
  await give("scripted/other", "Mine");
  await names.getByText("Another model has this short name already.").waitFor();
  await names.getByRole("button", { name: "Cancel" }).click();
  await names.getByRole("button", { name: "Remove mine" }).click();
  await names.getByRole("button", { name: "Remove mine" }).waitFor({ state: "detached" });
  await seen.eventually(async () => (await file()).agents.defaults.models, { "scripted/my-model": {} });
});

test("a model server on the gateway's computer is found and put to use", options, async (t) => {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ object: "list", data: [{ id: "little-llama" }] }));
  });
  // One of the ports where model servers usually listen.
  const listening = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(30_000, "127.0.0.1", () => resolve(true));
  });
  if (!listening) return t.skip("port 30000 is taken");
  t.after(() => server.close());
  const before = await file();
  t.after(() => writeFile(join(on.backend.state ?? "", "openclaw.json"), JSON.stringify(before)));
  const seen = await open(t);
  const servers = part(seen, "On the gateway's computer");
  await servers.getByRole("button", { name: "Look for servers" }).click();
  const row = servers.getByRole("listitem").filter({ hasText: "http://127.0.0.1:30000" });
  await row.getByText("little-llama").waitFor();
  await row.getByRole("button", { name: /^Use / }).click();
  await row.getByText("In use").waitFor();
  const { models, agents } = (await file()) as File & { models: { providers: Record<string, { baseUrl?: string }> } };
  assert.ok(Object.values(models.providers).some(({ baseUrl }) => baseUrl === "http://127.0.0.1:30000/v1"));
  assert.deepEqual(agents.defaults.model, before.agents.defaults.model);
});

/** Two logins of Anthropic: one without credit, one that works. */
async function logins(): Promise<string> {
  const folder = join(on.backend.state ?? "", "agents/main/agent");
  const path = join(folder, "auth-profiles.json");
  const login = (key: string) => ({ type: "api_key", provider: "anthropic", key });
  await mkdir(folder, { recursive: true });
  await writeFile(
    path,
    JSON.stringify({
      version: 1,
      profiles: { "anthropic:work": login("sk-work-secret-1"), "anthropic:home": login("sk-home-secret-1") },
      order: { anthropic: ["anthropic:work", "anthropic:home"] },
      usageStats: { "anthropic:work": { disabledUntil: Date.now() + 3_600_000, disabledReason: "billing" } },
    }),
    { mode: 0o600 },
  );
  return path;
}

test("logins show in their order, one that rests says why and until when", options, async (t) => {
  const path = await logins();
  t.after(() => rm(path));
  const seen = await open(t);
  const one = provider(seen, "anthropic");
  await one.getByText("ready", { exact: true }).waitFor();
  await one.getByRole("button", { name: /Anthropic/ }).click();
  const list = one.locator(".logins li");
  assert.match(
    (await list.nth(0).textContent()) ?? "",
    /anthropic:work.*Disabled until .*: billing \(no credit left\)\./,
  );
  assert.match((await list.nth(1).textContent()) ?? "", /anthropic:home.*next.*works/);
  assert.doesNotMatch(await seen.page.content(), /secret-1/);
});

for (const theme of ["light", "dark"] as const) {
  test(`the ${theme} appearance is readable`, options, async (t) => {
    const path = await logins();
    t.after(() => rm(path));
    const seen = await open(t, { theme, height: 1500 });
    await provider(seen, "anthropic").getByRole("button").first().click();
    await part(seen, "Looks at pictures").getByRole("button", { name: "Choose a model" }).click();
    await seen.page.getByRole("option").first().waitFor();
    await seen.shot(`models-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
  });
}

test("it fits a phone", options, async (t) => {
  const seen = await open(t, { width: 360, height: 780, touch: true });
  await seen.shot("models-phone");
  await seen.page.getByRole("searchbox", { name: "Find a provider" }).fill("openrouter");
  await provider(seen, "openrouter").getByRole("button").first().tap();
  await seen.page.getByLabel("Key of OpenRouter").scrollIntoViewIfNeeded();
  await seen.shot("models-phone-provider");
  const wide = await seen.page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.equal(wide, 0);
});
