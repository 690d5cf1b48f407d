import { MOST_CALLERS, MOST_ROUTES, type Glance } from './glance.js';

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

  /** Whether another route that was asked for would be news. */
  get lacksRoutes(): boolean {
    return this.askedRoutes.length < MOST_ROUTES;
  }

  get lacksRefusedRoutes(): boolean {
    return this.refusedRoutes.length < MOST_ROUTES;
  }

  addAsked(): void {
    this.asked++;
  }

  addRefused(caller: number, isLogin: boolean): void {
    this.refused++;
    if (isLogin) this.refusedLogins++;
    if (this.refusedCallers.size < MOST_CALLERS) this.refusedCallers.add(caller);
  }

  addRoute(route: number): void {
    if (this.lacksRoutes) addOnce(this.askedRoutes, route);
  }

  addRefusedRoute(route: number): void {
    if (this.lacksRefusedRoutes) addOnce(this.refusedRoutes, route);
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
