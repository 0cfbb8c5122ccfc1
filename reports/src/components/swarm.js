// How do thousands of explanations become dots, and which feature does another one lean on? Columns in, points out.

const SHAP = " shap";

/** Names of the features of a wide table of explanations, shap_5.parquet, the largest mean |SHAP| first. */
export function explainedFeatures({columns}) {
  return Object.keys(columns)
    .filter((name) => name.endsWith(SHAP))
    .map((name) => ({feature: name.slice(0, -SHAP.length), size: meanAbsolute(columns[name])}))
    .sort((a, b) => b.size - a.size)
    .map(({feature}) => feature);
}

/**
 * A dot a forecast and feature: {feature, date, value, shap, effect, rank, offset}. rank: where the value stands among
 * the feature's values, 0 to 1; offset: how far from the row's middle, -1 to 1, so that dots of one place lie beside one
 * another. Of more than `most` forecasts an even sample is drawn, the last one included.
 */
export function swarmPoints({rows, columns}, {features, most = 400, bins = 90}) {
  const step = Math.max(1, Math.ceil(rows / most));
  const sample = Array.from({length: Math.ceil(rows / step)}, (_, i) => rows - 1 - i * step).reverse();
  const extent = Math.max(
    ...features.map((feature) => Math.max(...sample.map((t) => Math.abs(columns[feature + SHAP][t] || 0)))),
    1e-9,
  );
  return features.flatMap((feature) => {
    const ranks = ranksOf(columns[feature], sample);
    const points = sample.map((t, i) => ({
      feature,
      date: new Date(columns.date[t] * 86_400_000),
      value: columns[feature][t],
      shap: columns[feature + SHAP][t],
      effect: Math.expm1(columns[feature + SHAP][t]),
      rank: ranks[i],
    }));
    const known = points.filter(({shap}) => Number.isFinite(shap));
    const stacks = Map.groupBy(known, ({shap}) => Math.round((shap / extent) * bins));
    const tallest = Math.max(...[...stacks.values()].map((stack) => stack.length), 1);
    for (const stack of stacks.values()) {
      stack.sort((a, b) => a.rank - b.rank);
      stack.forEach((point, i) => {
        point.offset = (2 * i - (stack.length - 1)) / Math.max(tallest, 12);
      });
    }
    return known;
  });
}

/**
 * The feature that another one's contribution depends on most: of forecasts with about the same value of `feature`, whose
 * values go along with what is left of the contribution? Within tenths of the value; as shap's approximate interactions.
 */
export function strongestInteraction(table, feature, features) {
  const known = [...table.columns[feature].keys()].filter(
    (t) => Number.isFinite(table.columns[feature][t]) && Number.isFinite(table.columns[feature + SHAP][t]),
  );
  const sorted = known.sort((a, b) => table.columns[feature][a] - table.columns[feature][b]);
  const groups = Array.from({length: 10}, (_, g) =>
    sorted.slice(Math.floor((g * sorted.length) / 10), Math.floor(((g + 1) * sorted.length) / 10)),
  ).filter((group) => group.length > 2);
  const strength = (other) =>
    groups.reduce(
      (sum, group) =>
        sum +
        Math.abs(
          covariance(
            group.map((t) => table.columns[other][t]),
            group.map((t) => table.columns[feature + SHAP][t]),
          ),
        ),
      0,
    );
  const others = features.filter((other) => other !== feature);
  return others.map((other) => ({other, size: strength(other)})).sort((a, b) => b.size - a.size)[0]?.other;
}

// In units of the first's own spread, so that features of every unit compare; 0 where it does not vary or is unknown.
function covariance(xs, ys) {
  const rows = [...xs.keys()].filter((i) => Number.isFinite(xs[i]) && Number.isFinite(ys[i]));
  const mean = (values) => rows.reduce((sum, i) => sum + values[i], 0) / rows.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const sum = (term) => rows.reduce((total, i) => total + term(i), 0) / rows.length;
  const spread = Math.sqrt(sum((i) => (xs[i] - mx) ** 2));
  return spread > 0 ? sum((i) => (xs[i] - mx) * (ys[i] - my)) / spread : 0;
}

/** Where each of the values at `sample` stands among them, 0 to 1; 0.5 where it is unknown. */
export function ranksOf(values, sample) {
  const known = sample.map((t) => values[t]).filter(Number.isFinite);
  const sorted = Float64Array.from(known).sort();
  const last = Math.max(1, sorted.length - 1);
  const first = new Map();
  const final = new Map();
  sorted.forEach((value, i) => {
    if (!first.has(value)) first.set(value, i);
    final.set(value, i);
  });
  return sample.map((t) => {
    const at = first.get(values[t]);
    return at === undefined ? 0.5 : (at + final.get(values[t])) / 2 / last;
  });
}

function meanAbsolute(values) {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += Math.abs(value);
    count++;
  }
  return count > 0 ? sum / count : 0;
}
