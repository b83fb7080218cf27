import { expect, test } from 'vitest';

import { fitting, fittingHeight, layOut, lineWidth, magnification, marksOn, nextScale, placed, scrollAhead, scrollToShow, systemAt, within } from '../src/lib/score/layout';
import type { SelectionView } from '../src/lib/host/backend';
import type { PagePicture } from '../src/lib/state/open-score.svelte';

const system = (y: number) => ({ key: String(y), x: 0, y, width: 120, height: 16, measures: [1, 1] as [number, number], svg: '' });
const page = (number: number): PagePicture => ({
  number,
  widthMm: 210,
  heightMm: 297,
  width: 120,
  height: 170,
  frameSvg: '',
  systems: [system(0), system(20), system(40)],
});

test('pages lie one below the other and never overlap', () => {
  const { sheets, height } = layOut([page(1), page(2), page(3)], 7, 1000);
  for (const [index, sheet] of sheets.entries()) {
    const next = sheets[index + 1];
    expect(sheet.top + sheet.height).toBeLessThan(next ? next.top : height);
    expect(Math.abs(sheet.left * 2 + sheet.width - 1000)).toBeLessThanOrEqual(1);
  }
});

test('a page wider than the window can be scrolled to both its edges', () => {
  const { sheets, width } = layOut([page(1)], 24, 500);
  expect(sheets[0]!.left).toBeGreaterThan(0);
  expect(sheets[0]!.left + sheets[0]!.width).toBeLessThan(width);
});

test('a point of a page is found again at every zoom', () => {
  for (const scale of [2, 6.5, 20]) {
    const sheet = layOut([page(1), page(2)], scale, 800).sheets[1]!;
    const spot = placed(sheet, { x: 60, y: 85, width: 0, height: 0 });
    expect((spot.left - sheet.left) / sheet.width).toBeCloseTo(0.5);
    expect((spot.top - sheet.top) / sheet.height).toBeCloseTo(0.5);
  }
});

test('what is in view does not move; what is not moves by the least', () => {
  const near = { top: 120, bottom: 180 };
  expect(scrollToShow(100, 400, { top: 120, bottom: 140 }, near)).toBe(100);
  expect(scrollToShow(300, 400, { top: 120, bottom: 140 }, near)).toBe(104);
  expect(scrollToShow(0, 400, { top: 520, bottom: 540 }, { top: 500, bottom: 560 })).toBe(176);
  // A system taller than the view: the note itself counts.
  expect(scrollToShow(0, 100, { top: 520, bottom: 540 }, { top: 400, bottom: 700 })).toBe(456);
});

test('a range is marked on each of its pages, one thing on its own', () => {
  const rect = { x: 1, y: 2, width: 3, height: 4 };
  const spot = (page: number) => ({ page, rect: { ...rect, x: page }, heads: [rect] });
  const selection = { page: 2, rect, heads: [rect], range: [] } as unknown as SelectionView;
  expect(marksOn(null, 2)).toEqual([]);
  expect(marksOn(selection, 1)).toEqual([]);
  expect(marksOn(selection, 2)).toEqual([selection]);
  const range = { ...selection, range: [spot(1), spot(1), spot(2)] };
  expect([1, 2, 3].map((page) => marksOn(range, page).length)).toEqual([2, 1, 0]);
});

test('the nearest system belongs to a height', () => {
  const sheet = layOut([page(1)], 6, 800).sheets[0]!;
  expect(systemAt(sheet, 25).y).toBe(20);
  expect(systemAt(sheet, 39).y).toBe(40);
  expect(systemAt(sheet, 1000).y).toBe(40);
});

test('a staff space is a whole number of the screen’s pixels at every step', () => {
  for (const density of [1, 1.25, 2]) {
    for (let scale = 1 / density; nextScale(scale, 1, density) > scale; scale = nextScale(scale, 1, density)) {
      expect(Math.abs(scale * density - Math.round(scale * density))).toBeLessThan(1e-9);
    }
    const fit = fitting([page(1)], 900, density) * density;
    expect(Math.abs(fit - Math.round(fit))).toBeLessThan(1e-9);
    expect(fit * 120).toBeLessThanOrEqual(900 * density);
  }
});

test('zooming goes a step and ends somewhere', () => {
  expect(nextScale(8, 1, 1)).toBe(9);
  expect(nextScale(8.3, -1, 1)).toBe(8);
  expect(nextScale(8, 1, 2)).toBe(9);
  expect(nextScale(32, 1, 1)).toBe(32);
  expect(nextScale(2, -1, 1)).toBe(2);
  expect(fitting([], 500, 1)).toBeGreaterThan(0);
  expect(fitting([page(1)], 0, 1)).toBeGreaterThan(0);
});

test('paper has its own size at a magnification of one', () => {
  const natural = (210 * 96) / 25.4 / 120;
  expect(magnification(page(1), natural)).toBeCloseTo(1);
  expect(magnification(page(1), 2 * natural)).toBeCloseTo(2);
});

test('a staff line never vanishes and never blurs', () => {
  expect(lineWidth(0.13, 2, 1)).toBe(1);
  expect(lineWidth(0.13, 16, 1)).toBe(2);
  expect(lineWidth(0.16, 8, 2)).toBe(1.5);
});

test('an endless line fills the height, and of its picture only what is near is drawn', () => {
  const line = { ...page(1), width: 12_000, widthMm: 21_000, height: 40, heightMm: 70 };
  const scale = fittingHeight(line, 700, 1);
  expect(scale * line.height).toBeLessThanOrEqual(700 - 56);
  expect(magnification(line, scale)).toBeGreaterThan(0.9);
  const [sheet] = layOut([line], scale, 1000).sheets;
  const part = within(sheet!, { top: 0, bottom: 700, left: 5_000, right: 7_000 });
  expect(sheet!.left + part.left).toBe(5_000);
  expect(part.width).toBe(2_000);
  expect(within(sheet!, { top: 0, bottom: 700, left: -500, right: 1_500 }).left).toBe(0);
});

test('a line that plays turns before the music ends', () => {
  expect(scrollAhead(0, 1000, 700)).toBe(0);
  expect(scrollAhead(0, 1000, 900)).toBe(650);
  expect(scrollAhead(5000, 1000, 20)).toBe(0);
});
