// Which days do readers look for? One list, the same on every chart.

import * as Plot from "./plot.js";

export const EVENTS = [
  {date: "1997-10-27", label: "Asian crisis"},
  {date: "1998-08-31", label: "Russia, LTCM"},
  {date: "2001-09-17", label: "After 9/11"},
  {date: "2008-09-15", label: "Lehman"},
  {date: "2010-05-06", label: "Flash crash"},
  {date: "2011-08-08", label: "US downgrade"},
  {date: "2015-08-24", label: "China, August 2015"},
  {date: "2018-02-05", label: "Volmageddon"},
  {date: "2020-03-16", label: "Covid"},
  {date: "2022-06-13", label: "Inflation, 2022"},
  {date: "2024-08-05", label: "Yen carry trade"},
  {date: "2025-04-04", label: "Tariffs"},
];

const LABEL_WIDTH = 104; // pixels

/** Quiet marks of the events within [first, last], Dates: a dotted line each and its name above the frame. */
export function eventMarks(first, last, {width}) {
  const events = eventsWithin(first, last, {width});
  return [
    Plot.ruleX(events, {x: "date", stroke: "var(--theme-foreground-faint)", strokeDasharray: "1,3"}),
    Plot.text(events, {
      x: "date",
      text: "label",
      frameAnchor: "top",
      dy: -14,
      fill: "var(--theme-foreground-muted)",
      fontSize: 11,
    }),
  ];
}

/** The events within [first, last], Dates; at most as many as fit a width in pixels, the ones given first dropped first. */
export function eventsWithin(first, last, {width = 800, events = EVENTS} = {}) {
  const room = (last - first) * (LABEL_WIDTH / Math.max(width, 1)); // milliseconds a label needs
  const inside = events
    .map(({date, label}) => ({date: new Date(date), label}))
    .filter(({date}) => date >= first && date <= last);
  const kept = [];
  for (const event of inside.toReversed()) {
    if (kept.length === 0 || kept.at(-1).date - event.date >= room) kept.push(event);
  }
  return kept.reverse();
}
