import { serverOf, testDialect } from "../../../../../test/conformance/testDialect.ts";
import { dialect } from "./bedrock-converse-stream.ts";

testDialect("bedrock-converse-stream", { dialect, server: serverOf("bedrock-converse-stream") });
