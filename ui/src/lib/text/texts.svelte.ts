/** The texts of the window, from Fluent catalogues, in the language that is chosen now. */

import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

/** The catalogues of the program and of the window. */
const sources = import.meta.glob(['../../../../assets/locales/*/app.ftl', '../../../../assets/locales/*/ui.ftl'], {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Record<string, string>;

export type TextArguments = Record<string, FluentVariable>;

const FALLBACK = 'en';

function bundleOf(language: string): FluentBundle | undefined {
  const paths = Object.keys(sources).filter((path) => path.includes(`/${language}/`));
  if (paths.length === 0) return undefined;
  // Isolation marks would show as boxes in window titles and be spoken by some screen readers; both languages run left to right.
  const bundle = new FluentBundle(language, { useIsolating: false });
  for (const path of paths) bundle.addResource(new FluentResource(sources[path] ?? ''), { allowOverrides: true });
  return bundle;
}

class Texts {
  #language = $state(FALLBACK);
  #bundle = $derived(bundleOf(this.#language));
  #fallback = bundleOf(FALLBACK);

  get language(): string {
    return this.#language;
  }

  /** Changes the language of everything on screen at once. */
  use(language: string): void {
    this.#language = language;
    document.documentElement.lang = language;
  }

  /** The text of this key; the key itself where no catalogue has it, so that a gap is seen and not guessed. */
  text(key: string, args?: TextArguments): string {
    for (const bundle of [this.#bundle, this.#fallback]) {
      const pattern = bundle?.getMessage(key)?.value;
      if (bundle && pattern) return bundle.formatPattern(pattern, args);
    }
    return key;
  }
}

export const texts = new Texts();

/** The text of a key in the current language. */
export function t(key: string, args?: TextArguments): string {
  return texts.text(key, args);
}
