/**
 * A gateway that ends in the middle of a request over HTTP, by SIGKILL and by SIGTERM: what was accepted is
 * finished once, into the transcript, and the session goes on from there.
 */
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Reply } from "../fakes/model-server.ts";
import { startModelServer } from "../fakes/model-server.ts";
import { TOKEN, makePlace, start } from "../harness/gateway.ts";
import type { Place, Running } from "../harness/gateway.ts";

interface Line {
  readonly type: string;
  readonly message?: { readonly role: string; readonly content: unknown; readonly stopReason?: string };
}

function transcript(place: Place): NonNullable<Line["message"]>[] {
  const folder = join(place.state, "agents", "main", "sessions");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line) as Line)
    .flatMap(({ type, message }) => (type === "message" && message ? [message] : []));
}

const history = [
  { role: "user", content: "first" },
  { role: "assistant", content: "answer to first" },
];
const question = (text: string, more: object = {}) => ({
  user: "ada",
  messages: [...history, { role: "user", content: text }],
  ...more,
});

for (const signal of ["kill", "stop"] as const)
  for (const stream of [false, true])
    test(`${signal} while the model is asked (${stream ? "streamed" : "whole"})`, async (t) => {
      let reply: Reply = { kind: "hang", after: "text" };
      const model = await startModelServer({ api: "openai-completions", script: () => reply });
      const place = await makePlace(model.url, {
        gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } },
      });
      const ask = (body: object) =>
        fetch(`http://127.0.0.1:${place.port}/v1/chat/completions`, {
          method: "POST",
          headers: { authorization: `Bearer ${TOKEN}` },
          body: JSON.stringify(body),
        });
      const lives: Running[] = [];
      t.after(async () => {
        for (const life of lives) await life.kill();
        await model.close();
        place.end();
      });

      const first = await start(place);
      lives.push(first);
      const cut = ask(question("second", { stream })).then((response) => response.text());
      cut.catch(() => undefined);
      while (model.requests.length === 0) await pause(5);
      await pause(50);
      reply = { text: ["answer to second"] };
      await first[signal]();
      await cut.catch(() => undefined);

      lives[0] = await start(place);
      const texts = () => transcript(place).map(({ role, content }) => `${role}: ${JSON.stringify(content)}`);
      for (let n = 0; n < 200 && texts().length < 4; n += 1) await pause(20);
      await pause(200);
      const answers = transcript(place).filter(({ role }) => role === "assistant");
      assert.equal(texts().filter((text) => text.includes('"second"')).length, 1);
      assert.equal(texts().filter((text) => text.includes('"first"')).length, 1);
      assert.equal(texts().filter((text) => text.includes("answer to second")).length, 1);
      assert.equal(answers.length, 2);

      reply = { text: ["answer to third"] };
      const held = [
        { role: "user", content: "second" },
        { role: "assistant", content: "answer to second" },
      ];
      const third = { user: "ada", messages: [...history, ...held, { role: "user", content: "third" }] };
      const { choices } = (await (await ask(third)).json()) as { choices: { message: { content: string } }[] };
      assert.equal(choices[0]?.message.content, "answer to third");
      const asked = model.requests.at(-1)?.body["messages"] as { role: string }[];
      assert.deepEqual(
        asked.slice(1).map(({ role }) => role),
        ["user", "assistant", "user", "assistant", "user"],
      );
    });
