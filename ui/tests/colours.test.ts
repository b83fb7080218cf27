import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../src/styles/tokens.css'), 'utf8');

function tokens(selector: string): Record<string, string> {
  const start = css.indexOf(`:root[${selector}]`);
  const block = css.slice(css.indexOf('{', start), css.indexOf('}', start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1]!, match[2]!]));
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

test.each(['light', 'dark', 'contrast'])('text and marks are readable in the %s theme', (theme) => {
  const colour = tokens(`data-theme="${theme}"`);
  const grounds = ['ground', 'frame', 'raised', 'hover', 'accent-soft'];
  const pairs = [
    ...['text', 'muted', 'accent'].flatMap((text) => grounds.map((ground) => [text, ground, 4.5] as const)),
    ['text', 'danger-soft', 4.5] as const,
    ['danger', 'danger-soft', 4.5] as const,
    ['on-accent', 'accent', 4.5] as const,
    ['brass', 'frame', 4.5] as const,
    ...['voice-1', 'voice-2', 'voice-3', 'voice-4'].map((voice) => [voice, 'frame', 4.5] as const),
    ...['outline', 'accent'].flatMap((mark) => ['ground', 'frame', 'raised'].map((ground) => [mark, ground, 3] as const)),
  ];
  const weak = pairs.filter(([mark, ground, least]) => contrast(colour[mark]!, colour[ground]!) < least);
  expect(weak.map(([mark, ground]) => `${mark} on ${ground}: ${contrast(colour[mark]!, colour[ground]!).toFixed(2)}`)).toEqual([]);
});

test.each(['white', 'cream', 'dark'])('marks are seen on %s paper', (paper) => {
  const colour = tokens(`data-paper="${paper}"`);
  expect(contrast(colour['ink']!, colour['paper']!)).toBeGreaterThan(7);
  expect(contrast(colour['mark']!, colour['paper']!)).toBeGreaterThan(3);
  expect(contrast(colour['playhead']!, colour['paper']!)).toBeGreaterThan(3);
});
