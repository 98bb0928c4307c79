/** What paper has to say, since it can be asked nothing: of which issues what is on it tells. */

import { count } from "./data";
import { el } from "./dom";
import { choice, NO_BAND, NOBODY, shown } from "./selection";
import { many } from "./wording";

/** So many rows are printed; a longer list is for a spreadsheet. */
export const PRINTED = 500;

/** Stands above what the filters hold for; the list is `limited`. */
export function paperNote(limited: () => boolean): HTMLElement {
  const told = el("p", { class: "on-paper" });
  addEventListener("beforeprint", () => (told.textContent = onPaper(limited())));
  return told;
}

function onPaper(limited: boolean): string {
  const filters = chosen();
  const cut = limited && shown.length > PRINTED;
  const matching = filters && `${many(shown.length, "issue")} of ${count.toLocaleString("en")} with ${filters}`;
  if (cut) return `The first ${PRINTED} of ${matching || many(count, "issue")}`;
  return matching;
}

function chosen(): string {
  const { search, tracker, band, label, person } = choice;
  const told = [
    search.trim() && `“${search.trim()}”`,
    tracker && `tracker ${tracker}`,
    band && (band === NO_BAND ? "no band" : `band ${band}`),
    label && `label ${label}`,
    person && (person === NOBODY ? "no owner" : `owner ${person}`),
  ];
  return told.filter(Boolean).join(", ");
}
