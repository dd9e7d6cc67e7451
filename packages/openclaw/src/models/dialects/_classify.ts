/** Which class an error belongs to, by status first and then by what the server said. */
import type { FailureClass } from "../../contracts/model.ts";

const OVERFLOW =
  /context[_ ](?:length|window)|maximum context|request_too_large|prompt is too long|too many (?:input )?tokens|exceeds? the (?:maximum|max|limit|available context)|input is too long|exceed_context_size/i;
const IMAGE = /image[^.]{0,80}(?:too large|exceed|dimension|size)|(?:too large|exceed)[^.]{0,80}image/i;
const BILLING =
  /insufficient[_ ](?:credit|quota|balance|funds)|credit balance|billing|payment required|out of credits|exceeded your current quota/i;
const RATE =
  /rate.?limit|too many (?:concurrent )?requests|resource.?exhausted|throttl|quota|limit reached|usage (?:limit|window)/i;
const REVOKED = /revoked|deactivated|disabled|suspended|has been blocked/i;
const MODEL = /model.?not.?found|no such model|unknown model|model[^.]{0,60}(?:does not exist|not found)/i;
const KEY = /api.?key|authentication|unauthorized|credential|permission/i;

export interface Evidence {
  readonly status: number | undefined;
  readonly text: string;
}

export function classify({ status, text }: Evidence): FailureClass {
  switch (status) {
    case undefined:
      return classOfText(text);
    case 401:
    case 403:
      return BILLING.test(text) ? "billing" : REVOKED.test(text) ? "auth_permanent" : "auth";
    case 402:
      return /try again|retry|resets?\b/i.test(text) && RATE.test(text) ? "rate_limit" : "billing";
    case 404:
      return "model_not_found";
    case 408:
      return "timeout";
    case 413:
      return IMAGE.test(text) ? "image_too_large" : "context_overflow";
    case 429:
      return /insufficient_quota|credit balance/i.test(text) ? "billing" : "rate_limit";
    case 503:
    case 529:
      return "overloaded";
    case 400:
    case 422:
      return classOfBadRequest(text);
    default:
      return status >= 500 ? "server_error" : "unknown";
  }
}

function classOfBadRequest(text: string): FailureClass {
  if (OVERFLOW.test(text)) return "context_overflow";
  if (IMAGE.test(text)) return "image_too_large";
  if (BILLING.test(text)) return "billing";
  if (MODEL.test(text)) return "model_not_found";
  if (/api.?key[^.]{0,40}(?:invalid|expired|not valid)|invalid[^.]{0,20}api.?key/i.test(text)) return "auth";
  return "format";
}

function classOfText(text: string): FailureClass {
  if (/overloaded|modelnotready|at capacity/i.test(text)) return "overloaded";
  if (OVERFLOW.test(text)) return "context_overflow";
  if (BILLING.test(text)) return "billing";
  if (RATE.test(text)) return "rate_limit";
  if (MODEL.test(text) || /not_found_error/.test(text)) return "model_not_found";
  if (/timeout|timed out/i.test(text)) return "timeout";
  if (/invalid_request/i.test(text)) return "format";
  if (KEY.test(text)) return "auth";
  if (/api_error|server_error|internal/i.test(text)) return "server_error";
  return "unknown";
}
