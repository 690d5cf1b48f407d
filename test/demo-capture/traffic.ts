// Who asks what of whom, and what is answered. Every status that a vendor sends is in its document, except where
// the comment says otherwise.

export interface Step {
  readonly method: string;
  readonly path: string;
  /** `503,200` is a 503 to the gateway's first attempt and a 200 to its second. */
  readonly status: string;
  readonly traits: readonly string[];
}

export interface Caller {
  readonly agent: string;
  readonly host: string;
  readonly steps: readonly Step[];
  /** Between two requests. */
  readonly pauseMs: number;
}

const PYTHON = 'python-requests/2.31.0';
const TERRAFORM = 'HashiCorp Terraform/1.9.5 (+https://www.terraform.io)';
const CSI = 'csi-driver/3.14.0';
const CURL = 'curl/7.88.1';
const CRAWLER = 'inventory-crawler/0.3';

const CM = 'cm.storage.example.net:23451';
const HSAE = 'vsp1.storage.example.net';
const HSAE_DOWN = 'vsp2.storage.example.net';
const HUAWEI = 'dcs.ap-southeast-1.myhuaweicloud.com';
const OTC = 'dcs.eu-de.otc.t-systems.com';
const CREST = 'idm.example.net';

const ARRAY = '/ConfigurationManager/v1/objects/storages/886000123456';
const SIMPLE = '/ConfigurationManager/simple/v1/objects';
const PROJECT = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const V2 = `/v2/${PROJECT}/instances`;
const V1 = `/v1.0/${PROJECT}/instances`;
const USERS = '/openidm/managed/user';

const uuid = (n: number): string => `5560df16-cebf-4473-95c4-${(0xd1b573c16e79 + 4099 * n).toString(16)}`;

const rounds = (count: number, round: (n: number) => string[]): string[] =>
  Array.from({ length: count }, (_, n) => round(n)).flat();

const times = (count: number, step: string): string[] => rounds(count, () => [step]);

/** @param steps `METHOD path status trait…` */
const caller = (agent: string, host: string, steps: string[], pauseMs = 150): Caller => ({
  agent,
  host,
  steps: steps.map(stepOf),
  pauseMs,
});

function stepOf(text: string): Step {
  const [method = '', path = '', status = '', ...traits] = text.split(' ');
  return { method, path, status, traits };
}

const createLdev = (n: number): string[] => [
  `POST ${ARRAY}/sessions 200`,
  `GET ${ARRAY}/ldevs?headLdevId=${100 * n}&count=100 200`,
  `POST ${ARRAY}/ldevs 202`,
  `GET ${ARRAY}/jobs/${1201 + n} 200`,
  `GET ${ARRAY}/jobs/${1201 + n} 200`,
  `GET ${ARRAY}/ldevs/${64 + n} 200`,
  `DELETE ${ARRAY}/sessions/${17 + n} 200`,
];

const attachLdev = (n: number): string[] => [
  `GET ${ARRAY}/pools?poolType=HDP 200`,
  `POST ${ARRAY}/ldevs 202`,
  `GET ${ARRAY}/jobs/${1301 + 2 * n} 200`,
  `POST ${ARRAY}/luns 202`,
  `GET ${ARRAY}/jobs/${1302 + 2 * n} 200`,
  `GET ${ARRAY}/luns?portId=CL1-A&hostGroupNumber=${n} 200`,
];

const ldevStorm = [
  ...times(9, `POST ${ARRAY}/ldevs 503`),
  `POST ${ARRAY}/ldevs 202`,
  `GET ${ARRAY}/jobs/1399 200`,
];

const ldevPlan = [
  `GET ${ARRAY}/ldevs/64 401`, // the session of the last run has expired
  `POST ${ARRAY}/sessions 200`,
  ...rounds(6, (n) => [`GET ${ARRAY}/ldevs/${64 + n} 200`]),
  `GET ${ARRAY}/ldevs/4095 404`,
  `POST ${ARRAY}/ldevs 409`,
  `PATCH ${ARRAY}/ldevs/65 202`,
  `GET ${ARRAY}/jobs/1400 200`,
  `POST ${ARRAY}/snapshots 412`,
  `POST ${ARRAY}/snapshots 412`,
  `DELETE ${ARRAY}/ldevs/70 403`,
];

const ldevQuestions = [
  'GET /ConfigurationManager/configuration/version 200',
  `POST ${ARRAY}/sessions 503`,
  `POST ${ARRAY}/sessions 503`,
  `POST ${ARRAY}/sessions 200`,
  `GET ${ARRAY}/ldevs?count=16384 504`,
  `GET ${ARRAY}/ldevs?count=16384 504`,
  `GET ${ARRAY}/ldevs?count=16384 200 hang`,
  `GET ${ARRAY}/ldevs?count=16384 200 abort`,
  `GET ${ARRAY}/pools/3 500`,
  `GET ${ARRAY}/pools/3 429`, // not in the document
];

