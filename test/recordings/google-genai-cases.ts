/** What Google's own client was shown, and what it was asked to send. */
import type { ModelRequest } from "../../packages/openclaw/src/contracts/model.ts";
import type { Answer } from "../fakes/model-server.ts";

const chunk = (value: object) => `data: ${JSON.stringify(value)}\r\n\r\n`;
const says = (parts: readonly object[], more: object = {}) => ({
  candidates: [{ content: { role: "model", parts }, index: 0, ...more }],
  modelVersion: "fake-1",
  responseId: "r-1",
});

/** Answers of the fake, and streams as the vendor has been seen to send them. */
export const answers: Readonly<Record<string, Answer | string>> = {
  text: { text: ["Good ", "morning ", "🌍"], usage: { input: 11, output: 4 } },
  "thoughts and parallel calls": {
    thinking: ["Let me ", "see."],
    text: ["Looking."],
    signature: "c2lnbmF0dXJl",
    calls: [
      { id: "call1", name: "exec", arguments: '{"command":"ls","timeout":5}' },
      { id: "call2", name: "read", arguments: '{"path":"ä/ö.md"}' },
    ],
    usage: { input: 100, output: 30, cacheRead: 900 },
  },
  "a cut answer": { text: ["And"], stop: "length", usage: { input: 1, output: 1 } },
  "a proof behind the last word": [
    chunk(says([{ text: "The answer", thought: true }])),
    chunk(says([{ text: "is " }])),
    chunk(says([{ text: "42." }])),
    chunk({
      ...says([{ text: "", thoughtSignature: "cHJvb2Y=" }], { finishReason: "STOP" }),
      usageMetadata: {
        promptTokenCount: 50,
        candidatesTokenCount: 6,
        thoughtsTokenCount: 40,
        cachedContentTokenCount: 20,
        totalTokenCount: 96,
      },
    }),
  ].join(""),
  "calls without ids, all in one chunk": chunk({
    ...says(
      [
        { functionCall: { name: "exec", args: { command: "ls" } }, thoughtSignature: "cHJvb2Y=" },
        { functionCall: { name: "exec", args: { command: "pwd" } } },
        { functionCall: { name: "now" } },
      ],
      { finishReason: "STOP" },
    ),
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 9, totalTokenCount: 14 },
  }),
  "counts after the end": [
    chunk(says([{ text: "Done." }], { finishReason: "STOP" })),
    chunk({ usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 }, responseId: "r-1" }),
  ].join(""),
};

interface Question {
  /** As Google's client takes it. */
  readonly official: { readonly model: string; readonly contents: unknown; readonly config?: object };
  /** The same, as a dialect takes it. */
  readonly ours: Partial<Omit<ModelRequest, "endpoint">> & { readonly model?: object };
}

const user = (content: string) => ({ role: "user" as const, content, timestamp: 1 });
const said = { api: "google-generative-ai", provider: "fake", model: "gemini-3-pro", timestamp: 2, stopReason: "toolUse" };
const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 };
const exec = {
  name: "exec",
  description: "Runs a command",
  parameters: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
};

export const questions: Readonly<Record<string, Question>> = {
  "a question with a system prompt, a tool and limits": {
    official: {
      model: "gemini-3-pro",
      contents: [{ role: "user", parts: [{ text: "hi" }] }],
      config: {
        systemInstruction: { parts: [{ text: "Be brief." }] },
        tools: [{ functionDeclarations: [exec] }],
        toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["exec"] } },
        maxOutputTokens: 100,
        temperature: 0.5,
        topP: 0.9,
        stopSequences: ["END"],
        seed: 7,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" },
      },
    },
    ours: {
      messages: [user("hi")],
      tools: [exec],
      toolChoice: { name: "exec" },
      maxTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      stop: ["END"],
      seed: 7,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      thinking: "high",
      model: { id: "gemini-3-pro", reasoning: true },
    },
  },
  "a conversation with a call, a picture and a proof": {
    official: {
      model: "gemini-3-pro",
      contents: [
        { role: "user", parts: [{ text: "look" }, { inlineData: { mimeType: "image/png", data: "QUJD" } }] },
        {
          role: "model",
          parts: [
            { text: "Looking." },
            { functionCall: { id: "call1", name: "exec", args: { command: "ls" } }, thoughtSignature: "cHJvb2Y=" },
          ],
        },
        {
          role: "user",
          parts: [{ functionResponse: { id: "call1", name: "exec", response: { output: "a.txt" } } }],
        },
      ],
      config: { systemInstruction: { parts: [{ text: "Be brief." }] } },
    },
    ours: {
      messages: [
        {
          role: "user",
          timestamp: 1,
          content: [
            { type: "text", text: "look" },
            { type: "image", data: "QUJD", mimeType: "image/png" },
          ],
        },
        {
          ...said,
          role: "assistant",
          usage,
          content: [
            { type: "text", text: "Looking." },
            {
              type: "toolCall",
              id: "call1",
              name: "exec",
              arguments: { command: "ls" },
              thoughtSignature: "cHJvb2Y=",
            },
          ],
        } as never,
        {
          role: "toolResult",
          toolCallId: "call1",
          toolName: "exec",
          content: [{ type: "text", text: "a.txt" }],
          isError: false,
          timestamp: 3,
        },
      ],
      tools: [],
      model: { id: "gemini-3-pro" },
    },
  },
  "an answer in JSON": {
    official: {
      model: "gemini-2.5-flash",
      contents: [{ role: "user", parts: [{ text: "hi" }] }],
      config: {
        systemInstruction: { parts: [{ text: "Be brief." }] },
        responseMimeType: "application/json",
        responseSchema: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
        thinkingConfig: { thinkingBudget: 0 },
      },
    },
    ours: {
      messages: [user("hi")],
      tools: [],
      responseFormat: {
        type: "json_schema",
        json_schema: {
          name: "a",
          schema: {
            type: "object",
            properties: { a: { type: "string" } },
            required: ["a"],
            additionalProperties: false,
          },
        },
      },
      model: { id: "gemini-2.5-flash", reasoning: true },
    },
  },
  "a kept prefix": {
    official: {
      model: "gemini-2.5-flash",
      contents: [{ role: "user", parts: [{ text: "hi" }] }],
      config: { cachedContent: "cachedContents/abc" },
    },
    ours: { messages: [user("hi")], model: { id: "gemini-2.5-flash" } },
  },
};
