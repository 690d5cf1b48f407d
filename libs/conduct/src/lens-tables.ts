import type { Catalogue, Judgement } from '#catalogue';
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
  /** 1 for each cell of a request that did what it was sent for. */
  readonly fineCells: Uint8Array;
  /** 1 for each cell of an answer that did not reach the caller. */
  readonly cutCells: Uint8Array;
  /** NOTHING, ASKED or REFUSED for each cell. */
  readonly answers: Uint8Array;
}

const made = new WeakMap<Lens, LensTables>();

export function tablesOf(lens: Lens): LensTables {
  let tables = made.get(lens);
  if (tables === undefined) {
    tables = {
      roles: new Roles(lens),
      plainCells: cellsOf(
        lens.catalogue,
        (judgement, code) => !isAboutJob(judgement) && isGood(judgement, code),
      ),
      fineCells: cellsOf(lens.catalogue, isGood),
      cutCells: cellsOf(lens.catalogue, ({ reason }) => reason === 'client_closed'),
      answers: cellsOf(lens.catalogue, answerOf),
    };
    made.set(lens, tables);
  }
  return tables;
}

const isGood = ({ verdict }: Judgement, code: number): boolean => isFine(verdict, code);

/** What was accepted is. */
const isAboutJob = ({ verdict }: Judgement): boolean => verdict === 'accepted';

function answerOf(judgement: Judgement, code: number): number {
  if (!tellsOfDevice(judgement)) return NOTHING;
  return refusesAll(code, judgement) ? REFUSED : ASKED;
}

const cellsOf = (
  catalogue: Catalogue,
  tell: (judgement: Judgement, code: number) => number | boolean,
): Uint8Array =>
  Uint8Array.from({ length: catalogue.cellCount }, (_, cell) =>
    Number(tell(catalogue.judgement(cell), catalogue.code(cell))),
  );