const createVolume = (n: number): string[] => [
  `GET ${SIMPLE}/volumes?startVolumeId=${50 * n}&count=50 200`,
  `POST ${SIMPLE}/volumes 202`,
  `GET ${SIMPLE}/command-status/${41 + n} 200`,
  `GET ${SIMPLE}/volumes/${200 + n} 200`,
];

const connectVolume = (n: number): string[] => [
  `GET ${SIMPLE}/pools 200`,
  `POST ${SIMPLE}/volume-server-connections 202`,
  `GET ${SIMPLE}/command-status/${71 + n} 200`,
];

const volumeBatches = [
  `POST ${SIMPLE}/volumes 500 partial=2`,
  `POST ${SIMPLE}/volumes 500 partial=2`,
  `POST ${SIMPLE}/volumes 500 partial=1`,
  `POST ${SIMPLE}/volumes 500`,
  `GET ${SIMPLE}/volumes?count=500 503 partial=3 retry-after=30`,
  `GET ${SIMPLE}/volumes?count=500 504`,
  `POST ${SIMPLE}/volumes 504`,
];

const volumeTroubles = [
  `GET ${SIMPLE}/volumes/200 401`,
  ...times(4, `GET ${SIMPLE}/volumes/200 503 retry-after=30`),
  `GET ${SIMPLE}/volumes/200 503`,
  `GET ${SIMPLE}/volumes/200 200`,
  `GET ${SIMPLE}/volumes/900 404`,
  `GET ${SIMPLE}/snapshots 404`,
  `DELETE ${SIMPLE}/volumes/200 403`,
  `POST ${SIMPLE}/volumes 409`, // not in the document
  `PATCH ${SIMPLE}/volumes/201 412`, // not in the document
];

const huaweiInstance = (n: number): string[] => [
  `GET ${V2}?offset=${10 * n}&limit=10 200`,
  `GET ${V2}/${uuid(n)} 200`,
  `PUT ${V2}/${uuid(n)} 204`,
  `GET ${V2}/${uuid(n)}/backups 200`,
];

const huaweiApply = [
  `POST ${V2} 202`,
  ...rounds(3, () => [`GET ${V2}/${uuid(40)} 200`]),
  ...times(7, `POST ${V2}/${uuid(40)}/resize 503`),
  `GET ${V2}/${uuid(40)} 200`,
  `GET ${V2}/${uuid(99)} 404`,
  `POST ${V2} 409`,
];

const huaweiTroubles = [
  `GET ${V2} 401`,
  `GET ${V2} 200`,
  ...times(3, `GET ${V2}/statistic 429 retry-after=10`),
  ...times(2, `GET ${V2}/statistic 429`),
  `GET ${V2}/statistic 200`,
  `POST ${V2}/${uuid(3)}/diagnosis 413 retry-after=120`,
  `POST ${V2}/${uuid(3)}/diagnosis 413 retry-after=120`,
  `POST ${V2}/${uuid(3)}/diagnosis 413`,
  `DELETE ${V2}/${uuid(3)} 403`,
  `PUT ${V2}/${uuid(3)}/configs 412`,
  `GET ${V2}/${uuid(3)}/slowlog 500`,
  `GET ${V2}/${uuid(3)}/slowlog 504`,
  `GET ${V2}/${uuid(3)}/slowlog 200 abort`,
];

const otcInstance = (n: number): string[] => [
  `GET ${V1}?start=${10 * n}&limit=10 200`,
  `GET ${V1}/${uuid(n)} 200`,
  `PUT ${V1}/${uuid(n)} 204`,
  `GET ${V1}/${uuid(n)}/configs 200`,
];

const otcApply = [
  `POST ${V1} 200`,
  ...rounds(3, () => [`GET ${V1}/${uuid(60)} 200`]),
  `POST ${V1}/${uuid(60)}/extend 204`,
  ...times(6, `POST ${V1}/${uuid(60)}/extend 503`),
  `GET ${V1}/${uuid(60)} 200`,
  `GET ${V1}/${uuid(99)} 404`,
  `POST ${V1} 400`,
  `POST ${V1} 409`,
];

const otcTroubles = [
  `GET ${V1} 401`,
  `GET ${V1} 200`,
  `GET ${V1}/statistic 429 retry-after=5`,
  `GET ${V1}/statistic 429 retry-after=5`,
  `GET ${V1}/statistic 429`,
  `POST ${V1}/${uuid(3)}/backups 413 retry-after=60`,
  `DELETE ${V1}/${uuid(3)} 403`,
  `PUT ${V1}/${uuid(3)}/configs 412`,
  `GET ${V1}/${uuid(3)}/backups?timeout=30 504`,
  `GET ${V1}/${uuid(3)}/backups 200 hang`,
  `GET ${V1}/${uuid(3)}/backups 500`,
  `POST ${V1}/${uuid(3)}/backups 507`, // not in the document
];

