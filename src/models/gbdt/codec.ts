// How does a model travel? As XGBoost's own JSON, bit for bit: Python loads ours, and we load Python's.

import {at, elements, number, numbers, type Place, parseJson, refuse, whole, word} from "./checkedJson.ts";
import {losses} from "./loss.ts";
import {type BoostedTrees, LEAF, type LossName, type Tree} from "./tree.ts";

/** A model read from a file, with the names of its features in order; none where the file has none. */
export interface NamedTrees extends BoostedTrees {
  readonly featureNames: readonly string[];
}

const OBJECTIVES: Readonly<Record<string, LossName>> = {"reg:squarederror": "squared", "reg:gamma": "gamma"};
const NO_PARENT = 2 ** 31 - 1; // XGBoost's mark at the root
const MOST_NODES = 2 ** 31 - 1;

/**
 * The model as XGBoost 1.7 saves it; later versions read that too. Numbers have nine significant digits, which
 * name a float32. In XGBoost `predict(output_margin=True)` then equals `predictMarginFloat32` in every bit.
 *
 * An offset is not part of the model: pass XGBoost no `base_margin` (it would replace the base score) and add the
 * offset to its margins.
 *
 * @param options.featureNames one a feature; stored where given
 * @throws {RangeError} if there are names, but not one a feature
 */
export function encodeXgboostJson(
  model: BoostedTrees,
  {featureNames = []}: {featureNames?: readonly string[]} = {},
): string {
  const {width, loss, baseScore, trees} = model;
  if (featureNames.length !== 0 && featureNames.length !== width)
    throw new RangeError(
      `Cannot encode the model: featureNames must be ${width} names, current value is ${featureNames.length}`,
    );
  return object({
    learner: object({
      attributes: "{}",
      feature_names: JSON.stringify(featureNames),
      feature_types: JSON.stringify(featureNames.map(() => "float")),
      gradient_booster: object({
        model: object({
          gbtree_model_param: JSON.stringify({
            num_parallel_tree: "1",
            num_trees: String(trees.length),
            size_leaf_vector: "0",
          }),
          tree_info: JSON.stringify(trees.map(() => 0)),
          trees: `[${trees.map((tree, id) => encodeTree(tree, {id, width})).join(",")}]`,
        }),
        name: '"gbtree"',
      }),
      learner_model_param: JSON.stringify({
        base_score: baseScore.toExponential(8), // more than 9 digits, even idle ones, and XGBoost takes 0.5 instead
        boost_from_average: "0",
        num_class: "0",
        num_feature: String(width),
        num_target: "1",
      }),
      objective: JSON.stringify({name: losses[loss].objective, reg_loss_param: {scale_pos_weight: "1"}}),
    }),
    version: "[1,7,4]",
  });
}

/**
 * A model of float features from XGBoost's JSON (`save_model("x.json")`): booster gbtree, objective
 * reg:squarederror or reg:gamma, one output. All trees are read, whatever `best_iteration` says.
 *
 * @throws {SyntaxError} naming the place that is malformed, or that this project cannot represent
 */
export function decodeXgboostJson(text: string): NamedTrees {
  const learner = at(parseJson(text), "learner");
  const parameters = at(learner, "learner_model_param");
  word(at(learner, "gradient_booster", "name"), ["gbtree"]);
  const objective = word(at(learner, "objective", "name"), Object.keys(OBJECTIVES));
  const loss = OBJECTIVES[objective]!;
  const width = whole(at(parameters, "num_feature"), [1, MOST_NODES]);
  whole(at(parameters, "num_class"), [0, 0]);
  if (at(parameters, "num_target").value !== undefined) whole(at(parameters, "num_target"), [1, 1]);
  const score = at(parameters, "base_score");
  const baseScore = Math.fround(number(score));
  if (loss === "gamma" && !(baseScore > 0)) refuse(score, "above 0 for reg:gamma");
  const trees = elements(at(learner, "gradient_booster", "model", "trees")).map((tree) =>
    decodeTree(tree, width),
  );
  return {loss, width, baseScore, trees, featureNames: decodeNames(at(learner, "feature_names"), width)};
}

