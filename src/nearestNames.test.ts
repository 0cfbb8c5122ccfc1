import {expect, it} from "vitest";
import {column, createFrame} from "./frame.ts";
import {didYouMean, nearestNames} from "./nearestNames.ts";
import {openLake} from "./store/lake.ts";
import {localDirectory} from "./store/localDirectory.ts";

const names = ["vix", "vix3m", "vix_gap_22d", "log_vix_var", "spy_ret_5d", "spy_ret_20d"];

it("nearestNames() puts a slip's own name first, and finds a name by a part of it", () => {
  expect(nearestNames("vix_gap_2d", names)[0]).toBe("vix_gap_22d");
  expect(nearestNames("spy_ret_5", names)).toEqual(["spy_ret_5d", "spy_ret_20d"]);
  expect(nearestNames("VIX3", names)[0]).toBe("vix3m");
  expect(nearestNames("unheard_of", names)).toEqual([]);
  expect(didYouMean("unheard_of", names)).toBe("");
});

it("column() and contract() say which name may have been meant before all there are", () => {
  const frame = createFrame(Int32Array.of(1), {vix: Float64Array.of(20), spy_ret_5d: Float64Array.of(0)});
  expect(() => column(frame, "vxi")).toThrow(
    "Cannot find column vxi; did you mean vix? The frame has vix, spy_ret_5d",
  );
  expect(() => column(frame, "nothing")).toThrow("Cannot find column nothing: the frame has vix, spy_ret_5d");
  const lake = openLake({store: localDirectory("nowhere")});
  expect(() => lake.contract("label_daily")).toThrow(
    "Cannot find dataset label_daily; did you mean labels_daily",
  );
});
