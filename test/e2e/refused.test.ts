import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { startFakeBackend } from "./_fake-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";

const on = stage(startFakeBackend);

test(
  "a message that the gateway refuses keeps its reason and can be sent again or discarded",
  { skip: NO_BROWSER },
  async (t) => {
    const seen = await (await visit(t, on.browser, on.backend)).ready();
    await seen.say("refuse this");
    await seen.page.getByText("The disk of the gateway is full.").waitFor();
    await seen.page.getByRole("button", { name: "Try again" }).click();
    await seen.page.getByText("The disk of the gateway is full.").waitFor();
    await seen.shot("refused-light");
    await seen.page.getByRole("button", { name: "Discard" }).click();
    assert.equal(await seen.own.count(), 0);
  },
);
