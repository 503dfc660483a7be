import type { Rectangle } from 'electron';

export interface WindowState extends Partial<Rectangle> {
  width: number;
  height: number;
  maximized: boolean;
}

export const FIRST_STATE: WindowState = { width: 1440, height: 900, maximized: false };
export const SMALLEST = { width: 1024, height: 680 };
/** So much of the title bar must be on a screen for the window to be caught with the mouse. */
const VISIBLE = { width: 120, height: 40 };

/** What was stored, made to fit the screens that are there now: a window that would open out of sight is centred. */
export function fitToScreens(stored: unknown, workAreas: readonly Rectangle[]): WindowState {
  if (!isState(stored)) return FIRST_STATE;
  const size = {
    width: Math.max(SMALLEST.width, Math.round(stored.width)),
    height: Math.max(SMALLEST.height, Math.round(stored.height)),
    maximized: stored.maximized,
  };
  const { x, y } = stored;
  if (x === undefined || y === undefined) return size;
  const caught = workAreas.some(
    (area) =>
      Math.min(x + size.width, area.x + area.width) - Math.max(x, area.x) >= VISIBLE.width &&
      y >= area.y - VISIBLE.height &&
      y <= area.y + area.height - VISIBLE.height,
  );
  return caught ? { ...size, x: Math.round(x), y: Math.round(y) } : size;
}

function isState(value: unknown): value is WindowState {
  const state = value as Partial<WindowState> | null;
  const isNumber = (number: unknown): boolean => Number.isFinite(number) && Math.abs(number as number) < 100_000;
  return (
    typeof state === 'object' &&
    state !== null &&
    isNumber(state.width) &&
    isNumber(state.height) &&
    (state.x === undefined || isNumber(state.x)) &&
    (state.y === undefined || isNumber(state.y)) &&
    typeof state.maximized === 'boolean'
  );
}
