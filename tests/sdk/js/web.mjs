// Keeps the answers of one user with the SDK for browsers, polling; tells what it has whenever the server sent news.
import { createInterface } from 'node:readline';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { address, token, context, flag } = JSON.parse((await lines.next()).value);
const statuses = {};
const counted = async (request) => {
  const response = await fetch(request);
  statuses[response.status] = (statuses[response.status] ?? 0) + 1;
  return response;
};
const tell = (event, extra) => console.log(JSON.stringify({ event, statuses, ...extra }));
const provider = new OFREPWebProvider({
  baseUrl: address,
  headers: [['Authorization', `Bearer ${token}`]],
  fetchImplementation: counted,
  pollInterval: 50,
  changeDetection: 'polling',
  cacheMode: 'disabled',
  disableVisibilityRefresh: true,
});
await OpenFeature.setContext(context);
await OpenFeature.setProviderAndWait(provider);
const client = OpenFeature.getClient();
const value = () => ({ value: client.getBooleanValue(flag, false) });
OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, (news) => {
  tell('changed', { ...value(), flags: news.flagsChanged });
});
tell('ready', value());
// Nothing changes for a while: the server is asked and has nothing new to say.
await new Promise((resolve) => setTimeout(resolve, 500));
tell('polled', value());
await lines.next();
await OpenFeature.close();
process.exit(0);
