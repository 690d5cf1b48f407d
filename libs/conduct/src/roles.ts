import { METHODS } from '#access-log';
import type { Lens } from '#verdict';
import { ROLES, type Role } from './step.js';

const METHOD_PLACES = METHODS.length + 1;
const [GET, POST, DELETE] = (['GET', 'POST', 'DELETE'] as const).map((method) => METHODS.indexOf(method));

const READS_JOB = ROLES.indexOf('reads_job');

/** What requests are for, as the vendors' files tell: a table by route and method. */
export class Roles {
  private readonly table: Uint8Array;

  constructor(private readonly lens: Lens) {
    const { catalogue, routes } = lens;
    this.table = new Uint8Array(routes.count * METHOD_PLACES);
    catalogue.files.forEach(({ routes: templates = [], session_routes = [], job_routes = [] }, vendor) => {
      const isSessionItself = (template: string): boolean =>
        session_routes.includes(template.slice(0, template.lastIndexOf('/')));
      templates.forEach((template, route) => {
        if (session_routes.includes(template)) this.set(vendor, route, POST!, 'opens_session');
        if (isSessionItself(template)) this.set(vendor, route, DELETE!, 'closes_session');
        if (job_routes.includes(template)) this.set(vendor, route, GET!, 'reads_job');
      });
    });
  }

  /** @param route as the tree of the vendor numbers it, or NO_ROUTE; @param method of a request; @returns an index of ROLES */
  of(vendor: number, route: number, method: number): number {
    return method < 0 ? 0 : this.table[this.lens.routes.number(vendor, route) * METHOD_PLACES + method]!;
  }

  /** Whether a GET of a route asks for the state of a job. */
  isOfJob(vendor: number, route: number): boolean {
    return this.of(vendor, route, GET!) === READS_JOB;
  }

  private set(vendor: number, route: number, method: number, role: Role): void {
    this.table[this.lens.routes.number(vendor, route) * METHOD_PLACES + method] = ROLES.indexOf(role);
  }
}
