// What is Observable Plot here? The library, with marks whose names may stand: ARIA allows none on a plain group.

import * as library from "@observablehq/plot";

export * from "@observablehq/plot";

/** As the library's plot(); each named group of marks is one to a screen reader too. */
export function plot(options) {
  const figure = library.plot(options);
  for (const group of figure.querySelectorAll("g[aria-label]")) group.setAttribute("role", "group");
  return figure;
}
