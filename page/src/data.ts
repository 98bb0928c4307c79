/** What Python put into the page (`report/html/data.py`), with names for what is told by place. */

export type Named = [key: string, title: string, url: string, tracker: string];
export type Gap = [...Named, missing: string[], detail: string, ask: string[], best: number | null];
export type Dispute = [
  ...Named,
  input: string,
  disagreement: number,
  low: number,
  high: number,
  people: [string, number][],
];
export type Delivered = [...Named, closed: string, held: [band: string, days: number][]];
export type Override = [
  key: string,
  tracker: string,
  target: string,
  wrote: string,
  found: string,
  since: string,
  until: string | null,
  fate: string,
];
export type Change = [target: string, before: string, after: string, status: string, detail: string];
export type Changed = [key: string, tracker: string, changes: Change[], reasons: string[]];

export interface Run {
  id: string;
  at: string;
  by: string;
  ended: string;
  allowed: string[];
  outcomes: Record<string, number>;
  changes: Changed[];
  /** Values that it wrote besides and that are not told here. */
  more: number;
}

export interface Tracker {
  name: string;
  connector: string;
  taken: string | null;
  whole: string | null;
  count: number;
  unread: string[];
  /** When the last read broke off, and why. */
  failed: [at: string, error: string] | null;
  ranked: number;
  gaps: number;
  leftOut: number;
  done: number;
}

interface Columns {
  key: string[];
  title: string[];
  url: string[];
  tracker: number[];
  state: number[];
  band: number[];
  score: (number | null)[];
  labels: number[][];
  people: number[][];
  rankBefore: number[];
  bandBefore: number[];
  rankThen?: number[];
  bandThen?: number[];
  history: (number | null)[][];
  steps: (number | string)[][];
  why: number[][];
  uses: number[][];
  size: (number | null)[];
  goal: number[];
  across?: (number | null)[];
  up?: (number | null)[];
  horizon?: number[];
}

export interface Report {
  made: string;
  since: string | null;
  /** When the list was applied that movements are told against. */
  last: string | null;
  /** `in the last run` or, where the list of now was not applied, `since the last run`. */
  moved: string;
  framework: string;
  formula: string;
  size: string;
  /** Whether that is an input of the rules, or a column that every issue has. */
  sized: "input" | "column";
  bands: string[];
  goals: [name: string, weight: number, because: string | null][];
  axes: [across: string, up: string] | null;
  capacity: [points: number, days: number] | null;
  warnings: string[];
  issues: Columns;
  gaps: Gap[];
  disputes: Dispute[];
  leftOut: string[];
  overrides: Override[];
  corrected: [kind: string, name: string, decided: number, overridden: number][];
  runs: Run[];
  delivered: Delivered[];
  trackers: Tracker[];
  texts: string[];
}

export interface Step {
  name: string;
  because: string;
  operation: string;
  before: number;
  after: number;
  shown: string;
  applied: boolean;
}

/** Where an issue came to stand in a run; rank 0: it left the list. */
export interface Move {
  at: string;
  rank: number;
  band: string;
  score: number | null;
  why: string;
}

export const report = JSON.parse(document.getElementById("data")!.textContent!) as Report;
const columns = report.issues;
export const count = columns.key.length;

const STEP = 5;
const USE = 3;
const MOVE = 5;

export function text(number: number | undefined): string {
  return number === undefined || number < 0 ? "" : (report.texts[number] ?? "");
}

/** One ranked issue by its place in the list, from 0. */
export const issue = {
  rank: (at: number) => at + 1,
  key: (at: number) => columns.key[at]!,
  title: (at: number) => columns.title[at]!,
  url: (at: number) => columns.url[at]!,
  tracker: (at: number) => text(columns.tracker[at]),
  state: (at: number) => text(columns.state[at]),
  band: (at: number) => text(columns.band[at]),
  score: (at: number) => columns.score[at] ?? 0,
  labels: (at: number) => columns.labels[at]!.map(text),
  people: (at: number) => columns.people[at]!.map(text),
  /** How many places it rose since the last run; null: it was in no list. */
  moved: (at: number) => rose(columns.rankBefore[at], at),
  /** The same since the day that was asked for. */
  movedSince: (at: number) => rose(columns.rankThen?.[at], at),
  bandBefore: (at: number) => text(columns.bandBefore[at]),
  bandThen: (at: number) => text(columns.bandThen?.[at]),
  size: (at: number) => columns.size[at] ?? null,
  goal: (at: number) => text(columns.goal[at]),
  across: (at: number) => columns.across?.[at] ?? null,
  up: (at: number) => columns.up?.[at] ?? null,
  horizon: (at: number) => text(columns.horizon?.[at]),
  steps(at: number): Step[] {
    const flat = columns.steps[at]!;
    let before = 0;
    return Array.from({ length: flat.length / STEP }, (_, place) => {
      const [name, because, operation, shown, applied] = flat.slice(place * STEP, (place + 1) * STEP);
      const step = {
        name: text(name as number),
        because: text(because as number),
        operation: text(operation as number),
      };
      const from = before;
      before = Number(shown);
      return { ...step, before: from, after: before, shown: String(shown), applied: applied === 1 };
    });
  },
  why(at: number): Step[] {
    const steps = issue.steps(at);
    return columns.why[at]!.map((place) => steps[place]!);
  },
  /** Its last moves, newest first. */
  history(at: number): Move[] {
    const flat = columns.history[at]!;
    return Array.from({ length: flat.length / MOVE }, (_, place) => {
      const [when, rank, band, score, why] = flat.slice(place * MOVE, (place + 1) * MOVE) as number[];
      return { at: text(when), rank: rank!, band: text(band), score: score ?? null, why: text(why) };
    });
  },
  uses(at: number): [name: string, value: string, origin: string][] {
    const flat = columns.uses[at]!;
    return Array.from({ length: flat.length / USE }, (_, place) => {
      const [name, value, origin] = flat.slice(place * USE, (place + 1) * USE).map(text);
      return [name!, value!, origin!];
    });
  },
};

function rose(before: number | undefined, at: number): number | null {
  return before ? before - at - 1 : null;
}

/** The place of an issue in the ranked list; undefined: it is not ranked. */
export function placeOf(key: string, tracker: string): number | undefined {
  places ??= new Map(Array.from({ length: count }, (_, at) => [`${issue.tracker(at)}\n${issue.key(at)}`, at]));
  return places.get(`${tracker}\n${key}`);
}

let places: Map<string, number> | null = null;

/** The place of a band among those of the rules; those that are no more come last. */
export function bandPlace(band: string): number {
  const place = report.bands.indexOf(band);
  return place < 0 ? report.bands.length : place;
}
