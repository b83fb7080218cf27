/** The score that is open in the window: its pictures, its selection, and the commands that are on their way. */

import type { Backend, CommandOutcome, ConflictView, ErrorView, InputView, LookingView, PageView, PartView, RectView, ScoreView, SelectionView, StyleView } from '../host/backend';
import { errorOf } from '../host/backend';
import type { Waiting } from './waiting.svelte';

/** A system with the picture that belongs to its key. */
export interface SystemPicture {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
  measures: [number, number];
  svg: string;
}

/** A page whose systems all have their pictures. */
export interface PagePicture extends Omit<PageView, 'systems'> {
  systems: SystemPicture[];
}

export class OpenScore {
  readonly id: string;
  title = $state('');
  /** Replaced page by page, never changed in place: a page that stays the same object is not drawn again. */
  pages = $state.raw<PagePicture[]>([]);
  selection = $state.raw<SelectionView | null>(null);
  input = $state.raw<InputView>({ active: false, value: '', dots: 0 });
  canUndo = $state(false);
  canRedo = $state(false);
  parts = $state.raw<PartView[]>([]);
  measures = $state(0);
  /** What of it is looked at, and how. */
  looking = $state.raw<LookingView>({ continuous: false, part: null });
  /** Its style, while somebody looks at that. */
  style = $state.raw<StyleView | null>(null);
  /** What merging left to decide; empty as a rule. */
  conflicts = $state.raw<ConflictView[]>([]);
  /** What went wrong last, shown above the score until the next command succeeds. */
  error = $state.raw<ErrorView | null>(null);
  /** What a screen reader says now; counts up so that the same words are said twice. */
  spoken = $state.raw({ text: '', count: 0 });
  /** How many times the selection was set by a command or a click: the view follows it then, and only then. */
  followed = $state(0);
  /** Whether a change is on its way to the disk. */
  saving = $state(false);

  #revision = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly backend: Backend,
    private readonly waiting: Waiting,
    view: ScoreView,
  ) {
    this.id = view.id;
    this.#show(view);
    void this.#inOrder(() => this.#look());
  }

  static async open(backend: Backend, waiting: Waiting, id: string): Promise<OpenScore> {
    return new OpenScore(backend, waiting, await backend.openScore(id));
  }

  /** Runs a command after those that are underway: keys that repeat faster than the host answers keep their order. */
  run(line: string): Promise<void> {
    return this.#inOrder(async () => {
      this.saving = true;
      try {
        const outcome = await this.waiting.during('waiting-edit', () => this.backend.command(this.id, line));
        await this.#take(outcome);
        this.say(outcome.message ?? outcome.selection?.announcement ?? '');
        this.followed += 1;
        if (this.style) await this.#lookAtStyle();
        if (this.conflicts.length > 0 || line === 'undo' || line === 'redo') await this.#look();
      } finally {
        this.saving = false;
      }
    });
  }

  /** Selects what is at a point of a page, in its spaces. */
  point(page: number, x: number, y: number): Promise<void> {
    return this.#inOrder(async () => {
      this.selection = await this.backend.point(this.id, page, x, y);
      this.say(this.selection?.announcement ?? '');
      this.followed += 1;
    });
  }

  /** Fetches what another device or process changed. The view stays where it is. */
  refresh(): Promise<void> {
    return this.#inOrder(async () => {
      await this.#take(await this.backend.refresh(this.id));
      if (this.style) await this.#lookAtStyle();
      await this.#look();
    });
  }

  /** Shows the score anew, for instance after the language changed. */
  reopen(): Promise<void> {
    return this.#inOrder(async () => {
      this.#show(await this.backend.openScore(this.id));
      await this.#look();
    });
  }

  /** Keeps the style at hand from now on, or no more. */
  watchStyle(watched: boolean): Promise<void> {
    return this.#inOrder(async () => {
      if (watched) await this.#lookAtStyle();
      else this.style = null;
    });
  }

  /** Goes to where a conflict is. */
  show(conflict: ConflictView): Promise<void> {
    return this.run(`goto ${conflict.part ?? 1} ${conflict.measure ?? 1} 1`);
  }

  /** Decides a conflict in one of its ways, from 1. */
  resolve(conflict: ConflictView, way: number): Promise<void> {
    return this.#inOrder(async () => {
      try {
        const outcome = await this.waiting.during('waiting-edit', () => this.backend.resolve(this.id, conflict.id, way));
        await this.#take(outcome);
        this.say(outcome.message ?? '');
      } finally {
        await this.#look();
      }
    });
  }

  async #lookAtStyle(): Promise<void> {
    this.style = await this.backend.style(this.id);
  }

  async #look(): Promise<void> {
    this.conflicts = await this.backend.conflicts(this.id);
  }

  say(text: string): void {
    if (text !== '') this.spoken = { text, count: this.spoken.count + 1 };
  }

  /** Where the selection is: its page and what it covers there. */
  get place(): { page: number; rect: RectView } | null {
    const selection = this.selection;
    return selection?.page == null ? null : { page: selection.page, rect: selection.rect };
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work).then(
      () => void (this.error = null),
      (thrown) => void (this.error = errorOf(thrown)),
    );
    return this.#queue;
  }

  #show(view: ScoreView): void {
    this.pages = complete(view.pages, new Map()) ?? [];
    this.parts = view.parts;
    this.measures = view.measures;
    this.#revision = view.revision;
    this.#state(view);
  }

  async #take(outcome: CommandOutcome): Promise<void> {
    const changed = outcome.base === this.#revision ? complete(outcome.pages, this.#pictures()) : null;
    if (changed === null) {
      this.#show(await this.backend.openScore(this.id));
      return;
    }
    if (changed.length > 0 || outcome.pageCount !== this.pages.length) {
      const pages = this.pages.slice(0, outcome.pageCount);
      for (const page of changed) pages[page.number - 1] = page;
      this.pages = pages;
    }
    this.#revision = outcome.revision;
    this.#state(outcome);
  }

  #state(now: ScoreView | CommandOutcome): void {
    this.title = now.title;
    this.looking = now.looking;
    this.selection = now.selection;
    this.input = now.input;
    this.canUndo = now.canUndo;
    this.canRedo = now.canRedo;
  }

  #pictures(): Map<string, string> {
    return new Map(this.pages.flatMap((page) => page.systems.map((system) => [system.key, system.svg] as const)));
  }
}

/** Pages with a picture for every system, from the update or from what is held; nothing if one is in neither. */
function complete(pages: PageView[], held: Map<string, string>): PagePicture[] | null {
  const complete: PagePicture[] = [];
  for (const page of pages) {
    const systems: SystemPicture[] = [];
    for (const system of page.systems) {
      const svg = system.svg ?? held.get(system.key);
      if (svg === undefined) return null;
      systems.push({ ...system, svg });
    }
    complete.push({ ...page, systems });
  }
  return complete;
}
