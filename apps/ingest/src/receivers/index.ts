import type { Provider } from '@nestjs/common';
import type { ReceiverName, Receivers } from '#settings';
import { LineBuffers } from './line-buffers.js';
import { overDatagrams } from './over-datagrams.js';
import { overStreams } from './over-streams.js';
import { SyslogDatagrams } from './syslog-datagrams.js';
import { SyslogOverTcp, SyslogOverTls } from './syslog-streams.js';
import { TcpLines } from './tcp-lines.js';
import type { Transport } from './transport.js';

/** Every protocol beside plain HTTP: how it travels and who speaks it, by its name in `ingest.receivers`. */
export const RECEIVERS: { readonly [Name in ReceiverName]?: Transport<NonNullable<Receivers[Name]>> } = {
  syslog_udp: overDatagrams(SyslogDatagrams),
  syslog_tcp: overStreams(SyslogOverTcp),
  syslog_tls: overStreams(SyslogOverTls),
  tcp: overStreams(TcpLines),
};

/** What the rows are made of. */
export const RECEIVER_PROVIDERS: Provider[] = [
  LineBuffers,
  SyslogDatagrams,
  SyslogOverTcp,
  SyslogOverTls,
  TcpLines,
];
