/** Numbers put into bins whose edges are round: 1, 2 or 5 times a power of ten. */

import { ends, isSkewed } from "./frame";

/** No more bins than this, and one for what is left. */
const MOST = 24;

export interface Bins {
  /** How wide each is; null: each is wider than the one before, since a few are far above the rest. */
  width: number | null;
  /** Where each begins. */
  edges: number[];
  /** In which a value is. */
  place: (value: number) => number;
}

export function bins(values: number[]): Bins {
  const [least, most] = ends(values);
  if (least >= 0 && isSkewed(values)) return widening(values, most);
  const finest = values.every(Number.isInteger) ? 1 : 0;
  const width = least === most ? 1 : Math.max(finest, round((most - least) / MOST));
  // In whole widths: 3 × 0.1 is not 0.3.
  const place = (value: number) => Math.floor(tidy(value / width));
  const first = place(least);
  const edges = Array.from({ length: place(most) - first + 1 }, (_, at) => tidy((first + at) * width));
  return { width, edges, place: (value) => place(value) - first };
}

function widening(values: number[], most: number): Bins {
  const [least] = ends(values.filter((value) => value > 0));
  const edges: number[] = [];
  for (let edge = under(most); edges.length < MOST; edge = under(edge * 0.99)) {
    edges.unshift(edge);
    if (edge <= least) break;
  }
  edges.unshift(0);
  return { width: null, edges, place: (value) => edges.findLastIndex((edge) => edge <= value) };
}

/** The least round number that is no less. */
function round(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return tidy([1, 2, 5, 10].find((each) => each * power >= width * (1 - 1e-9))! * power);
}

/** The greatest round number that is no more. */
function under(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return tidy([5, 2, 1].find((each) => each * power <= value * (1 + 1e-9))! * power);
}

function tidy(number: number): number {
  return Number(number.toPrecision(12));
}
