import { serveOrExit } from './serve.js';

const { standalone, settings } = await serveOrExit(process.env);
const [source] = settings.now.sources.keys();

process.stdout.write(
  [
    `statuslens runs with the settings of ${settings.file}.`,
    `  send logs    curl --data-binary @access.log ${standalone.ingestUrl}/ingest/${source}`,
    ...standalone.receivers.map((receiver) => `  receives     ${receiver}`),
    `  scrape       ${standalone.exporterUrl}/metrics`,
    `  look         ${standalone.exporterUrl}/explain/huawei-cloud/503, or: npx statuslens explain huawei-cloud 503`,
    `  bind         loopback only; ingest.listen.host and a token in sources.*.auth open it to others`,
    '',
  ].join('\n'),
);
