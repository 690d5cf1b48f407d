import { MOST_CALLERS, MOST_ROUTES, type Glance } from './glance.js';

type Names = Pick<Glance, 'slice' | 'vendor' | 'device'>;

/** Most devices have few routes and refuse nobody. */
const NONE: readonly number[] = [];

/** Counts what a batch tells of a device in a slice of time. */
export class GlanceWriter {
  /** Whether they tell of the device or not. */
  requests = 0;
  private asked = 0;
  private refused = 0;
  private refusedLogins = 0;
  private refusedCallers: Set<number> | undefined;
  private askedRoutes: readonly number[] = NONE;
  private refusedRoutes: readonly number[] = NONE;

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
    this.refusedCallers ??= new Set();
    if (this.refusedCallers.size < MOST_CALLERS) this.refusedCallers.add(caller);
  }

  addRoute(route: number): void {
    if (this.lacksRoutes) this.askedRoutes = withOne(this.askedRoutes, route);
  }

  addRefusedRoute(route: number): void {
    if (this.lacksRefusedRoutes) this.refusedRoutes = withOne(this.refusedRoutes, route);
  }

  glance({ slice, vendor, device }: Names): Glance {
    const { asked, refused, refusedLogins, refusedCallers, askedRoutes, refusedRoutes } = this;
    return {
      slice,
      vendor,
      device,
      asked,
      refused,
      refusedLogins,
      refusedCallers: refusedCallers ? [...refusedCallers] : NONE,
      askedRoutes,
      refusedRoutes,
    };
  }
}

const withOne = (numbers: readonly number[], number: number): readonly number[] =>
  numbers.includes(number) ? numbers : [...numbers, number];
