/** What the window waits for. Only a wait that a person would notice is shown. */

const NOTICEABLE = 300;

export class Waiting {
  #noticed = $state<{ mark: symbol; what: string }[]>([]);

  /** What has been waited for long enough to be shown; a key of the texts. */
  get shown(): string | null {
    return this.#noticed.at(-1)?.what ?? null;
  }

  /** Does the work and shows what it is for while it takes long. */
  async during<T>(what: string, work: () => Promise<T>): Promise<T> {
    const mark = Symbol(what);
    const timer = setTimeout(() => (this.#noticed = [...this.#noticed, { mark, what }]), NOTICEABLE);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      if (this.#noticed.some((wait) => wait.mark === mark)) this.#noticed = this.#noticed.filter((wait) => wait.mark !== mark);
    }
  }
}
