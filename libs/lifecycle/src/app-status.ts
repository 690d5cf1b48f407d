/** A page of metrics with its media type. */
export interface MetricsPage {
  readonly type: string;
  readonly text: string;
}

/** What an app knows of itself; {@link StatusController} tells it. */
export abstract class AppStatus {
  /** @param accept header of the scraper @throws if nothing true can be told now */
  abstract metrics(accept: string | undefined): Promise<MetricsPage>;

  /**
   * Resolves if the app can do its work now.
   * @returns what whoever looks should know besides
   * @throws why it cannot
   */
  abstract ready(): Promise<object>;
}
