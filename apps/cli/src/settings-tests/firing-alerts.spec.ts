import { firingAlertsIn } from './firing-alerts.js';

/** What promtool 2.42 prints. */
const printed = (got: string): string =>
  `  FAILED:
    expr: "max_over_time(ALERTS{alertstate=\\"firing\\"}[3660000ms])", time: 1h,
        exp: nil
        got: ${got}
`;

describe('the alerts that promtool says are firing', () => {
  it('are all samples that it got, with their labels', () => {
    const got =
      '{alertname="LinesLate", alertstate="firing", severity="ticket", source="a"} 1E+00, ' +
      '{alertname="Watchdog", alertstate="firing"} 1E+00';
    expect(firingAlertsIn(printed(got))).toEqual([
      { alertname: 'LinesLate', severity: 'ticket', source: 'a' },
      { alertname: 'Watchdog' },
    ]);
  });

  it('have labels that hold whatever Go can quote', () => {
    const got = '{alertname="A", team="a\\"}, {b=\\\\", x="\\x1b\\u00e9 é\\n"} 1E+00, {alertname="B"} 1E+00';
    expect(firingAlertsIn(printed(got))).toEqual([
      { alertname: 'A', team: 'a"}, {b=\\', x: '\u001b\u00e9 \u00e9\n' },
      { alertname: 'B' },
    ]);
  });

  it('are none if it got nothing', () => expect(firingAlertsIn(printed('nil'))).toEqual([]));

  it('are not known if it says anything else', () => {
    expect(firingAlertsIn('')).toBeUndefined();
    expect(firingAlertsIn('  FAILED:\nrules.json: yaml: line 3: did not find expected key')).toBeUndefined();
  });
});
