import { stringify } from 'yaml';

/** Rules as YAML that people read: expressions stay blocks, and nothing is folded or shared. */
export const rulesText = (document: object): string =>
  stringify(document, { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false });
