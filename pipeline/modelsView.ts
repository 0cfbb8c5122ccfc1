// What do the cards of the models say? The catalogue, the configuration, and what the lake holds of each.
import type {LeaderboardRow} from "../src/evaluation/scorecard.ts";
import {modelCatalogue} from "../src/models/catalogue.ts";
import {combinationKinds} from "../src/models/combination.ts";
import type {ArtifactManifest} from "../src/registry/artifact.ts";
import {
  type FittedSpan,
  type ModelCards,
  type ModelIdentity,
  modelCards,
  type ServedModel,
} from "../src/report/modelCards.ts";
import {integers, type Table, texts} from "../src/store/table.ts";
import {tableRows} from "../src/store/tableRows.ts";
import {isoDate} from "../src/units.ts";
import type {RunContext} from "./stage.ts";
import {configuredModels} from "./universe.ts";

/**
 * The cards of all configured models and combinations.
 *
 * @param manifests the served models' manifest.json, as published
 */
export function modelsView(
  {config}: Pick<RunContext, "config">,
  {
    leaderboard,
    walkforward,
    manifests,
  }: {readonly leaderboard: Table; readonly walkforward: Table; readonly manifests: readonly Uint8Array[]},
): ModelCards {
  return modelCards(identities(config), {
    leaderboard: tableRows(leaderboard) as unknown as LeaderboardRow[],
    spans: spansOf(walkforward),
    served: manifests.map(servedModel),
    champion: config.champion,
  });
}

function identities(config: RunContext["config"]): ModelIdentity[] {
  const configured = new Set(configuredModels(config));
  const models = modelCatalogue.flatMap(({model, title, equation, source, refitEvery, window}) =>
    configured.has(model.name)
      ? [
          {
            name: model.name,
            title,
            equation,
            source,
            members: [],
            features: model.features,
            refitEvery: config.walk_forward.refit_sessions[model.name] ?? refitEvery,
            window: window === "expanding" ? window : `last ${window.sessions} sessions`,
          },
        ]
      : [],
  );
  const combinations = config.walk_forward.combinations.map(({name, kind, members}) => ({
    name,
    title: combinationKinds[kind].title,
    equation: combinationKinds[kind].equation,
    source: combinationKinds[kind].source,
    kind,
    members,
    features: [],
    refitEvery: null,
    window: "expanding",
  }));
  return [...models, ...combinations];
}

// trained_through is a fit's date: as many fits as there are of them at five sessions.
function spansOf(walkforward: Table): Map<string, FittedSpan> {
  const models = texts(walkforward, "model");
  const [dates, horizons] = [integers(walkforward, "date"), integers(walkforward, "horizon")];
  const trained = integers(walkforward, "trained_through");
  const found = new Map<string, {first: number; last: number; trained: Set<number>}>();
  for (let row = 0; row < walkforward.rows; row++) {
    if (horizons[row] !== 5) continue;
    const name = models[row]!;
    const span = found.get(name) ?? {first: dates[row]!, last: dates[row]!, trained: new Set<number>()};
    found.set(name, span);
    span.first = Math.min(span.first, dates[row]!);
    span.last = Math.max(span.last, dates[row]!);
    span.trained.add(trained[row]!);
  }
  return new Map(
    [...found].map(([name, {first, last, trained: fits}]) => [
      name,
      {
        fits: fits.size,
        firstForecast: isoDate(first),
        lastForecast: isoDate(last),
        trainedThrough: isoDate(Math.max(...fits)),
      },
    ]),
  );
}

function servedModel(bytes: Uint8Array): ServedModel {
  const manifest = JSON.parse(new TextDecoder().decode(bytes)) as ArtifactManifest;
  const {horizon, name, version, trained_from, trained_through, features, feature_order, anchor, hashes} =
    manifest;
  const trees = feature_order.join() !== anchor?.features.join();
  return {horizon, name, version, trained_from, trained_through, features, trees, sha256: hashes.model};
}
