import { serverOf, testDialect } from "../../../../../test/conformance/testDialect.ts";
import { dialect } from "./openai-responses.ts";

testDialect("openai-responses", { dialect, server: serverOf("openai-responses") });
