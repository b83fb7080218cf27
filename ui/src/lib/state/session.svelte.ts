/** The window's state outside the score: where the person is, what was chosen, what the host reported. */

import { getContext, setContext } from 'svelte';

import type { AppEvent, Backend, CommandView, ErrorView, PlaybackView, ScoreCard, Settings, SyncView } from '../host/backend';
import { errorOf } from '../host/backend';
import { Bands } from './bands.svelte';
import { Deed } from './deed.svelte';
import { texts } from '../text/texts.svelte';
import { Batch } from './batch.svelte';
import { keymapOf, type Keymap } from './keys';
import { OpenScore } from './open-score.svelte';
import { Waiting } from './waiting.svelte';

export type Room = 'library' | 'score' | 'band' | 'settings';

/** What the Band screen shows: a space, or something that is about all of them. */
export type BandPane = 'space' | 'join' | 'you' | 'relays' | 'key' | 'refused';

/** A file that could not be read, or was read with remarks. */
export interface ImportRemark {
  file: string;
  error: ErrorView | null;
  report: string[];
  /** How many scores were in it. */
  scores: number;
}

const SILENT: PlaybackView = { state: 'stopped', score: null, seconds: 0, duration: 0, cursor: null, message: null };

export class Session {
  readonly waiting = new Waiting();
  readonly bands: Bands;
  /** Exchanging changes with everyone at once. */
  readonly syncing = new Deed();
  readonly batch: Batch;

  room = $state<Room>('library');
  settings = $state.raw<Settings>({ language: '', theme: 'system', paper: 'white', other: {} });
  languages = $state.raw<[string, string][]>([]);
  commands = $state.raw<CommandView[]>([]);
  keymap: Keymap = $derived(keymapOf(this.commands));
  cards = $state.raw<ScoreCard[] | null>(null);
  score = $state.raw<OpenScore | null>(null);
  sync = $state.raw<SyncView | null>(null);
  playback = $state.raw<PlaybackView>(SILENT);
  remarks = $state.raw<ImportRemark[]>([]);
  /** Why the last thing that was asked for in the library did not happen. */
  libraryError = $state.raw<ErrorView | null>(null);
  /** Why playing did not start. */
  soundError = $state.raw<ErrorView | null>(null);
  /** Why the window has nothing to show at all. */
  fatal = $state.raw<ErrorView | null>(null);
  ready = $state(false);
  pane = $state<BandPane>('space');
  /** An invitation that was opened and not looked at yet. */
  invitation = $state<string | null>(null);

  constructor(readonly backend: Backend) {
    this.bands = new Bands(backend);
    this.batch = new Batch(backend);
  }

  /** Fetches what the window needs, and opens the files that it was started with. */
  async start(): Promise<void> {
    try {
      this.settings = await this.backend.settings();
      await this.#speak();
      [this.sync, this.playback] = await Promise.all([this.backend.syncStatus(), this.backend.playback()]);
      await this.backend.onEvent((event) => this.#hear(event));
      await Promise.all([this.reload(), this.bands.look()]);
    } catch (thrown) {
      this.fatal = errorOf(thrown);
    }
    this.ready = true;
    if (this.fatal) return;
    await this.importFiles(await this.backend.filesToOpen());
    const invitation = await this.backend.invitation();
    if (invitation !== null) this.#invite(invitation);
  }

  /** Shows an invitation, and leaves it to the person to accept it. */
  #invite(ticket: string): void {
    this.invitation = ticket;
    this.pane = 'join';
    this.room = 'band';
  }

  /** Exchanges changes with every laptop that can be reached now. */
  async syncNow(): Promise<void> {
    await this.syncing.do(async () => (this.sync = await this.waiting.during('waiting-sync', () => this.backend.syncNow())));
    await this.bands.look();
  }

  async reload(): Promise<void> {
    try {
      this.cards = await this.waiting.during('waiting-library', () => this.backend.library());
    } catch (thrown) {
      this.libraryError = errorOf(thrown);
      this.cards ??= [];
    }
  }

