/**
 * Amazon Bedrock's ConverseStream: one protocol for the models of many makers, over binary event streams. Signatures
 * and credentials are those of Amazon's SDK; the connection is ours, so that status, waiting times and stops mean what
 * they mean everywhere.
 * Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
import { defineDialect } from "../../contracts/model.ts";
import { BedrockReader } from "./_read-bedrock.ts";
import { bedrockCall } from "./_request-bedrock.ts";
import { streamOver } from "./_stream.ts";

const protocol = {
  call: bedrockCall,
  reader: (...args: ConstructorParameters<typeof BedrockReader>) => new BedrockReader(...args),
};

export const dialect = defineDialect({
  id: "bedrock-converse-stream",
  stream: (request, io) => streamOver(protocol, request, io),
});
