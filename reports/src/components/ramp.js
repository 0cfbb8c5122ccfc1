// Which colour is low, which is high? From blue to orange, which colour-blind eyes tell apart, in steps of a twentieth.

import {el} from "./element.js";

const STEPS = 20;

/** The colour of a rank, 0 the lowest and 1 the highest. */
export function rampColor(rank) {
  const share = Math.round(STEPS * Math.min(1, Math.max(0, rank))) * (100 / STEPS);
  return `color-mix(in oklab, var(--series-orange) ${share}%, var(--series-accent))`;
}

/** A key of the ramp: what its ends mean. */
export function rampKey(low, high) {
  const stops = [0, 0.25, 0.5, 0.75, 1].map(rampColor).join(", ");
  return el(
    "p",
    {class: "ramp-key"},
    `${low} `,
    el("span", {class: "ramp", style: `background: linear-gradient(to right, ${stops})`}),
    ` ${high}`,
  );
}
