import { METHODS } from '#access-log';
import { LENS } from '../../../test/harness/written-pieces.js';
import { Roles } from './roles.js';
import { ROLES } from './step.js';

const CM = '/ConfigurationManager/v1/objects';
const roles = new Roles(LENS);

function roleOf(vendor: string, method: (typeof METHODS)[number], template: string): string {
  const id = LENS.catalogue.vendorId(vendor);
  const route = LENS.routes.tree(id).routes.indexOf(template);
  expect(route).toBeGreaterThanOrEqual(0);
  return ROLES[roles.of(id, route, METHODS.indexOf(method))]!;
}

describe('what a request is for', () => {
  it.each([
    ['POST', `${CM}/sessions`, 'opens_session'],
    ['POST', `${CM}/storages/{storageDeviceId}/sessions`, 'opens_session'],
    ['GET', `${CM}/sessions`, 'other'],
    ['DELETE', `${CM}/sessions`, 'other'],
    ['DELETE', `${CM}/sessions/{sessionId}`, 'closes_session'],
    ['DELETE', `${CM}/storages/{storageDeviceId}/sessions/{sessionId}`, 'closes_session'],
    ['GET', `${CM}/sessions/{sessionId}`, 'other'],
    ['GET', `${CM}/jobs/{jobId}`, 'reads_job'],
    ['DELETE', `${CM}/jobs/{jobId}`, 'other'],
    ['GET', `${CM}/jobs`, 'other'],
    ['POST', `${CM}/{resource}`, 'other'],
  ] as const)('%s %s: %s', (method, template, role) =>
    expect(roleOf('hitachi-opscenter-cm', method, template)).toBe(role),
  );

  it('is not known of another path, another vendor, or without a method', () => {
    expect(roleOf('otc-dcs', 'GET', '/v2/{project_id}/jobs/{job_id}')).toBe('reads_job');
    const id = LENS.catalogue.vendorId('otc-dcs');
    expect([roles.of(id, -1, 0), roles.of(id, 0, -2), roles.of(id, 0, METHODS.length)]).toEqual([0, 0, 0]);
  });
});
