import {describe, expect, it} from "vitest";
import {fitBoostedTrees} from "./boost.ts";
import {decodeXgboostJson, encodeXgboostJson} from "./codec.ts";
import type {BoostOptions} from "./options.ts";
import {predictMargin, predictMarginFloat32} from "./predict.ts";
import {simulate} from "./simulated.fixture.ts";
import type {LossName} from "./tree.ts";
import {askXgboost, hasXgboost} from "./xgboost.fixture.ts";

const options: BoostOptions = {
  loss: "squared",
  trees: 40,
  depth: 4,
  learningRate: 0.1,
  minLeafWeight: 5,
  l2: 1,
  rowShare: 0.8,
  columnShare: 0.8,
  seed: 7,
};
const data = simulate(600, {width: 5, seed: 1, missing: 0.1});
const unseen = simulate(400, {width: 5, seed: 2, missing: 0.2}).features;

function train(loss: LossName, changes: Partial<BoostOptions> = {}) {
  const target = loss === "gamma" ? data.positive : data.target;
  return fitBoostedTrees(data.features, target, {...options, loss, ...changes});
}

describe.each(["squared", "gamma"] as const)("XGBoost JSON of a model with %s loss", (loss) => {
  it("decodeXgboostJson() gives back what encodeXgboostJson() was given", () => {
    const model = train(loss);
    expect(decodeXgboostJson(encodeXgboostJson(model))).toEqual({...model, featureNames: []});
  });

  it.skipIf(!hasXgboost)("encodeXgboostJson() is read by XGBoost, which predicts the same bits", () => {
    const model = train(loss);
    const featureNames = ["a", "b", "c", "d", "e"];
    const {margin} = askXgboost({features: unseen, model: encodeXgboostJson(model, {featureNames})});
    expect(margin).toEqual(Array.from(predictMarginFloat32(model, unseen)));
    predictMargin(model, unseen).forEach((exact, i) => {
      expect(Math.abs(exact - margin[i]!)).toBeLessThan(1e-6 * Math.max(1, Math.abs(exact)));
    });
  });

  it.skipIf(!hasXgboost)(
    "decodeXgboostJson() of a model that XGBoost trained and pruned predicts its bits",
    () => {
      const params = {
        objective: loss === "gamma" ? "reg:gamma" : "reg:squarederror",
        max_depth: 5,
        base_score: 0.7,
        gamma: 1.5,
      };
      const target = loss === "gamma" ? data.positive : data.target;
      const answer = askXgboost({features: data.features, target, params, rounds: 30, unseen});
      const model = decodeXgboostJson(answer.model);
      expect(Array.from(predictMarginFloat32(model, unseen))).toEqual(answer.margin);
      expect(decodeXgboostJson(encodeXgboostJson(model))).toEqual(model);
    },
  );

  it.skipIf(!hasXgboost)("a model without trees predicts its base score in XGBoost", () => {
    const model = {...train(loss), trees: []};
    const {margin} = askXgboost({features: unseen, model: encodeXgboostJson(model)});
    expect(margin).toEqual(Array.from(predictMarginFloat32(model, unseen)));
  });
});

it.skipIf(!hasXgboost)("encodeXgboostJson() keeps very large and very small numbers", () => {
  for (const scale of [1e-12, 1e-7, 1e9, 1e22]) {
    const target = data.positive.map((y) => y * scale);
    for (const loss of ["squared", "gamma"] as const) {
      const model = fitBoostedTrees(data.features, target, {...options, loss, l2: 0});
      const {margin} = askXgboost({features: unseen, model: encodeXgboostJson(model)});
      expect(margin).toEqual(Array.from(predictMarginFloat32(model, unseen)));
    }
  }
});

