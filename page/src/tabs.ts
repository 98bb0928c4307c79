/** The names of the views, which say at their edges that there are more where they do not all fit. */

import { el } from "./dom";

export function tabs(): HTMLElement {
  const row = el("ul");
  const hint = () => {
    const left = row.scrollLeft;
    // Half a pixel more or less is nothing that is hidden.
    row.classList.toggle("more-before", left > 1);
    row.classList.toggle("more-after", left + row.clientWidth < row.scrollWidth - 1);
  };
  row.addEventListener("scroll", hint, { passive: true });
  new ResizeObserver(hint).observe(row);
  return row;
}