function encodeTree(tree: Tree, {id, width}: {id: number; width: number}): string {
  const nodes = tree.feature.length;
  const isLeaf = (node: number) => tree.feature[node] === LEAF;
  const parents = new Int32Array(nodes).fill(NO_PARENT);
  for (let node = 0; node < nodes; node++) {
    if (isLeaf(node)) continue;
    parents[tree.left[node]!] = node;
    parents[tree.right[node]!] = node;
  }
  const zeros = new Uint8Array(nodes);
  return object({
    base_weights: floats(tree.value),
    categories: "[]",
    categories_nodes: "[]",
    categories_segments: "[]",
    categories_sizes: "[]",
    default_left: integers(tree.defaultLeft),
    id: String(id),
    left_children: integers(tree.left),
    loss_changes: floats(tree.gain),
    parents: integers(parents),
    right_children: integers(tree.right),
    split_conditions: floats(tree.threshold.map((cut, node) => (isLeaf(node) ? tree.value[node]! : cut))),
    split_indices: integers(tree.feature.map((feature) => Math.max(feature, 0))),
    split_type: integers(zeros),
    sum_hessian: floats(tree.cover),
    tree_param: JSON.stringify({
      num_deleted: "0",
      num_feature: String(width),
      num_nodes: String(nodes),
      size_leaf_vector: "0",
    }),
  });
}

function decodeTree(place: Place, width: number): Tree {
  const size = elements(at(place, "left_children")).length;
  if (size === 0) refuse(at(place, "left_children"), "a list of 1 node or more");
  const read = (key: string) => numbers(at(place, key), size);
  const [left, right, split, condition] = [
    read("left_children"),
    read("right_children"),
    read("split_indices"),
    read("split_conditions"),
  ];
  const [defaultLeft, cover, gain] = [read("default_left"), read("sum_hessian"), read("loss_changes")];
  const types = at(place, "split_type");
  if (types.value !== undefined && numbers(types, size).some((type) => type !== 0))
    refuse(types, "all 0: categorical splits are not supported");

  const order = reachableNodes(place, left, right);
  const newId = new Map(order.map((node, id) => [node, id]));
  const isLeaf = (node: number) => left[node] === -1;
  for (const node of order) {
    if (isLeaf(node)) continue;
    whole({value: split[node], path: `${place.path}.split_indices[${node}]`}, [0, width - 1]);
    if (!(cover[node]! > 0))
      refuse({value: cover[node], path: `${place.path}.sum_hessian[${node}]`}, "above 0");
  }
  return {
    feature: Int32Array.from(order, (node) => (isLeaf(node) ? LEAF : split[node]!)),
    threshold: Float32Array.from(order, (node) => (isLeaf(node) ? 0 : condition[node]!)),
    left: Int32Array.from(order, (node) => newId.get(left[node]!) ?? LEAF),
    right: Int32Array.from(order, (node) => newId.get(right[node]!) ?? LEAF),
    defaultLeft: Uint8Array.from(order, (node) => (isLeaf(node) ? 0 : defaultLeft[node]!)),
    value: Float32Array.from(order, (node) => (isLeaf(node) ? condition[node]! : 0)),
    cover: Float32Array.from(order, (node) => cover[node]!),
    gain: Float32Array.from(order, (node) => (isLeaf(node) ? 0 : gain[node]!)),
  };
}

/** The nodes under the root, increasing: XGBoost leaves those that it pruned in the lists. */
function reachableNodes(place: Place, left: readonly number[], right: readonly number[]): number[] {
  const isReached = new Uint8Array(left.length);
  const open = [0];
  isReached[0] = 1;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (left[node] === -1 && right[node] === -1) continue;
    for (const [key, children] of [["left_children", left] as const, ["right_children", right] as const]) {
      const child = {value: children[node], path: `${place.path}.${key}[${node}]`};
      const id = whole(child, [1, left.length - 1]);
      if (isReached[id] === 1) refuse(child, "a node with no other parent");
      isReached[id] = 1;
      open.push(id);
    }
  }
  return Array.from(isReached.keys()).filter((node) => isReached[node] === 1);
}

function decodeNames(place: Place, width: number): string[] {
  if (place.value === undefined) return [];
  const names = elements(place).map((name) =>
    typeof name.value === "string" ? name.value : refuse(name, "a name"),
  );
  return names.length === 0 || names.length === width
    ? names
    : refuse(place, `a list of ${width} names or of none`);
}

// XGBoost's reader is typed: an integer literal in a list of floats is refused, so 0 is written 0.0.

function floats(values: Float32Array): string {
  return `[${Array.from(values, (value) => {
    const text = decimal(value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }).join(",")}]`;
}

function integers(values: ArrayLike<number>): string {
  return `[${Array.from(values).join(",")}]`;
}

/** A float32 by its nine significant digits, without idle zeros. */
function decimal(value: number): string {
  return String(Number(value.toPrecision(9)));
}

function object(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([key, json]) => `${JSON.stringify(key)}:${json}`)
    .join(",")}}`;
}
