import {describe, expect, it} from "vitest";
import {closeMinutes, sessionsBetween} from "../calendar/sessions.ts";
import {isoDate, sessionDate} from "../units.ts";
import {proofDays} from "./days.ts";

const sessions = sessionsBetween(sessionDate("2019-01-02"), sessionDate("2020-12-31"));
const options = {
  edges: [23, 300],
  refits: [100, 121],
  isHalfDay: (session: number) => closeMinutes(session) === 780,
  sample: 10,
  seed: 4,
};
const days = proofDays(sessions, options);
const rows = days.map(({row}) => row);
const dates = rows.map((row) => isoDate(sessions[row]!));

describe("proofDays()", () => {
  it("has the first and last rows that others follow, and both sides of every edge", () => {
    const last = sessions.length - 2;
    for (const row of [0, 1, 2, 22, 23, 299, 300, last - 2, last - 1, last])
      expect(days).toContainEqual({row, thorough: true});
    expect(rows).not.toContain(last + 1);
  });

  it("has the ends of all months and years, the refits and the half days", () => {
    for (const day of ["2019-01-31", "2019-12-31", "2020-02-28", "2020-11-30"]) expect(dates).toContain(day);
    for (const day of ["2019-07-03", "2019-11-29", "2019-12-24", "2020-11-27", "2020-12-24"])
      expect(dates).toContain(day);
    expect(rows).toEqual(expect.arrayContaining(options.refits));
  });

  it("draws a sample by its seed, in order and without doubles", () => {
    expect(proofDays(sessions, options)).toEqual(days);
    expect(proofDays(sessions, {...options, seed: 5})).not.toEqual(days);
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
  });

  it("leaves out rows that are none: what begins nowhere, a history of two sessions", () => {
    expect(proofDays(sessions.subarray(0, 2), {...options, edges: [-1]})).toEqual([{row: 0, thorough: true}]);
  });
});
