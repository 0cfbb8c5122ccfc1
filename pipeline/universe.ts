// Which symbols does a run take, in which role, and whose days do they trade on?
import type {Config} from "../src/config.ts";
import {selectCatalogue} from "../src/features/catalogue.ts";
import {featuresWith} from "../src/features/companions.ts";
import type {MarketRole} from "../src/market/align.ts";
import {catalogueEntry, modelsWith} from "../src/models/catalogue.ts";
import {type Combination, createCombination} from "../src/models/combination.ts";

export {calendarOf} from "../src/market/tradingCalendar.ts";

type Universe = Config["universe"];

/** The symbols of the series beside the target's, by role; a role without a symbol is absent. */
export function companions({vix, vix3m, bonds, credit}: Universe): Map<MarketRole, string> {
  const roles: [MarketRole, string | null][] = [
    ["vix", vix],
    ["vix3m", vix3m],
    ["tlt", bonds],
    ["hyg", credit],
  ];
  return new Map(roles.flatMap(([role, symbol]) => (symbol === null ? [] : [[role, symbol]])));
}

/** The symbols of the configured universe, the target first. */
export function universeSymbols(universe: Universe): string[] {
  return [...new Set([universe.target, ...companions(universe).values()])];
}

/** The features that models may take: those the flags leave in, of the series there are. */
export function modelFeatures({universe, features}: Pick<Config, "universe" | "features">): string[] {
  const entries = selectCatalogue({enableOptionalCorrelations: features.enable_optional_correlations});
  return featuresWith(companions(universe).keys(), entries).map(({name}) => name);
}

/** The configured models, without those that the universe has no series for: without an implied index there is no `vix`. */
export function configuredModels(config: Pick<Config, "universe" | "features" | "walk_forward">): string[] {
  return modelsWith(new Set(modelFeatures(config)), Object.keys(config.walk_forward.refit_sessions));
}

/**
 * The configured combinations, each of the members that the universe has; one with fewer than two of them is
 * left out.
 */
export function configuredCombinations(
  config: Pick<Config, "universe" | "features" | "walk_forward">,
): Combination[] {
  const known = new Set(configuredModels(config));
  return config.walk_forward.combinations.flatMap(({name, kind, members}) => {
    const present = members.filter((member) => known.has(member));
    if (present.length < 2) return [];
    known.add(name);
    return [createCombination({name, kind, members: present})];
  });
}

/** The names of all forecasts of a session: of the models, then of the combinations. */
export function forecastNames(config: Pick<Config, "universe" | "features" | "walk_forward">): string[] {
  return [...configuredModels(config), ...configuredCombinations(config).map(({name}) => name)];
}

/** @throws {RangeError} if the universe lacks what the champion cannot do without */
export function requireChampion(config: Config): void {
  const {champion, universe, walk_forward} = config;
  if (forecastNames(config).includes(champion)) return;
  const needs =
    champion in walk_forward.refit_sessions
      ? catalogueEntry(champion).needs?.join(", ")
      : "two members or more";
  throw new RangeError(
    `Cannot forecast ${universe.target} with the champion ${champion}: it needs ${needs}, which the universe of the configuration lacks; name the series there, or another champion`,
  );
}
