import { serverOf, testDialect } from "../../../../../test/conformance/testDialect.ts";
import { dialect } from "./google-generative-ai.ts";

testDialect("google-generative-ai", { dialect, server: serverOf("google-generative-ai") });