const syncUsers = (n: number): string[] => [
  `GET ${USERS}?_queryFilter=userName+sw+%22svc-${n}%22&_pageSize=50 200`,
  `GET ${USERS}/${uuid(n)} 304 if-none-match`,
  `GET ${USERS}/${uuid(n + 20)} 200`,
  `PUT ${USERS}/${uuid(n + 20)} 200 if-match`,
];

const joinUser = (n: number): string[] => [
  `POST ${USERS}?_action=create 201`,
  `GET ${USERS}/${uuid(80 + n)}?_fields=_id,_rev 200`,
];

const userTroubles = [
  `GET ${USERS}/${uuid(80)} 401`,
  ...times(3, `GET ${USERS}/${uuid(81)} 503,200`),
  ...times(3, `GET ${USERS}/${uuid(82)} 503`),
  ...times(2, `POST ${USERS}?_action=create 503`),
  `GET ${USERS}/${uuid(82)} 200`,
  ...times(3, `PUT ${USERS}/${uuid(83)} 412 if-match`),
  `GET ${USERS}/${uuid(84)} 404`,
  `DELETE ${USERS}/${uuid(83)} 403`,
  `POST ${USERS}?_action=create 409`,
  `PATCH ${USERS}/${uuid(83)} 500`,
  `GET ${USERS}/${uuid(83)} 304`,
  `POST ${USERS}?_action=triggerSyncCheck 202`, // not in the document
  ...times(2, `GET ${USERS}?_queryFilter=true 504`), // not in the document
];

export const throughNginx: readonly Caller[] = [
  caller(PYTHON, CM, rounds(5, createLdev)),
  caller(CSI, CM, [...rounds(4, attachLdev), ...ldevStorm]),
  caller(TERRAFORM, CM, ldevPlan),
  caller(CURL, CM, ldevQuestions),
  caller(
    CRAWLER,
    CM,
    rounds(8, (n) => [`GET ${ARRAY}/ldevs?headLdevId=${1000 * n}&count=1000 200`]),
    0,
  ),
  caller(PYTHON, HSAE, [...rounds(6, createVolume), ...volumeBatches]),
  caller(CSI, HSAE, rounds(7, connectVolume)),
  caller(TERRAFORM, HSAE, volumeTroubles),
  caller(CSI, HSAE_DOWN, times(3, `GET ${SIMPLE}/pools 200`)),
  caller(PYTHON, HUAWEI, rounds(9, huaweiInstance)),
  caller(TERRAFORM, HUAWEI, huaweiApply),
  caller(CURL, HUAWEI, huaweiTroubles),
  caller(
    CRAWLER,
    HUAWEI,
    rounds(10, (n) => [`GET ${V2}/${uuid(n)} 200`]),
    0,
  ),
  caller(PYTHON, OTC, rounds(11, otcInstance)),
  caller(TERRAFORM, OTC, otcApply),
  caller(CURL, OTC, otcTroubles),
  caller(PYTHON, CREST, rounds(12, syncUsers)),
  caller(PYTHON, CREST, rounds(6, joinUser)),
  caller(CURL, CREST, userTroubles),
];

export const throughApache: readonly Caller[] = [
  caller(PYTHON, CM, [
    ...rounds(3, createLdev),
    ...times(3, `POST ${ARRAY}/ldevs 503`),
    `POST ${ARRAY}/ldevs 202`,
  ]),
  caller(CSI, CM, [...rounds(1, attachLdev), `POST ${ARRAY}/ldevs 409`, `GET ${ARRAY}/pools 200 hang`]),
  caller(CSI, HSAE, [
    ...rounds(3, createVolume),
    `POST ${SIMPLE}/volumes 500 partial=2`, // which this log format does not show
    ...times(2, `GET ${SIMPLE}/pools 503 retry-after=30`),
    `GET ${SIMPLE}/volumes/900 404`,
  ]),
  caller(CSI, HSAE_DOWN, times(2, `GET ${SIMPLE}/pools 200`)),
  caller(TERRAFORM, HUAWEI, [
    ...rounds(5, huaweiInstance),
    ...times(3, `POST ${V2}/${uuid(41)}/resize 503`),
    `GET ${V2}/statistic 429 retry-after=10`,
  ]),
  caller(TERRAFORM, OTC, [
    ...rounds(5, otcInstance),
    ...times(3, `POST ${V1}/${uuid(61)}/extend 503`),
    `POST ${V1}/${uuid(3)}/backups 413 retry-after=60`,
  ]),
  caller(PYTHON, CREST, [...rounds(4, syncUsers), ...rounds(2, joinUser), `GET ${USERS}/${uuid(82)} 503`]),
];
