/** What the window needs of its surroundings: the commands of the host and what a plain web page cannot do. */

import type { AppEvent, ErrorView, Host } from './generated';

export type * from './generated';

/** A kind of file in a file dialog. */
export interface FileKind {
  name: string;
  extensions: string[];
}

/** What happens while files are dragged over the window. */
export type FileDrag = { phase: 'over' } | { phase: 'left' } | { phase: 'dropped'; paths: string[] };

/** Takes a listener away again. */
export type Unlisten = () => void;

export interface Backend extends Host {
  /** Calls back for everything that happens without a command. */
  onEvent(listener: (event: AppEvent) => void): Promise<Unlisten>;
  /** Calls back while files are dragged over the window and when they are dropped. */
  onFileDrag(listener: (drag: FileDrag) => void): Promise<Unlisten>;
  /** Lets the person choose files to read; none where the dialog was left. */
  chooseFiles(title: string, kinds: FileKind[]): Promise<string[]>;
  /** Lets the person choose a folder; nothing where the dialog was left. */
  chooseFolder(title: string): Promise<string | null>;
  /** Lets the person choose where to write; nothing where the dialog was left. */
  chooseTarget(title: string, suggested: string, kinds: FileKind[]): Promise<string | null>;
  /** Names the window. */
  setTitle(title: string): Promise<void>;
}

/** Whatever a rejected command holds, as an error to show. */
export function errorOf(thrown: unknown): ErrorView {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
    return { hint: null, place: null, advice: false, ...(thrown as { code: string; message: string }) };
  }
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown), hint: null, place: null, advice: false };
}
