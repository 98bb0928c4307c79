/** A band, in its colour. */

import { bandPlace } from "./data";
import { el } from "./dom";

export function badge(band: string): HTMLElement | string {
  return band ? el("span", { class: `band b${Math.min(bandPlace(band), 4)}` }, band) : "–";
}
