/** Something that a person asked for at one place of the window: whether it is under way, and why it did not happen. */

import { errorOf, type ErrorView } from '../host/backend';

export class Deed {
  working = $state(false);
  error = $state.raw<ErrorView | null>(null);

  /** Does it. Whether it happened. */
  async do(work: () => Promise<unknown>): Promise<boolean> {
    if (this.working) return false;
    this.working = true;
    this.error = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.error = errorOf(thrown);
      return false;
    } finally {
      this.working = false;
    }
  }
}
