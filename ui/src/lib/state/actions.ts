/** What the window does itself for commands of the table, and what a key or the palette runs. */

import type { CommandView } from '../host/backend';
import { readableKey } from './keys';
import type { Session } from './session.svelte';

/** What belongs to the window and not to the score: panels, zoom, leaving. */
export interface WindowActions {
  openPalette(): void;
  /** Asks for the argument of a command. */
  ask(command: CommandView): void;
  openExport(): void;
  importFiles(): void;
  zoom(by: 1 | -1 | 0): void;
  /** Shows who the open score is shared with. */
  share(): void;
  toggleStyle(): void;
}

type Action = (session: Session, actions: WindowActions, argument: string | null) => void;

/** What the window carries out itself, by the id of the command. */
const ACTIONS: Record<string, Action> = {
  play: (session, _, argument) => void session.togglePlaying(argument === 'selection'),
  stop: (session) => void session.stop(),
  'show-library': (session) => void (session.room = 'library'),
  'show-commands': (_, actions) => actions.openPalette(),
  import: (_, actions) => actions.importFiles(),
  export: (_, actions) => actions.openExport(),
  'export-many': (session) => {
    session.room = 'library';
    session.batch.show();
  },
  'show-style': (_, actions) => actions.toggleStyle(),
  'zoom-in': (_, actions) => actions.zoom(1),
  'zoom-out': (_, actions) => actions.zoom(-1),
  'zoom-reset': (_, actions) => actions.zoom(0),
};

/** What makes sense without an open score. */
const ANYWHERE = new Set(['show-commands', 'import', 'show-library', 'export-many']);

/** Whether the command does something now. */
export function available(session: Session, command: CommandView): boolean {
  const inScore = session.room === 'score' && session.score !== null;
  return ANYWHERE.has(command.id) || (inScore && (command.runs === 'score' || command.id in ACTIONS));
}

/** Whether the window has to ask for the argument: a text that only the person can give. */
export function asks(command: CommandView, argument: string | null): boolean {
  return argument === null && command.argument !== null && !(command.id in ACTIONS);
}

/** Runs a command, or asks for its argument first. Whether there was anything to run. */
export function run(session: Session, actions: WindowActions, command: CommandView, argument: string | null): boolean {
  if (!available(session, command)) return false;
  const action = ACTIONS[command.id];
  if (action) action(session, actions, argument);
  else if (asks(command, argument)) actions.ask(command);
  else void session.score?.run(argument ? `${command.id} ${argument}` : command.id);
  return true;
}

/** The first key of a command, as people write it. */
export function keysOf(session: Session, id: string): string {
  const command = session.commands.find((command) => command.id === id);
  const key = command?.keys[0] ?? command?.keyedArguments[0]?.[0];
  return key === undefined ? '' : readableKey(key);
}
