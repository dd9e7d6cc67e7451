/** The thread's side: one question after the other; a library is loaded by the first that needs it. */
import type { MessagePort } from "node:worker_threads";
import { TaskTrouble } from "./protocol.ts";
import type { Answer, Question, Task, Work } from "./protocol.ts";

type Doing = { readonly [T in Task]: (asked: Work[T]["asked"]) => Promise<Work[T]["answer"]> };

const DOING: Doing = {
  picture: async (asked) => (await import("./picture.ts")).fitted(asked),
  pdf: async (asked) => (await import("./pdf.ts")).pdfText(asked),
};

export function serve(port: MessagePort): void {
  port.on("message", (question: Question | "end") => {
    if (question === "end") port.close();
    else void answer(question).then((said) => port.postMessage(said, []));
  });
}

async function answer({ id, task, asked }: Question): Promise<Answer> {
  try {
    return { id, value: await DOING[task](asked as never) };
  } catch (error) {
    const { message = "" } = error as Error;
    return { id, trouble: error instanceof TaskTrouble ? error.trouble : "unreadable", reason: message };
  }
}