it("encodeXgboostJson() keeps the features' names, one each", () => {
  const model = train("squared");
  const featureNames = ["vix", "rv", "a<b", "d", "e"];
  expect(decodeXgboostJson(encodeXgboostJson(model, {featureNames})).featureNames).toEqual(featureNames);
  expect(() => encodeXgboostJson(model, {featureNames: ["vix"]})).toThrow(
    "Cannot encode the model: featureNames must be 5 names, current value is 1",
  );
});

describe("decodeXgboostJson() refuses", () => {
  // biome-ignore lint/suspicious/noExplicitAny: faults are planted in places that have no type
  type Json = any;
  const faults: [string, (json: Json) => void, string][] = [
    [
      "another booster",
      (json) => (json.learner.gradient_booster.name = "dart"),
      "gradient_booster.name must be gbtree",
    ],
    [
      "another objective",
      (json) => (json.learner.objective.name = "rank:ndcg"),
      "objective.name must be reg:squarederror or reg:gamma",
    ],
    [
      "several classes",
      (json) => (json.learner.learner_model_param.num_class = "3"),
      "num_class must be a whole number from 0 to 0",
    ],
    [
      "a base score that is no number",
      (json) => (json.learner.learner_model_param.base_score = ""),
      "base_score must be a finite number",
    ],
    [
      "no trees",
      (json) => delete json.learner.gradient_booster.model.trees,
      "model.trees must be a list, current value is missing",
    ],
    [
      "a feature it has not",
      (json) => (trees(json)[0].split_indices[0] = 5),
      "trees[0].split_indices[0] must be a whole number from 0 to 4",
    ],
    [
      "lists of other lengths",
      (json) => trees(json)[1].sum_hessian.pop(),
      "trees[1].sum_hessian must be a list of",
    ],
    [
      "a cycle",
      (json) => (trees(json)[0].left_children[2] = 1),
      "trees[0].left_children[2] must be a node with no other parent",
    ],
    [
      "the root as a child",
      (json) => (trees(json)[0].left_children[1] = 0),
      "trees[0].left_children[1] must be a whole number from 1",
    ],
    [
      "one child alone",
      (json) => (trees(json)[0].left_children[0] = -1),
      "trees[0].left_children[0] must be a whole number from 1",
    ],
    [
      "text for a threshold",
      (json) => (trees(json)[0].split_conditions[0] = "0.5"),
      "trees[0].split_conditions[0] must be a finite number",
    ],
    [
      "null for a threshold",
      (json) => (trees(json)[0].split_conditions[0] = null),
      "trees[0].split_conditions[0] must be a finite number",
    ],
    ["categorical splits", (json) => (trees(json)[0].split_type[0] = 1), "trees[0].split_type must be all 0"],
    [
      "a split that no row came by",
      (json) => (trees(json)[0].sum_hessian[0] = 0),
      "trees[0].sum_hessian[0] must be above 0",
    ],
    [
      "names for some features only",
      (json) => (json.learner.feature_names = ["a"]),
      "feature_names must be a list of 5 names",
    ],
  ];
  const text = encodeXgboostJson(train("squared"));
  const trees = (json: Json) => json.learner.gradient_booster.model.trees;

  it.each(faults)("%s", (_, plant, message) => {
    const json: Json = JSON.parse(text);
    plant(json);
    expect(() => decodeXgboostJson(JSON.stringify(json))).toThrow(SyntaxError);
    expect(() => decodeXgboostJson(JSON.stringify(json))).toThrow(message);
  });

  it.each(["", "{", "null", "[]", "42"])("the text %j", (broken) => {
    expect(() => decodeXgboostJson(broken)).toThrow(SyntaxError);
    expect(() => decodeXgboostJson(broken)).toThrow("Cannot read the model: ");
  });

  it("a base score of 0 with gamma loss, whose logarithm is no number", () => {
    const broken = encodeXgboostJson({...train("gamma"), baseScore: 0});
    expect(() => decodeXgboostJson(broken)).toThrow("base_score must be above 0 for reg:gamma");
  });
});
