/** A gateway's log with every time moved by the same span, so that its last request was just now. */
export function shiftToNow(log: string, now: number): string {
  const times = [...log.matchAll(CLF_TIME)].map((match) => clfTime(match[1]!));
  const newest = Math.max(...times, ...[...log.matchAll(MSEC)].map((match) => Number(match[1]) * 1000));
  const shift = now - newest;
  return log
    .replace(MSEC, (_, seconds: string) => `"msec":"${((Number(seconds) * 1000 + shift) / 1000).toFixed(3)}"`)
    .replace(ISO_TIME, (_, time: string) => `"time":"${isoTime(Date.parse(time) + shift)}"`)
    .replace(CLF_TIME, (_, time: string) => `[${clfText(clfTime(time) + shift)}]`);
}

const MSEC = /"msec":"(\d+\.\d{3})"/g;
const ISO_TIME = /"time":"([^"]+)"/g;
const CLF_TIME = /\[(\d{2}\/\w{3}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4})\]/g;

const isoTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, '+00:00');

/** `21/Nov/2026:07:39:28 +0000` as Date reads it: the first colon is a space. */
const clfTime = (text: string): number => Date.parse(text.replace(':', ' ').replaceAll('/', ' '));

function clfText(ms: number): string {
  const [, day, month, year, time] = new Date(ms).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
