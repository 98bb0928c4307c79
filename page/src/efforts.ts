/** What issues take, in words. */

import { issue, report } from "./data";
import { amount, many } from "./wording";

/** `effort`, `story points`. */
export const unit = report.size.replaceAll("_", " ");
const COUNTED = unit.endsWith("s");
const DAY = 24;

/** `effort 5`, `5 story points`. */
export function sized(number: number): string {
  return COUNTED ? `${amount(number)} ${unit}` : `${unit} ${amount(number)}`;
}

/** `Each 2 weeks take 40 points of effort`. */
export function capacity([points, days]: [number, number]): string {
  const [time, verb] = period(days);
  return `Each ${time} ${verb} ${COUNTED ? sized(points) : `${amount(points)} points of ${unit}`}`;
}

function period(days: number): [string, string] {
  const [number, noun] = days % 7 === 0 ? [days / 7, "week"] : days >= 1 ? [days, "day"] : [days * DAY, "hour"];
  return number === 1 ? [noun, "takes"] : [`${amount(number)} ${noun}s`, "take"];
}

export function total(places: number[]): number {
  return places.reduce((sum, place) => sum + (issue.size(place) ?? 0), 0);
}

/** `4 issues, effort 14.3`. */
export function taken(places: number[]): string {
  return places.length ? `${many(places.length, "issue")}, ${sized(total(places))}` : "–";
}

/** Whether anything at all is estimated; a roadmap is made of nothing else. */
export function isEstimated(): boolean {
  return report.issues.size.some((size) => size !== null);
}
