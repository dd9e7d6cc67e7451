import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { POOR_CONTRAST } from "./_contrast.ts";
import { startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit, VisitOptions } from "./_visit.ts";

const on = stage(() => startRealBackend("offline"));
const options = { skip: NO_BROWSER };

async function open(t: TestContext, more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  if ((more.width ?? 1280) < 760) await seen.page.getByRole("button", { name: "Show conversations" }).tap();
  await seen.page.getByRole("button", { name: "Skills", exact: true }).click();
  await seen.page.getByRole("heading", { name: /^Ready/ }).waitFor();
  return seen;
}

const state = () => on.backend.state ?? "";
const folder = (name: string) => join(state(), "workspace/skills", name);
const row = ({ page }: Visit, name: string) => page.locator(".skill", { has: page.getByText(name, { exact: true }) });

async function put(name: string, head: string): Promise<void> {
  await mkdir(folder(name), { recursive: true });
  await writeFile(join(folder(name), "SKILL.md"), `---\nname: ${name}\n${head}\n---\n`);
}

async function entries(): Promise<unknown> {
  const root = JSON.parse(await readFile(join(state(), "openclaw.json"), "utf8")) as { skills?: { entries?: unknown } };
  return root.skills?.entries;
}

test(
  "a skill that is put into the workspace shows by itself, gets its key, and is switched off and on",
  options,
  async (t) => {
    const seen = await open(t);
    await put(
      "tea",
      'description: Makes tea\nmetadata: {"openclaw":{"requires":{"env":["TEA_KEY"]},"primaryEnv":"TEA_KEY"}}',
    );
    t.after(() => rm(folder("tea"), { recursive: true }));
    const tea = row(seen, "tea");
    await tea.getByText("Needs the variable TEA_KEY.").waitFor();
    await tea.getByRole("button", { name: /Makes tea/ }).click();
    await tea.getByLabel("Key (TEA_KEY)").fill("tea-key-1234");
    await tea.getByRole("button", { name: "Save the key" }).click();
    await tea.getByText("Set. It is never shown.").waitFor();
    await tea.getByText("Needs the variable").waitFor({ state: "detached" });
    assert.deepEqual(await entries(), { tea: { apiKey: "tea-key-1234" } });

    const use = tea.getByRole("switch", { name: "Use tea" });
    await use.click();
    await tea.getByText("Switched off.").waitFor();
    assert.equal(await use.getAttribute("aria-checked"), "false");
    await use.click();
    await tea.getByText("Switched off.").waitFor({ state: "detached" });
    await tea.getByRole("button", { name: "Remove" }).click();
    await tea.getByText("Needs the variable TEA_KEY.").waitFor();
    assert.deepEqual(await entries(), { tea: { enabled: true } });
  },
);

test("skills are searched, a broken one is named, and the address leads back to them", options, async (t) => {
  await put("broken", "nothing");
  t.after(() => rm(folder("broken"), { recursive: true }));
  const seen = await open(t);
  await seen.page.getByText(/broken\/SKILL\.md/).waitFor();
  await seen.page.getByRole("searchbox", { name: "Find a skill" }).fill("journal");
  await row(seen, "notes").waitFor();
  assert.equal(await seen.page.locator(".skill").count(), 1);
  await seen.page.reload();
  await row(seen, "notes").waitFor();
  await seen.page.goBack();
  await seen.composer.waitFor();
});

for (const theme of ["light", "dark"] as const) {
  test(`the ${theme} appearance is readable`, options, async (t) => {
    const seen = await open(t, { theme });
    await row(seen, "weather")
      .getByRole("button", { name: /weather/ })
      .click();
    await seen.shot(`skills-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
  });
}

test("it fits a phone", options, async (t) => {
  const seen = await open(t, { width: 390, height: 780, touch: true });
  await row(seen, "notes").getByRole("button", { name: /notes/ }).tap();
  await seen.shot("skills-phone");
  const wide = await seen.page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.equal(wide, 0);
});
