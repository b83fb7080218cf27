/** Where pages lie in the scrolled area: arithmetic only, so that nothing has to be drawn to know where it is. */

import type { CursorView, RectView, SelectionView } from '../host/backend';
import type { PagePicture } from '../state/open-score.svelte';

/** CSS pixels a millimetre where paper has its real size: a screen of 96 dots an inch. */
const PIXELS_PER_MM = 96 / 25.4;

/** In staff spaces, as Bravura's engraving defaults have them: staff lines and stems, and thin barlines and ledger lines. */
export const STAFF_LINE = 0.13;
export const THIN_LINE = 0.16;

export const GAP = 20;
export const MARGIN = 28;

/**
 * The steps of zooming: how many pixels of the screen a staff space has. Whole ones, so that the five lines of a staff lie
 * alike on the pixels and are equally sharp.
 */
const STEPS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32];

/** Something that is selected, on its page. */
export interface Mark {
  rect: RectView;
  heads: RectView[];
}

/** What of a selection is on a page. */
export function marksOn(selection: SelectionView | null, page: number): Mark[] {
  if (selection === null) return [];
  if (selection.range.length > 0) return selection.range.filter((spot) => spot.page === page);
  return selection.page === page ? [selection] : [];
}

/** A page as it lies in the scrolled area. */
export interface Sheet {
  page: PagePicture;
  /** From the top of the scrolled area, in pixels. */
  top: number;
  left: number;
  width: number;
  height: number;
  /** CSS pixels a staff space. */
  scale: number;
}

/** What is seen or drawn: an area of the scrolled one, in pixels. */
export interface Area extends Stretch {
  left: number;
  right: number;
}

/** A stretch of the scrolled area along one axis, in pixels. */
export interface Stretch {
  top: number;
  bottom: number;
}

/** Pages one below the other, each in the middle of the width. */
export function layOut(pages: readonly PagePicture[], scale: number, viewWidth: number): { sheets: Sheet[]; width: number; height: number } {
  const widest = Math.max(0, ...pages.map((page) => page.width * scale));
  const width = Math.max(viewWidth, Math.round(widest) + 2 * MARGIN);
  let top = MARGIN;
  const sheets = pages.map((page) => {
    const pixels = page.width * scale;
    const sheet = { page, top, left: Math.round((width - pixels) / 2), width: pixels, height: page.height * scale, scale };
    top = Math.round(top + sheet.height) + GAP;
    return sheet;
  });
  return { sheets, width, height: top - GAP + MARGIN };
}

/** How much larger than on paper a page is shown. */
export function magnification(page: PagePicture | undefined, scale: number): number {
  return page ? (scale * page.width) / (page.widthMm * PIXELS_PER_MM) : 1;
}

/**
 * The scale at which the widest page fills the width, without making notes larger than they are on paper by much.
 * `density` says how many pixels of the screen a CSS pixel has.
 */
export function fitting(pages: readonly PagePicture[], viewWidth: number, density: number): number {
  const page = pages.reduce<PagePicture | undefined>((widest, page) => (widest && widest.width >= page.width ? widest : page), undefined);
  if (!page || viewWidth <= 0) return 8;
  const filling = (viewWidth - 2 * MARGIN) / page.width;
  const largest = (1.25 * page.widthMm * PIXELS_PER_MM) / page.width;
  return Math.max(3, Math.floor(Math.min(filling, largest) * density + 0.01)) / density;
}

/** The scale at which an endless line fills the height, without making notes larger than they are on paper by much. */
export function fittingHeight(page: PagePicture | undefined, viewHeight: number, density: number): number {
  if (!page || viewHeight <= 0) return 8;
  const filling = (viewHeight - 2 * MARGIN) / page.height;
  const largest = (1.25 * page.heightMm * PIXELS_PER_MM) / page.height;
  return Math.max(4, Math.floor(Math.min(filling, largest) * density + 0.01)) / density;
}

/** What of a sheet lies in an area, in pixels from its left edge: an endless line is wider than any picture may be. */
export function within(sheet: Sheet, area: Area): { left: number; width: number } {
  const left = Math.max(0, area.left - sheet.left);
  return { left, width: Math.max(0, Math.min(sheet.width, area.right - sheet.left) - left) };
}

/** The next step of zooming from any scale. */
export function nextScale(scale: number, direction: 1 | -1, density: number): number {
  const near = 0.01;
  const pixels = scale * density;
  const step = direction === 1 ? STEPS.find((step) => step > pixels + near) : STEPS.findLast((step) => step < pixels - near);
  return step === undefined ? scale : step / density;
}

/** The thickness of a line, given in spaces, in CSS pixels: a whole number of the screen's, at least one. */
export function lineWidth(spaces: number, scale: number, density: number): number {
  return Math.max(1, Math.round(spaces * scale * density)) / density;
}

/** A rectangle of a page in the scrolled area. */
export function placed(sheet: Sheet, rect: RectView): { top: number; bottom: number; left: number; right: number } {
  const top = sheet.top + rect.y * sheet.scale;
  const left = sheet.left + rect.x * sheet.scale;
  return { top, bottom: top + rect.height * sheet.scale, left, right: left + rect.width * sheet.scale };
}

/** The system of a page that this height is in, or the nearest. */
export function systemAt(sheet: Sheet, y: number): RectView {
  const distance = (system: { y: number; height: number }) => Math.max(system.y - y, y - (system.y + system.height), 0);
  const nearest = [...sheet.page.systems].sort((a, b) => distance(a) - distance(b))[0];
  return { x: 0, y: nearest?.y ?? y, width: sheet.page.width, height: nearest?.height ?? 0 };
}

/** A play cursor as a rectangle of no width. */
export function cursorRect(cursor: CursorView): RectView {
  return { x: cursor.x, y: cursor.top, width: 0, height: cursor.bottom - cursor.top };
}

/**
 * Where to scroll along an endless line that plays: nowhere while the cursor has music before it, else so far that it stands
 * at the first quarter.
 */
export function scrollAhead(at: number, view: number, cursor: number): number {
  if (cursor >= at && cursor <= at + view * 0.8) return at;
  return Math.max(0, cursor - view / 4);
}

/**
 * Where to scroll, along one axis, so that a stretch is in view: nowhere if it is already, else as little as possible,
 * with what is around it (its system) as far as that has room.
 */
export function scrollToShow(at: number, view: number, needed: Stretch, around: Stretch): number {
  if (needed.top >= at && needed.bottom <= at + view) return at;
  const room = 16;
  const shown = around.bottom - around.top + 2 * room <= view ? around : needed;
  return shown.top < at ? Math.max(0, shown.top - room) : Math.max(0, shown.bottom + room - view);
}
