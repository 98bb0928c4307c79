/** Which issues are shown, and in which order: one choice for the list, the charts and the roadmap. */

import { bandPlace, count, issue } from "./data";

export type Order = "rank" | "score" | "moved" | "since" | "title" | "owner" | "band";
export interface Choice {
  search: string;
  tracker: string;
  band: string;
  label: string;
  person: string;
  order: Order;
  down: boolean;
}

export const NOBODY = "\u0000nobody";
export const NO_BAND = "\u0000no band";
export const choice: Choice = { search: "", tracker: "", band: "", label: "", person: "", order: "rank", down: false };

/** Places in the ranked list, in the order in which they are shown. */
export let shown: number[] = Array.from({ length: count }, (_, at) => at);

const heard: (() => void)[] = [];
let haystack: string[] | null = null;

export function onChange(hear: () => void): void {
  heard.push(hear);
}

export function choose(changed: Partial<Choice>): void {
  Object.assign(choice, changed);
  shown = ordered(matching());
  heard.forEach((hear) => hear());
}

function matching(): number[] {
  const words = choice.search.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = words.length ? searched() : [];
  const found: number[] = [];
  for (let at = 0; at < count; at += 1) {
    if (choice.tracker && issue.tracker(at) !== choice.tracker) continue;
    if (choice.band && issue.band(at) !== (choice.band === NO_BAND ? "" : choice.band)) continue;
    if (choice.label && !issue.labels(at).includes(choice.label)) continue;
    if (choice.person && !isTheirs(at)) continue;
    if (words.every((word) => texts[at]!.includes(word))) found.push(at);
  }
  return found;
}

function isTheirs(at: number): boolean {
  const people = issue.people(at);
  return choice.person === NOBODY ? people.length === 0 : people.includes(choice.person);
}

function searched(): string[] {
  haystack ??= Array.from({ length: count }, (_, at) =>
    [issue.key(at), issue.title(at), ...issue.labels(at), ...issue.people(at)].join("\n").toLowerCase(),
  );
  return haystack;
}

function ordered(found: number[]): number[] {
  const by = KEYS[choice.order];
  const turned = choice.down ? -1 : 1;
  if (choice.order === "rank") return choice.down ? found.reverse() : found;
  const keys = new Map(found.map((at) => [at, by(at)]));
  return found.sort((one, other) => turned * compare(keys.get(one)!, keys.get(other)!) || one - other);
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const KEYS: Record<Order, (at: number) => string | number> = {
  rank: (at) => at,
  score: (at) => issue.score(at),
  moved: (at) => issue.moved(at) ?? 0,
  since: (at) => issue.movedSince(at) ?? 0,
  title: (at) => issue.title(at).toLowerCase(),
  owner: (at) => (issue.people(at)[0] ?? "\uffff").toLowerCase(),
  band: (at) => bandPlace(issue.band(at)),
};

/** Every value with how many issues have it, those of most issues first. */
export function tallied(values: (at: number) => string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (let at = 0; at < count; at += 1) for (const value of values(at)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1] || compare(one[0], other[0]));
}
