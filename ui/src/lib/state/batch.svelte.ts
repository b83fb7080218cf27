/** Exporting many scores at once: what is ticked in the library, how far it is, and what came of it. */

import type { Backend, BatchView, ErrorView, ScoreCard } from '../host/backend';
import { errorOf } from '../host/backend';

/** How far an export of many is. */
export interface Progress {
  done: number;
  total: number;
  /** The score that was done last. */
  name: string;
}

export class Batch {
  /** The scores that are ticked. */
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** Whether the person is about to export. */
  open = $state(false);
  formats = $state.raw<ReadonlySet<string>>(new Set(['pdf']));
  folder = $state<string | null>(null);
  /** How far it is while it is underway. */
  progress = $state.raw<Progress | null>(null);
  /** Whether it ends after the file at hand. */
  stopping = $state(false);
  outcome = $state.raw<BatchView | null>(null);
  error = $state.raw<ErrorView | null>(null);

  constructor(private readonly backend: Backend) {}

  /** Ticks a score, or takes its tick away. */
  toggle(id: string): void {
    this.chosen = toggled(this.chosen, id);
  }

  toggleFormat(format: string): void {
    this.formats = toggled(this.formats, format);
  }

  /** The scores that would be exported: those that are ticked and still there, else all that are shown. */
  scores(shown: readonly ScoreCard[], all: readonly ScoreCard[]): readonly ScoreCard[] {
    const ticked = all.filter((card) => this.chosen.has(card.id));
    return ticked.length > 0 ? ticked : shown;
  }

  show(): void {
    if (this.progress === null) {
      this.outcome = null;
      this.error = null;
    }
    this.open = true;
  }

  /** Closes the dialog. What was ticked stays so until it was all written: the next format is for the same scores. */
  close(): void {
    this.open = false;
    if (this.outcome && this.outcome.failed.length === 0 && !this.outcome.cancelled) this.chosen = new Set();
  }

  async start(scores: readonly ScoreCard[]): Promise<void> {
    const { folder } = this;
    if (folder === null || scores.length === 0 || this.formats.size === 0 || this.progress !== null) return;
    this.outcome = null;
    this.error = null;
    this.stopping = false;
    this.progress = { done: 0, total: scores.length * this.formats.size, name: '' };
    try {
      const ids = scores.map((card) => card.id);
      this.outcome = await this.backend.exportMany(ids, [...this.formats], folder);
    } catch (thrown) {
      this.error = errorOf(thrown);
    } finally {
      this.progress = null;
    }
  }

  /** Ends after the file at hand. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.backend.stopExporting();
  }

  hear(progress: Progress): void {
    if (this.progress !== null) this.progress = progress;
  }
}

function toggled(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(member)) next.add(member);
  return next;
}
