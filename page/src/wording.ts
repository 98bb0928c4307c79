/** Numbers, times and movements as people read them. */

import { report, type Step } from "./data";

const whole = new Intl.NumberFormat("en");
const one = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const six = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

export function many(number: number, noun: string): string {
  return `${whole.format(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** As much of a number as a plan needs. */
export function amount(number: number): string {
  return one.format(number);
}

export function figure(number: number): string {
  return Math.abs(number) >= 1e6 ? whole.format(Math.round(number)) : six.format(number);
}

export function signed(number: number): string {
  const rounded = Number(number.toFixed(Math.abs(number) < 1 ? 3 : 1));
  return rounded < 0 ? `−${figure(-rounded)}` : `+${figure(rounded)}`;
}

export function at(time: string): string {
  return `${moment.format(new Date(time))} UTC`;
}

export function on(time: string): string {
  return day.format(new Date(time));
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** How old it was when the report was made: `3 hours`. */
export function age(time: string): string {
  const minutes = (Date.parse(report.made) - Date.parse(time)) / 60_000;
  if (minutes < 1) return "just read";
  if (minutes < 60) return many(Math.floor(minutes), "minute");
  return minutes < 48 * 60 ? many(Math.floor(minutes / 60), "hour") : many(Math.floor(minutes / 1440), "day");
}

export function reason(step: Step): string {
  return `${step.name} ${signed(step.after - step.before)}`;
}

/** `11 Nov`: short enough for a heading; the year is told where it is another. */
export function date(time: string): string {
  const told = on(time);
  return time.slice(0, 4) === report.made.slice(0, 4) ? told.replace(/ \d{4}$/, "") : told;
}

/** How far it moved `in the last run`, or since a day; a run that is not there yet has no words. */
export function movement(places: number | null, when: string | null): [text: string, told: string, kind: string] {
  if (!when) return ["–", report.runs.length ? "the first list" : "no list was applied yet", "same"];
  if (places === null) return ["new", `new in the list ${when}`, "new"];
  if (places === 0) return ["–", `did not move ${when}`, "same"];
  const distance = whole.format(Math.abs(places));
  return places > 0
    ? [`▲ ${distance}`, `up ${distance} ${when}`, "up"]
    : [`▼ ${distance}`, `down ${distance} ${when}`, "down"];
}
