/** Where pages lie in the scrolled area: arithmetic only, so that nothing has to be drawn to know where it is. */

import type { CursorView, RectView } from '../host/backend';
import type { PagePicture } from '../state/open-score.svelte';

/** CSS pixels a millimetre at a zoom of 1: paper has its real size on a screen of 96 dots an inch. */
const PIXELS_PER_MM = 96 / 25.4;

export const GAP = 20;
export const MARGIN = 28;

/** The steps of zooming. */
export const ZOOMS = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];

/** A page as it lies in the scrolled area. */
export interface Sheet {
  page: PagePicture;
  /** From the top of the scrolled area, in pixels. */
  top: number;
  left: number;
  width: number;
  height: number;
  /** Pixels a staff space. */
  scale: number;
}

/** What is seen: a stretch of the scrolled area, in pixels. */
export interface Stretch {
  top: number;
  bottom: number;
}

/** Pages one below the other, each in the middle of the width. */
export function layOut(pages: readonly PagePicture[], zoom: number, viewWidth: number): { sheets: Sheet[]; width: number; height: number } {
  const widest = Math.max(0, ...pages.map((page) => page.widthMm * PIXELS_PER_MM * zoom));
  const width = Math.max(viewWidth, Math.round(widest) + 2 * MARGIN);
  let top = MARGIN;
  const sheets = pages.map((page) => {
    const pixels = page.widthMm * PIXELS_PER_MM * zoom;
    const sheet = {
      page,
      top,
      left: Math.round((width - pixels) / 2),
      width: pixels,
      height: page.heightMm * PIXELS_PER_MM * zoom,
      scale: pixels / page.width,
    };
    top = Math.round(top + sheet.height) + GAP;
    return sheet;
  });
  return { sheets, width, height: top - GAP + MARGIN };
}

/** The zoom at which the widest page fills the width, without making notes larger than they are on paper by much. */
export function fitting(pages: readonly PagePicture[], viewWidth: number): number {
  const widest = Math.max(...pages.map((page) => page.widthMm)) * PIXELS_PER_MM;
  if (!Number.isFinite(widest) || widest <= 0 || viewWidth <= 0) return 1;
  return Math.min(1.25, Math.max(0.5, (viewWidth - 2 * MARGIN) / widest));
}

/** The next step of zooming from any zoom. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const near = 0.005;
  const steps = direction === 1 ? ZOOMS.find((step) => step > zoom + near) : ZOOMS.findLast((step) => step < zoom - near);
  return steps ?? zoom;
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
 * Where to scroll, along one axis, so that a stretch is in view: nowhere if it is already, else as little as possible,
 * with what is around it (its system) as far as that has room.
 */
export function scrollToShow(at: number, view: number, needed: Stretch, around: Stretch): number {
  if (needed.top >= at && needed.bottom <= at + view) return at;
  const room = 16;
  const shown = around.bottom - around.top + 2 * room <= view ? around : needed;
  return shown.top < at ? Math.max(0, shown.top - room) : Math.max(0, shown.bottom + room - view);
}
