import type { Catalogue } from '#catalogue';
import type { Lens } from '#verdict';
import { refusesAll, tellsOfDevice } from './glance.js';
import { Roles } from './roles.js';
import { isFine } from './step.js';

/** What an answer tells of the device: nothing, that it was asked, or that it refused as under maintenance. */
export const NOTHING = 0;
const ASKED = 1;
export const REFUSED = 2;

/** What a catalogue tells of requests beforehand; made once for a lens, used for every batch. */
interface LensTables {
  readonly roles: Roles;
  /** 1 for each cell of which nothing need be known but that it went well. */
  readonly plainCells: Uint8Array;
  /** NOTHING, ASKED or REFUSED for each cell. */
  readonly answers: Uint8Array;
}

const made = new WeakMap<Lens, LensTables>();

export function tablesOf(lens: Lens): LensTables {
  let tables = made.get(lens);
  if (tables === undefined) {
    tables = {
      roles: new Roles(lens),
      plainCells: plainCellsOf(lens.catalogue),
      answers: answersOf(lens.catalogue),
    };
    made.set(lens, tables);
  }
  return tables;
}

/** What was accepted is about a job. */
const plainCellsOf = (catalogue: Catalogue): Uint8Array =>
  Uint8Array.from({ length: catalogue.cellCount }, (_, cell) => {
    const { verdict } = catalogue.judgement(cell);
    return verdict !== 'accepted' && isFine(verdict, catalogue.code(cell)) ? 1 : 0;
  });

const answersOf = (catalogue: Catalogue): Uint8Array =>
  Uint8Array.from({ length: catalogue.cellCount }, (_, cell) => {
    const judgement = catalogue.judgement(cell);
    if (!tellsOfDevice(judgement)) return NOTHING;
    return refusesAll(catalogue.code(cell), judgement) ? REFUSED : ASKED;
  });
