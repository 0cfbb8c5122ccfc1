// Does the label of a session read the bars from it to its horizon, and no other?

import {column} from "../frame.ts";
import {isoDate} from "../units.ts";
import {type Baseline, type Derivation, withScaledSession} from "./derivation.ts";
import {type Evidence, evidence} from "./evidence.ts";
import {labelHorizon} from "./future.ts";

const FACTOR = 1.25; // far from rounding

/**
 * Scales the prices of one session and derives every label again: those of rows [row - h, row] read that bar (the
 * first as the end of its last return, the last as the start of its first one) and must move where they are
 * known; all others must stay, to the last bit.
 */
export function proveLabelWindow(derivation: Derivation, baseline: Baseline, row: number): Evidence[] {
  const {sessions, columns} = baseline.labels;
  const day = sessions[row]!;
  const again = derivation.labels(withScaledSession(baseline.bars, {day, factor: FACTOR}));
  return Object.entries(columns).map(([name, before]) => {
    const horizon = labelHorizon(name);
    const after = column(again, name);
    let moved = 0;
    let wrong = -1;
    for (let t = 0; t < sessions.length; t++) {
      const isMoved = !Object.is(before[t], after[t]);
      const reads = t >= row - horizon && t <= row && !Number.isNaN(before[t]!);
      if (isMoved && reads) moved++;
      if (isMoved !== reads && wrong < 0) wrong = t;
    }
    const what = wrong >= 0 && Object.is(before[wrong], after[wrong]) ? "does not read" : "reads";
    return evidence(
      {kind: "label", name, horizon},
      {
        future: "one bar scaled",
        rows: sessions.length,
        cells: sessions.length,
        moved,
        violation:
          wrong < 0
            ? null
            : {
                session: sessions[wrong]!,
                text: `the label of ${isoDate(sessions[wrong]!)} ${what} the bar of ${isoDate(day)}`,
              },
      },
    );
  });
}
