import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';

const UI = join(import.meta.dirname, '..');
const LOCALES = join(UI, '../assets/locales');

const sources = readdirSync(join(UI, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(svelte|ts)$/.test(path))
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(UI, 'src', path), 'utf8') }));

/** The messages of a language's catalogues, each with the names of the arguments it uses. */
function messages(language: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of ['app.ftl', 'ui.ftl']) {
    for (const entry of readFileSync(join(LOCALES, language, name), 'utf8').split(/^(?=[a-z])/m)) {
      const key = /^([a-z][\w-]*) =/.exec(entry)?.[1];
      if (key) found.set(key, [...new Set([...entry.matchAll(/\{\s*(?:DATETIME\()?\$(\w+)/g)].map((match) => match[1]!))].sort());
    }
  }
  return found;
}

describe('words', () => {
  const english = messages('en');

  test('every language says the same things with the same arguments', () => {
    const ours = [...messages('zh-TW')].sort();
    // A language without plural forms may leave out a count that only chooses between them.
    expect(ours.map(([key]) => key)).toEqual([...english.keys()].sort());
    for (const [key, args] of ours) expect(english.get(key), key).toEqual(expect.arrayContaining(args));
  });

  test('every text that a component asks for is there', () => {
    const asked = sources.flatMap(({ path, text }) => [...text.matchAll(/\bt\('([\w-]+)'/g), ...text.matchAll(/'(waiting-[\w-]+)'/g)].map((match) => `${path}: ${match[1]}`));
    expect(asked.length).toBeGreaterThan(80);
    expect(asked.filter((use) => !english.has(use.split(': ')[1]!))).toEqual([]);
  });

  test('families of texts are whole', () => {
    const families = {
      format: ['pdf', 'musicxml', 'mxl', 'mid', 'abc', 'wav', 'png', 'svg'].flatMap((name) => [name, `${name}-use`]),
      theme: ['system', 'light', 'dark', 'contrast'],
      size: ['a3', 'a4', 'a5', 'b4', 'letter', 'legal', 'tabloid', 'custom'],
      side: ['top', 'right', 'bottom', 'left'],
      choice: ['on', 'off', 'parts', 'bravura', 'petaluma', 'academico', 'petaluma-script', 'words', 'signs', 'classical', 'jazz', 'large-print', 'none', 'systems'],
      numbers: ['every'],
      paper: ['white', 'cream', 'dark'],
      value: ['breve', 'whole', 'half', 'quarter', 'eighth', '16th', '32nd', '64th', 'dotted'],
    };
    const keys = Object.entries(families).flatMap(([family, names]) => names.map((name) => `${family}-${name}`));
    expect(keys.filter((key) => !english.has(key))).toEqual([]);
  });

  test.each(sources.filter(({ path }) => path.endsWith('.svelte')))('$path says nothing by itself', ({ text }) => {
    const spoken: string[] = [];
    const heard = new Set(['title', 'aria-label', 'placeholder', 'alt', 'aria-description', 'label']);
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) return node.forEach(visit);
      if (typeof node !== 'object' || node === null) return;
      const element = node as AST.TemplateNode;
      if (element.type === 'StyleDirective') return;
      if (element.type === 'Text') spoken.push(element.data);
      if (element.type === 'Attribute') {
        const parts = Array.isArray(element.value) ? element.value : [];
        if (heard.has(element.name)) for (const part of parts) if (part.type === 'Text') spoken.push(part.data);
        return;
      }
      Object.values(node).forEach(visit);
    };
    visit(parse(text, { modern: true }).fragment);
    expect(spoken.filter((words) => /\p{L}/u.test(words))).toEqual([]);
  });
});

describe('seams', () => {
  test('one file knows Tauri', () => {
    expect(sources.filter(({ text }) => text.includes('@tauri-apps/')).map(({ path }) => path)).toEqual(['lib/host/tauri.ts']);
  });

  test('colours are named in one file', () => {
    const swatches = 'lib/settings/Settings.svelte';
    const strays = sources.filter(({ path, text }) => path.endsWith('.svelte') && path !== swatches && /#[0-9a-f]{3,8}\b(?=[;\s,)])/i.test(text));
    expect(strays.map(({ path }) => path)).toEqual([]);
  });

  test('the lock file names no mirror', () => {
    expect(readFileSync(join(UI, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });
});
