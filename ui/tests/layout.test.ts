import { expect, test } from 'vitest';

import { fitting, layOut, nextZoom, placed, scrollToShow, systemAt } from '../src/lib/score/layout';
import type { PagePicture } from '../src/lib/state/open-score.svelte';

const system = (y: number) => ({ key: String(y), y, height: 16, measures: [1, 1] as [number, number], svg: '' });
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
  const { sheets, height } = layOut([page(1), page(2), page(3)], 1, 1000);
  for (const [index, sheet] of sheets.entries()) {
    const next = sheets[index + 1];
    expect(sheet.top + sheet.height).toBeLessThan(next ? next.top : height);
    expect(Math.abs(sheet.left * 2 + sheet.width - 1000)).toBeLessThanOrEqual(1);
  }
});

test('a page wider than the window can be scrolled to both its edges', () => {
  const { sheets, width } = layOut([page(1)], 4, 500);
  expect(sheets[0]!.left).toBeGreaterThan(0);
  expect(sheets[0]!.left + sheets[0]!.width).toBeLessThan(width);
});

test('a point of a page is found again at every zoom', () => {
  for (const zoom of [0.25, 1, 3]) {
    const sheet = layOut([page(1), page(2)], zoom, 800).sheets[1]!;
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

test('the nearest system belongs to a height', () => {
  const sheet = layOut([page(1)], 1, 800).sheets[0]!;
  expect(systemAt(sheet, 25).y).toBe(20);
  expect(systemAt(sheet, 39).y).toBe(40);
  expect(systemAt(sheet, 1000).y).toBe(40);
});

test('zooming has steps and ends', () => {
  expect(nextZoom(1, 1)).toBe(1.1);
  expect(nextZoom(1.04, -1)).toBe(1);
  expect(nextZoom(4, 1)).toBe(4);
  expect(nextZoom(0.25, -1)).toBe(0.25);
  expect(fitting([page(1)], 0)).toBe(1);
  expect(fitting([], 500)).toBe(1);
});
