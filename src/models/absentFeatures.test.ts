// What do the models do for a target that has no implied index beside it?
import {beforeAll, describe, expect, it} from "vitest";
import {sampleTable} from "../evaluation/marketTable.fixture.ts";
import {forecastFold, type MarketTable} from "../evaluation/walkForward.ts";
import {catalogue} from "../features/catalogue.ts";
import {companionsOf, featuresWith} from "../features/companions.ts";
import {modelCatalogue, modelsWith} from "./catalogue.ts";

const own = featuresWith([]).map(({name}) => name);
const foreign = catalogue.filter((entry) => companionsOf(entry).size > 0).map(({name}) => name);

let table: MarketTable;
beforeAll(() => {
  const whole = sampleTable({seed: 3, first: "2010-01-04", last: "2016-12-30"});
  const columns = Object.fromEntries(own.map((name) => [name, whole.features.columns[name]!]));
  table = {...whole, features: {sessions: whole.features.sessions, columns}};
});

describe("a frame without the companions' features", () => {
  const names = modelsWith(
    new Set(own),
    modelCatalogue.map(({model}) => model.name),
  );

  it("has every model but those that are VIX", () => {
    expect(modelCatalogue.map(({model}) => model.name).filter((name) => !names.includes(name))).toContain(
      "vix",
    );
    expect(names).toContain("log_har_vix");
    expect(names).toContain("anchored");
  });

  it.each(names)("%s is fitted on the target's own features, and its fit names no other", (name) => {
    const {model} = modelCatalogue.find((entry) => entry.model.name === name)!;
    const fold = {trainStart: 100, trainEnd: 1500, testStart: 1510, testEnd: 1530};
    const {fit, variance} = forecastFold({model: name, horizon: 5, fold, seed: 1}, {model, table});
    expect(variance.every((value) => value > 0)).toBe(true);
    const said = JSON.stringify(fit);
    for (const feature of foreign) expect(said, feature).not.toContain(`"${feature}"`);
  });
});
