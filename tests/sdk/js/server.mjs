// Answers the questions on standard input with the SDK for servers, one evaluation each.
import { readFileSync } from 'node:fs';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';

const { address, token, questions } = JSON.parse(readFileSync(0, 'utf8'));
const headers = [['Authorization', `Bearer ${token}`]];
await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: address, headers }));
const client = OpenFeature.getClient();
const ask = {
  boolean: (q) => client.getBooleanDetails(q.flag, q.default, q.context),
  string: (q) => client.getStringDetails(q.flag, q.default, q.context),
  integer: (q) => client.getNumberDetails(q.flag, q.default, q.context),
  float: (q) => client.getNumberDetails(q.flag, q.default, q.context),
  object: (q) => client.getObjectDetails(q.flag, q.default, q.context),
};
const answers = [];
for (const question of questions) {
  const { value, reason, variant, errorCode, flagMetadata } = await ask[question.type](question);
  answers.push({ value, reason, variant, error: errorCode, metadata: flagMetadata });
}
console.log(JSON.stringify(answers));
await OpenFeature.close();
