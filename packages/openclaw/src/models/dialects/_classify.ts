/** Which class an error belongs to, by status first and then by what the server said. */
import type { FailureClass } from "../../contracts/model.ts";

const OVERFLOW = [
  /context[_ ](?:length|window|limit|size)/i,
  /contextwindow/i,
  /maximum context/i,
  /max(?:_|imum )prompt[_ ]tokens/i,
  /request_too_large/i,
  /(?:prompt|input|conversation|request)(?: is)? too (?:long|large for (?:the|this) model)/i,
  /too many (?:input |prompt )?tokens(?!, please wait)/i,
  /(?:input|prompt|token)[^.]{0,60}exceeds? the (?:maximum|max|limit|available)/i,
  /exceeds? the (?:maximum (?:number of |input )?tokens|maximum context|available context|token limit|model'?s? max)/i,
  /range of input length/i,
  /exceed_context_size/i,
  /tokens_limit_reached/i,
  /reduce the length of (?:the|your) (?:messages|prompt|input)/i,
];
const IMAGE = /image[^.]{0,80}(?:too large|exceed|dimension|\bsize\b)|(?:too large|exceed)[^.]{0,80}image/i;
const BILLING =
  /insufficient[_ ](?:credit|quota|balance|funds)|credit balance|billing|payment required|out of credits?|no credits|exceeded your current quota|arrear|top up|add (?:more )?(?:credits|funds)/i;
/** Of a plan: it opens again by itself. */
const WINDOW =
  /(?:hour(?:ly)?|daily|weekly|monthly|usage|session|message|plan|spend(?:ing)?)[^.]{0,30}(?:limit|quota|window|cap)[^.]{0,40}(?:reached|exceeded|exhausted|used up|hit)|(?:reached|exceeded|hit|exhausted)[^.]{0,40}(?:hour(?:ly)?|daily|weekly|monthly|usage|session|message|plan)[^.]{0,20}(?:limit|quota|window|cap)/i;
const RATE =
  /rate.?limit|too many (?:concurrent )?(?:requests|tokens, please wait)|concurrency|resource.?exhausted|throttl|quota|limit reached|usage (?:limit|window)/i;
const OVERLOADED = /overloaded|modelnotready|model.{0,20}not ready|at capacity|serviceunavailable|high demand/i;
const REVOKED =
  /revoked|deactivated|disabled|suspended|has been blocked|account[^.]{0,20}(?:closed|terminated|banned)/i;
const MODEL =
  /model.?not.?found|no such model|unknown model|model[^.]{0,60}(?:does not exist|not found|has been (?:retired|deprecated|decommissioned)|is not (?:supported|available) (?:in|for) (?:this|your))|model (?:id|identifier) is invalid|model_decommissioned/i;
const KEY =
  /api.?key[^.]{0,40}(?:invalid|expired|not valid|incorrect|missing)|(?:invalid|incorrect|expired|missing)[^.]{0,20}(?:api.?key|token\b(?! count))|only authorized for use with|security token[^.]{0,40}(?:invalid|expired)|unrecognizedclient|expiredtoken|accessdenied/i;
const ANY_KEY = /api.?key|authentication|unauthorized|credential|permission/i;
const TIMEOUT = /timeout|timed out|deadline.?exceeded/i;

export interface Evidence {
  readonly status: number | undefined;
  /** Type, code and message, as far as the server gave them. */
  readonly text: string;
}

export function classify({ status, text }: Evidence): FailureClass {
  switch (status) {
    case undefined:
      return classOfText(text);
    case 401:
    case 403:
      return classOfRefusedPerson(text);
    case 402:
      return opensAgain(text) ? "rate_limit" : "billing";
    case 404:
    case 410:
      return "model_not_found";
    case 408:
    case 499: // the server believes that nobody waits any more
    case 522:
    case 524:
      return "timeout";
    case 413:
      return IMAGE.test(text) ? "image_too_large" : "context_overflow";
    case 424: // a model behind the server failed
      return "server_error";
    case 429:
      if (/modelnotready/i.test(text)) return "overloaded";
      return /insufficient_quota|credit balance|insufficient balance/i.test(text) ? "billing" : "rate_limit";
    case 503:
    case 529:
      return "overloaded";
    case 400:
    case 409:
    case 422:
      return classOfBadRequest(text);
    default:
      return status >= 500 ? classOfBrokenServer(text) : "unknown";
  }
}

/** A payment that is asked for a window that opens again is no lack of money. */
function opensAgain(text: string): boolean {
  if (/insufficient|credit balance|out of credit/i.test(text)) return false;
  return WINDOW.test(text) || (/try again|retry|resets?\b/i.test(text) && RATE.test(text));
}

function classOfRefusedPerson(text: string): FailureClass {
  if (BILLING.test(text)) return "billing";
  if (REVOKED.test(text)) return "auth_permanent";
  return WINDOW.test(text) || /rate.?limit|quota.?exceeded/i.test(text) ? "rate_limit" : "auth";
}

function overflows(text: string): boolean {
  return OVERFLOW.some((pattern) => pattern.test(text));
}

function classOfBadRequest(text: string): FailureClass {
  if (IMAGE.test(text) && !/token|context/i.test(text)) return "image_too_large";
  if (/throttl|toomanyrequests|rate_limit|servicequotaexceeded/i.test(text) || WINDOW.test(text)) return "rate_limit";
  if (overflows(text)) return "context_overflow";
  if (BILLING.test(text)) return "billing";
  if (MODEL.test(text)) return "model_not_found";
  if (KEY.test(text)) return "auth";
  return "format";
}

/** Servers on the own machine give 500 for everything. */
function classOfBrokenServer(text: string): FailureClass {
  if (overflows(text)) return "context_overflow";
  return OVERLOADED.test(text) ? "overloaded" : "server_error";
}

function classOfText(text: string): FailureClass {
  if (OVERLOADED.test(text)) return "overloaded";
  if (/throttl/i.test(text)) return "rate_limit";
  if (IMAGE.test(text) && !/token|context/i.test(text)) return "image_too_large";
  if (overflows(text)) return "context_overflow";
  if (WINDOW.test(text)) return "rate_limit";
  if (BILLING.test(text)) return "billing";
  if (RATE.test(text)) return "rate_limit";
  if (MODEL.test(text) || /not_found_error|resourcenotfound/i.test(text)) return "model_not_found";
  if (TIMEOUT.test(text)) return "timeout";
  if (KEY.test(text)) return "auth";
  if (/invalid_request|invalid_argument|validationexception|bad request/i.test(text)) return "format";
  if (ANY_KEY.test(text)) return "auth";
  if (/api_error|server_error|internal|streamerror|modelerror/i.test(text)) return "server_error";
  return "unknown";
}

/**
 * The long window of `context1m` needs a plan that this credential does not have. The credential is good for everything
 * else: the normal window is to be used, and nothing cools down.
 */
export function refusesLongContext(failure: { readonly class: FailureClass; readonly message: string }): boolean {
  return /extra usage is required for long context|long context beta is not/i.test(failure.message);
}
