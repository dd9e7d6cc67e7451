import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FailureClass } from "../../contracts/model.ts";
import { classify, refusesLongContext } from "./_classify.ts";

type Case = readonly [status: number | undefined, text: string];

const TABLE: Partial<Record<FailureClass, readonly Case[]>> = {
  rate_limit: [
    [429, "rate_limit_error Number of request tokens has exceeded your per-minute limit"],
    [429, "rate_limit_error Extra usage is required for long context requests."],
    [429, "RESOURCE_EXHAUSTED Resource has been exhausted (e.g. check quota)."],
    [429, "ThrottlingException Too many tokens, please wait before trying again."],
    [429, "Rate limit reached for gpt-5 in organization org-1 on tokens per min (TPM): Limit 30000, Used 29000"],
    [429, "too many concurrent requests"],
    [429, ""],
    [400, "ThrottlingException Rate exceeded"],
    [400, "ServiceQuotaExceededException Your request exceeds the service quota for your account."],
    [402, "You have reached your weekly limit. It resets on Monday."],
    [402, "5-hour usage limit reached"],
    [402, "usage window exhausted, retry after 3600 seconds"],
    [403, "Monthly limit reached for this plan"],
    [403, "rateLimitExceeded Quota exceeded for quota metric"],
    [undefined, "weekly/monthly limit reached"],
    [undefined, "ThrottlingException Too many tokens, please wait before trying again."],
    [undefined, "throttlingException"],
    [undefined, "You've hit your usage limit. Try again in 2 hours."],
  ],
  overloaded: [
    [529, "overloaded_error Overloaded"],
    [503, ""],
    [503, "UNAVAILABLE The model is overloaded. Please try again later."],
    [429, "ModelNotReadyException Model is not ready for inference."],
    [500, "The server is currently overloaded with other requests."],
    [undefined, "serviceUnavailableException Bedrock is unable to process your request."],
    [undefined, "This model is currently experiencing high demand."],
  ],
  timeout: [
    [408, "ModelTimeoutException"],
    [499, "CANCELLED The operation was cancelled."],
    [524, "A timeout occurred"],
    [undefined, "upstream request timed out"],
    [undefined, "DEADLINE_EXCEEDED"],
  ],
  server_error: [
    [500, "Internal server error"],
    [502, "Bad Gateway"],
    [504, "Gateway Timeout"],
    [424, "ModelErrorException The model failed."],
    [undefined, "modelStreamErrorException The system encountered an unexpected error"],
    [undefined, "api_error Internal server error"],
  ],
  auth: [
    [401, "invalid x-api-key"],
    [403, "AccessDeniedException You don't have access to the model with the specified model ID."],
    [403, "ExpiredTokenException The security token included in the request is expired"],
    [400, "API key not valid. Please pass a valid API key."],
    [400, "API key expired. Please renew the API key."],
    [400, "This credential is only authorized for use with Claude Code and cannot be used for other API requests."],
    [undefined, "authentication_error invalid bearer token"],
  ],
  auth_permanent: [
    [401, "Your API key has been revoked"],
    [401, "account_deactivated The OpenAI account associated with this API key has been deactivated."],
    [403, "This account is suspended"],
  ],
  billing: [
    [402, "Insufficient credits. Add more using https://openrouter.ai/credits"],
    [402, "Insufficient Balance"],
    [402, "Your monthly limit does not matter: insufficient credits, try again after a top up"],
    [402, ""],
    [400, "Your credit balance is too low to access the Anthropic API."],
    [403, "Your team has no credits"],
    [429, "insufficient_quota You exceeded your current quota, please check your plan and billing details."],
    [undefined, "insufficient_quota"],
  ],
  model_not_found: [
    [404, "model 'llama9' not found, try pulling it first"],
    [410, "gone"],
    [400, "The requested model 'gpt-9' does not exist."],
    [400, "ValidationException The provided model identifier is invalid."],
    [400, "The model has been decommissioned model_decommissioned"],
    [undefined, "not_found_error model: nope"],
  ],
  context_overflow: [
    [413, "request_too_large Request exceeds the maximum size"],
    [400, "prompt is too long: 210000 tokens > 200000 maximum"],
    [400, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."],
    [400, "context_length_exceeded Your input exceeds the context window of this model."],
    [400, "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"],
    [400, "INVALID_ARGUMENT The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."],
    [400, "ValidationException Input is too long for requested model."],
    [400, "InvalidParameter Range of input length should be [1, 98304]"],
    [400, "model_max_prompt_tokens_exceeded prompt token count of 130000 exceeds the limit of 128000"],
    [400, "the request exceeds the available context size"],
    [500, "context size has been exceeded"],
    [undefined, "prompt too long; exceeded max context length by 4 tokens"],
  ],
  image_too_large: [
    [400, "messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes"],
    [400, "image dimensions exceed max allowed size: 8000 pixels"],
    [400, "The image exceeds the maximum allowed size"],
    [413, "The image is too large"],
  ],
  format: [
    [400, "messages.1: unexpected role"],
    [400, "tools.3.name: String should match pattern; exceeds the maximum length of 64"],
    [400, "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens"],
    [400, 'INVALID_ARGUMENT Unknown name "additionalProperties"'],
    [422, "detail: field required"],
    [undefined, "validationException The toolUse block has no result"],
  ],
  unknown: [
    [418, "short and stout"],
    [undefined, "hm"],
  ],
};

for (const [is, cases] of Object.entries(TABLE)) {
  describe(`what means ${is}`, () => {
    for (const [status, text] of cases) {
      it(`${status ?? "in a stream"}: ${text || "(nothing said)"}`, () => assert.equal(classify({ status, text }), is));
    }
  });
}

describe("the long window", () => {
  const message = (text: string) => ({ class: "rate_limit" as const, message: text });
  it("is refused in these words", () =>
    assert.ok(
      refusesLongContext(message("HTTP 429: rate_limit_error: Extra usage is required for long context requests")),
    ));
  it("is not refused by an ordinary limit", () =>
    assert.ok(!refusesLongContext(message("HTTP 429: rate_limit_error: Number of requests exceeded"))));
});
