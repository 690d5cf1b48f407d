import { RowBuilder, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { AnyPanel } from './panel.js';

/** Panels side by side, with their widths. */
interface Line {
  readonly height: number;
  readonly panels: readonly (readonly [width: number, panel: AnyPanel])[];
}

/** Lines of panels under a heading. */
export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

export const line = (height: number, ...panels: [number, AnyPanel][]): Line => ({ height, panels });

export const section = (title: string, ...lines: Line[]): Section => ({ title, lines });

/** Columns of Grafana's grid. */
const WIDTH = 24;

/** Puts sections below each other, and numbers rows and panels. @throws if a line is not as wide as the grid */
export function lay(dashboard: DashboardBuilder, sections: readonly Section[]): DashboardBuilder {
  let id = 0;
  let y = 0;
  for (const { title, lines } of sections) {
    dashboard.withRow(new RowBuilder(title).id(++id).gridPos({ x: 0, y: y++, w: WIDTH, h: 1 }));
    for (const { height, panels } of lines) {
      let x = 0;
      for (const [width, panel] of panels) {
        dashboard.withPanel(panel.id(++id).gridPos({ x, y, w: width, h: height }));
        x += width;
      }
      if (x !== WIDTH) throw new RangeError(`a line under "${title}" is ${x} wide, not ${WIDTH}`);
      y += height;
    }
  }
  return dashboard;
}
