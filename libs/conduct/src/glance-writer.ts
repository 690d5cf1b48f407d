import type { Judgement } from '#catalogue';
import { MOST_CALLERS, MOST_ROUTES, refusesAll, tellsOfDevice, type Glance } from './glance.js';

type Names = Pick<Glance, 'slice' | 'vendor' | 'device'>;

/** Counts what a batch tells of a device in a slice of time. */
export class GlanceWriter {
  /** Whether they tell of the device or not. */
  requests = 0;
  private asked = 0;
  private refused = 0;
  private refusedLogins = 0;
  private readonly refusedCallers = new Set<number>();
  private readonly askedRoutes: number[] = [];
  private readonly refusedRoutes: number[] = [];

  /** Whether the route of a request would be news. */
  get asksForRoutes(): boolean {
    return this.askedRoutes.length < MOST_ROUTES;
  }

  /** Of a request that went well. */
  addPlain(): void {
    this.requests++;
    this.asked++;
  }

  addNoted(code: number, judgement: Judgement, isLogin: boolean, caller: number, route: () => number): void {
    this.requests++;
    if (!tellsOfDevice(judgement)) return;
    this.asked++;
    if (this.asksForRoutes) this.addRoute(route());
    if (!refusesAll(code, judgement)) return;
    this.refused++;
    if (isLogin) this.refusedLogins++;
    if (this.refusedCallers.size < MOST_CALLERS) this.refusedCallers.add(caller);
    if (this.refusedRoutes.length < MOST_ROUTES) addOnce(this.refusedRoutes, route());
  }

  addRoute(route: number): void {
    addOnce(this.askedRoutes, route);
  }

  glance(names: Names): Glance {
    const { asked, refused, refusedLogins, refusedCallers, askedRoutes, refusedRoutes } = this;
    return {
      ...names,
      asked,
      refused,
      refusedLogins,
      refusedCallers: [...refusedCallers],
      askedRoutes,
      refusedRoutes,
    };
  }
}

function addOnce(numbers: number[], number: number): void {
  if (!numbers.includes(number)) numbers.push(number);
}
