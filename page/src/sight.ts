/** What follows the choice is drawn only where it is in sight; the rest once it is shown, so that typing stays quick. */

import { onChange } from "./selection";

export interface Followed {
  readonly box: HTMLElement;
  readonly draw: () => void;
  /** Whether it shows what was chosen before. */
  stale: boolean;
}

const followed: Followed[] = [];

export function follow(box: HTMLElement, draw: () => void): Followed {
  const each = { box, draw, stale: true };
  followed.push(each);
  return each;
}

/** Draw what came into sight; what is drawn may show more. */
export function refresh(): void {
  for (let due = waiting(); due.length; due = waiting()) {
    for (const each of due) {
      each.stale = false;
      each.draw();
    }
  }
}

function waiting(): Followed[] {
  return followed.filter((each) => each.stale && inSight(each.box));
}

function inSight(box: HTMLElement): boolean {
  return box.isConnected && !box.closest("[hidden], dialog:not([open])");
}

onChange(() => {
  for (const each of followed) each.stale = true;
  refresh();
});
