import { UsageError, type Command, type ExitCode, type Io } from '../io.js';
import { drop } from './dead-drop.js';
import { list } from './dead-list.js';
import { show } from './dead-show.js';

const ACTIONS: Readonly<Record<string, (args: readonly string[], io: Io) => Promise<ExitCode>>> = {
  list,
  show,
  // BullMQ takes longer to load than all else
  replay: async (args, io) => (await import('./dead-replay.js')).replay(args, io),
  drop,
};

/** The batches that could not be counted. */
export const dead: Command = {
  usage: [
    'statuslens dead list [--source S] [--json] [--config FILE]',
    '       statuslens dead show ID [--raw] [--config FILE]',
    '       statuslens dead replay ID…|--source S|--all [--config FILE]',
    '       statuslens dead drop ID…|--source S|--all [--config FILE]',
  ].join('\n'),
  about: 'lists and shows batches that could never be read, and replays or drops them',
  async run([action = '', ...args], io) {
    const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (known) return known(args, io);
    const names = Object.keys(ACTIONS).join(', ');
    throw new UsageError(
      action === '' ? `needs one of: ${names}` : `unknown "${action}"; known are: ${names}`,
    );
  },
};