  /** Reads files into the library and opens the first that could be read. What could not is listed in the library. */
  async importFiles(paths: string[]): Promise<void> {
    const remarks: ImportRemark[] = [];
    let first: string | null = null;
    for (const path of paths) {
      const file = path.split(/[\\/]/).at(-1) ?? path;
      try {
        const scores = await this.waiting.during('waiting-import', () => this.backend.importFile(path));
        first ??= scores[0]?.id ?? null;
        const report = scores.flatMap((score) => (scores.length > 1 ? score.report.map((line) => `${score.title}: ${line}`) : score.report));
        if (report.length > 0 || scores.length > 1) remarks.push({ file, error: null, report, scores: scores.length });
      } catch (thrown) {
        remarks.push({ file, error: errorOf(thrown), report: [], scores: 0 });
      }
    }
    if (paths.length === 0) return;
    this.remarks = remarks;
    await this.reload();
    // A book of tunes is chosen from; one score is what the person wants to see.
    const book = remarks.some((remark) => remark.scores > 1);
    if (first !== null && !book && remarks.every((remark) => remark.error === null)) await this.openScore(first);
    else this.room = 'library';
  }

  /** Puts the demo scores into the library. */
  addDemos(): Promise<void> {
    return this.#inLibrary(async () => {
      await this.waiting.during('waiting-import', () => this.backend.addDemos());
    });
  }

  deleteScore(id: string): Promise<void> {
    return this.#inLibrary(async () => {
      if (this.score?.id === id) await this.closeScore();
      await this.backend.deleteScore(id);
    });
  }

  renameScore(id: string, title: string): Promise<void> {
    return this.#inLibrary(() => this.backend.renameScore(id, title));
  }

  async openScore(id: string): Promise<void> {
    try {
      if (this.score?.id !== id) {
        await this.closeScore();
        this.score = await this.waiting.during('waiting-open', () => OpenScore.open(this.backend, this.waiting, id));
      }
      this.libraryError = null;
      this.room = 'score';
    } catch (thrown) {
      this.libraryError = errorOf(thrown);
      this.room = 'library';
    }
  }

  async closeScore(): Promise<void> {
    const score = this.score;
    if (!score) return;
    this.score = null;
    if (this.room === 'score') this.room = 'library';
    if (this.sounding) await this.stop();
    await this.backend.closeScore(score.id);
  }

  get sounding(): boolean {
    return this.playback.state === 'playing' || this.playback.state === 'preparing';
  }

  async play(fromSelection: boolean): Promise<void> {
    if (!this.score) return;
    const { id } = this.score;
    try {
      this.playback = await this.waiting.during('waiting-sound', () => this.backend.play(id, fromSelection));
      this.soundError = null;
    } catch (thrown) {
      this.soundError = errorOf(thrown);
    }
  }

  async stop(): Promise<void> {
    this.playback = await this.backend.stop();
  }

  togglePlaying(fromSelection = false): Promise<void> {
    return this.sounding ? this.stop() : this.play(fromSelection);
  }

  async set(key: string, value: string): Promise<void> {
    this.#settle(await this.backend.setSetting(key, value));
  }

  #settle(settings: Settings): void {
    const before = this.settings.language;
    this.settings = settings;
    if (settings.language !== before) void this.#changeLanguage();
  }

  async #changeLanguage(): Promise<void> {
    await this.#speak();
    [this.sync] = await Promise.all([this.backend.syncStatus(), this.score?.reopen(), this.bands.look()]);
  }

  /** Everything in the language that is set. */
  async #speak(): Promise<void> {
    const { language } = this.settings;
    const [words, commands] = await Promise.all([this.backend.texts(language === '' ? null : language), this.backend.commands()]);
    texts.use(words.language);
    this.languages = words.languages;
    this.commands = commands;
  }

  async #inLibrary(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.libraryError = null;
    } catch (thrown) {
      this.libraryError = errorOf(thrown);
    }
    await this.reload();
  }

  #hear(event: AppEvent): void {
    switch (event.type) {
      case 'libraryChanged':
        void this.reload();
        void this.bands.look();
        break;
      case 'asked':
      case 'forked':
        void this.bands.look();
        break;
      case 'invited':
        this.#invite(event.ticket);
        break;
      case 'scoreChanged':
        if (event.id === this.score?.id) void this.score.refresh();
        break;
      case 'exporting':
        this.batch.hear(event);
        break;
      case 'sync':
        this.sync = event.status;
        void this.bands.look();
        break;
      case 'playback':
        this.playback = event.playback;
        break;
      case 'settingsChanged':
        this.#settle(event.settings);
        break;
    }
  }
}

const KEY = Symbol('session');

export function provideSession(session: Session): void {
  setContext(KEY, session);
}

export function useSession(): Session {
  return getContext<Session>(KEY);
}
