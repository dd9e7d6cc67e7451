import { serverOf, testDialect } from "../../../../../test/conformance/testDialect.ts";
import { dialect } from "./openai-completions.ts";

testDialect("openai-completions", { dialect, server: serverOf("openai-completions") });
