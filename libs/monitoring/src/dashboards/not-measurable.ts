import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { NOT_MEASURABLE_COLOR } from './palettes.js';

/** A share that is not a number where it would be 0, so that nothing is ever drawn as 0. */
export const shareOrNothing = (part: string, whole: string): string => `(${part} > 0) / ${whole}
or
(${whole} > 0) * NaN`;

/** Shows what is not a number in words. */
export const NOT_MEASURABLE: ValueMapping = {
  type: MappingType.SpecialValue,
  options: {
    match: SpecialValueMatch.NullAndNan,
    result: { text: 'not measurable', color: NOT_MEASURABLE_COLOR, index: 0 },
  },
};
