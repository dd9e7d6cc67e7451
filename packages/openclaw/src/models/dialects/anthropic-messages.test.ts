import { serverOf, testDialect } from "../../../../../test/conformance/testDialect.ts";
import { dialect } from "./anthropic-messages.ts";

testDialect("anthropic-messages", { dialect, server: serverOf("anthropic-messages") });
