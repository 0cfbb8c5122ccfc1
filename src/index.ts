// What can be imported from "volbook"? Everything a notebook needs; docs/library.md has examples.

// Units: days since 1970-01-01, horizons, annualised volatility.

export {
  annualizedVolatility,
  civilFromDays,
  dayOfWeek,
  daysFromCivil,
  type Horizon,
  horizon,
  isoDate,
  SESSIONS_PER_YEAR,
  type SessionDate,
  sessionDate,
} from "./units.ts";

// Frames: equal-length columns of numbers over sessions, missing is NaN.

export {
  column,
  createFrame,
  type Frame,
  lowerBound,
  presentColumns,
  type RowRange,
  sliceFrame,
  toMatrix,
} from "./frame.ts";

// Chance: a seeded generator, always an argument.

export {createRandom, type Random} from "./random.ts";

// Calendar: sessions of the New York Stock Exchange, 1993-2030.

export {
  CALENDAR_FIRST,
  CALENDAR_LAST,
  closeMinutes,
  holidayOn,
  isSession,
  lastSessionOnOrBefore,
  missingSessions,
  nextSessions,
  previousSession,
  sessionsBetween,
} from "./calendar/sessions.ts";

// Lake: open it for reading, ask it in SQL, or take whole tables, frames and bars.

export {barsBySymbol} from "./store/barsBySymbol.ts";
export {type Column, type Contract, ContractError} from "./store/contract.ts";
export {datasets} from "./store/datasets.ts";
export {frameTable, tableFrame} from "./store/frameTable.ts";
export {type Appended, type AppendOptions, type Lake, type LakeOptions, openLake} from "./store/lake.ts";
export {findLake, type LakeFolder, type LakeReader, openLakeFolder} from "./store/lakeFolder.ts";
export {storeAt} from "./store/lakeRoot.ts";
export {localDirectory} from "./store/localDirectory.ts";
export type {FileEntry, Inputs, Manifest, ManifestFile} from "./store/manifest.ts";
export type {ObjectStore, StoredObject} from "./store/objectStore.ts";
export type {ReadOptions} from "./store/parquetReader.ts";
export {query, type SqlRow, type SqlValue} from "./store/query.ts";
export {
  type ColumnType,
  type ColumnValues,
  integers,
  NULL_INTEGER,
  numbers,
  type Table,
  texts,
} from "./store/table.ts";
export {tableRows} from "./store/tableRows.ts";

// Market: bars as columns, the other series as of the target's sessions.

export {alignMarket, MARKET_ROLES, type Market, type MarketRole, truncateMarket} from "./market/align.ts";
export {type Bar, type Bars, listBars, type QuarantinedBar, scaleToAdjusted, toBars} from "./market/bars.ts";
export {type CuratedBars, curate} from "./market/curate.ts";
export {changeFutureBars, FUTURES, type Future} from "./market/futures.ts";
export {type InstrumentKind, instrumentKind} from "./market/instrument.ts";
export {sessionRange} from "./market/sessionRange.ts";
export {isTradingDay, lastFinalDay, type TradingCalendar, tradingCalendar} from "./market/tradingCalendar.ts";

// Sample market: a simulation whose true variance is known.

export {
  SAMPLE_FIRST,
  SAMPLE_SYMBOLS,
  type SampleMarket,
  type SampleOptions,
  simulateMarket,
  type TrueVariance,
} from "./market/sample.ts";

// Features: the catalogue, their computation, one row with other values, and the proof that none looks ahead.

export {
  ANCHOR_FEATURES,
  catalogue as featureCatalogue,
  DOCUMENT_FEATURES,
  RATIO_FEATURES,
  selectCatalogue,
} from "./features/catalogue.ts";
export {companionsOf, featuresWith} from "./features/companions.ts";
export {computeFeatures} from "./features/computeFeatures.ts";
export {deriveRow} from "./features/deriveRow.ts";
export {
  type DerivedFeature,
  type Feature,
  type FeatureUnit,
  isDerived,
  type PrimaryFeature,
} from "./features/feature.ts";
export {type BeyondWindow, findBeyondWindow, findLookAhead, type LookAhead} from "./features/lookAhead.ts";
export {MEANINGS, type Meaning, meaningOf} from "./features/meaning.ts";
export {
  garmanKlass,
  overnightGaps,
  type Prices,
  rangeVariance,
  rogersSatchell,
  yangZhang,
} from "./features/rangeVariance.ts";

// Labels: realized volatility of the sessions after each session.

export {
  computeLabels,
  type LabelName,
  rangeVolatility,
  realizedVolatility,
} from "./labels/realizedVolatility.ts";

// Models: the contract, the catalogue, and what is needed to write another.

export {type CatalogueEntry, catalogueEntry, modelCatalogue, modelsWith} from "./models/catalogue.ts";
export {
  COMBINATION_KINDS,
  type Combination,
  type CombinationKind,
  combinationKinds,
  createCombination,
  type TrackRecord,
} from "./models/combination.ts";
export {fitGammaRegression} from "./models/gammaRegression.ts";
export {fitLinear, type LinearFit} from "./models/linear.ts";
export {forecastLog, type LogFit, logSample} from "./models/logFit.ts";
export {logLinear} from "./models/logHar.ts";
export {
  completeRows,
  type Forecast,
  type ForecastRequest,
  type Model,
  type TrainingSet,
  type TrainingWindow,
} from "./models/model.ts";
export {type Retransformation, retransformation} from "./models/retransformation.ts";

// GARCH: fit, standard errors, forecasts, simulation.

export {filterVariance} from "./models/garch/filterVariance.ts";
export {
  fitGarch,
  type GarchConvergence,
  type GarchFit,
  type GarchOptions,
} from "./models/garch/fitGarch.ts";
export {forecastGarch, type GarchForecast} from "./models/garch/forecastGarch.ts";
export {type SimulatedGarch, type SimulateOptions, simulateGarch} from "./models/garch/simulateGarch.ts";
export {
  type GarchParameter,
  type GarchParameters,
  type GarchSpecification,
  persistence,
} from "./models/garch/specification.ts";
export {
  type GarchStandardErrors,
  garchStandardErrors,
  type ParameterErrors,
} from "./models/garch/standardErrors.ts";

// Boosted trees: fit, predict, and exchange with XGBoost.

export {fitBoostedTrees, outOfBagMargin} from "./models/gbdt/boost.ts";
export {decodeXgboostJson, encodeXgboostJson, type NamedTrees} from "./models/gbdt/codec.ts";
export {type ForestOptions, fitForest} from "./models/gbdt/forest.ts";
export type {BoostOptions, EarlyStopping} from "./models/gbdt/options.ts";
export {predictMargin, predictMarginFloat32} from "./models/gbdt/predict.ts";
export type {BoostedTrees, LossName, Tree} from "./models/gbdt/tree.ts";

// Evaluation: walk-forward folds, losses, tests, the scorecard, intervals, gates.

export {
  type CombinedSeries,
  type CombineOptions,
  combineForecasts,
  type WeightsRefit,
} from "./evaluation/combineForecasts.ts";
export {
  type BoundTracker,
  createBoundTracker,
  type TrackerOptions,
  type WindowBound,
} from "./evaluation/conformal/boundTracker.ts";
export {
  conformalIntervals,
  INTERVAL_METHODS,
  type Interval,
  type IntervalMethod,
  type IntervalOptions,
} from "./evaluation/conformal/conformalIntervals.ts";
export {
  type Coverage,
  type CoverageOptions,
  coverageOf,
  WORST_WINDOW,
} from "./evaluation/conformal/coverage.ts";
export {type DieboldMariano, dieboldMariano} from "./evaluation/dieboldMariano.ts";
export {evaluateForecasts} from "./evaluation/evaluateForecasts.ts";
export type {
  CalibrationRow,
  Evaluation,
  FluctuationRow,
  ModelTestRow,
  ReliabilityRow,
  SuperiorAbilityRow,
} from "./evaluation/evaluationRows.ts";
export {type Fluctuation, fluctuationTest, type WindowShare} from "./evaluation/fluctuation.ts";
export {
  type Fold,
  type FoldOptions,
  lastTrainingReturn,
  leakingFolds,
  planFolds,
} from "./evaluation/folds.ts";
export {GATE_NAMES, type GateName} from "./evaluation/gateNames.ts";
export {evaluateGates, type Gate, type GateOptions, stoppingGates} from "./evaluation/gates.ts";
export {absoluteErrorPct, qlike, squaredErrorPct} from "./evaluation/losses.ts";
export {joinLabels} from "./evaluation/marketTable.ts";
export {type MincerZarnowitz, mincerZarnowitz} from "./evaluation/mincerZarnowitz.ts";
export {
  type ConfidenceSetOptions,
  type ConfidenceSetStatistic,
  confidenceSetOf,
  modelConfidenceSet,
} from "./evaluation/modelConfidenceSet.ts";
export {type FitGrid, planUniverses, type Universe} from "./evaluation/multiverse.ts";
export {type MultiverseCell, scoreUniverse, type UniverseTask} from "./evaluation/multiverseCells.ts";
export {LOSSES, PROXIES, RETRANSFORMATIONS} from "./evaluation/multiverseChoices.ts";
export {type MultiverseClaim, multiverseClaims} from "./evaluation/multiverseClaims.ts";
export {type OracleRow, oracleRows} from "./evaluation/oracle.ts";
export {type Period, planPeriods} from "./evaluation/periods.ts";
export {type ProxyColumns, rangeOutcomes} from "./evaluation/proxyOutcomes.ts";
export {planRegimes} from "./evaluation/regimes.ts";
export {type ReliabilityGroup, reliability} from "./evaluation/reliability.ts";
export {
  type RescoreChoices,
  type RescoredRow,
  rescoreForecasts,
  type ScoreLoss,
} from "./evaluation/rescore.ts";
export {type LeaderboardRow, scorecard} from "./evaluation/scorecard.ts";
export type {ScoredForecasts} from "./evaluation/scoredForecasts.ts";
export {
  type BootstrapOptions,
  percentileInterval,
  type ResampledMeans,
  resampleMeans,
} from "./evaluation/stationaryBootstrap.ts";
export {type SuperiorAbility, superiorAbility, superiorAbilityOf} from "./evaluation/superiorAbility.ts";
export {
  type FoldForecast,
  type FoldTask,
  type ForecastSeries,
  forecastFold,
  forecastFromFit,
  joinForecasts,
  type MarketTable,
  planWalkForward,
} from "./evaluation/walkForward.ts";

// Proof: what is the same whatever the later bars are, of any chain from bars to forecasts.

export {
  type Baseline,
  type Change,
  type Derivation,
  deriveBaseline,
  type MarketBars,
} from "./proof/derivation.ts";
export {type Evidence, isCleared, mergeEvidence, type Violation} from "./proof/evidence.ts";
export {changeTable, type ForecastFold, forecastOnce, proveForecast} from "./proof/forecasts.ts";
export {proveFuture} from "./proof/future.ts";
export {proveLabelWindow} from "./proof/labelWindow.ts";

// Laboratory: a lake as of a day, one's own features and models walked forward and ranked, charts in a cell, receipts.

export {addFeature, type OwnFeature} from "./lab/addFeature.ts";
export {decodeArrow, encodeArrow} from "./lab/arrowFrame.ts";
export {
  type Charts,
  type DatedForecast,
  type Drawn,
  type FigureWords,
  type LossSeries,
  loadCharts,
  type ModelRoles,
  type SiteCharts,
} from "./lab/charts.ts";
export {type CheckedCsv, type CsvRequest, readCsvBars} from "./lab/csvBars.ts";
export {cumulativeLosses} from "./lab/cumulativeLosses.ts";
export {explainWalkForward} from "./lab/explainWalkForward.ts";
export {type FrameRow, frameRows, rowsFrame} from "./lab/frameRows.ts";
export {createLabTable, type LabTable, type LabTableOptions, readLabTable} from "./lab/labTable.ts";
export {type AsOfOptions, lakeAsOf} from "./lab/lakeAsOf.ts";
export {readFits, type StoredFit} from "./lab/lakeFits.ts";
export {type ForecastColumns, readScored} from "./lab/lakeForecasts.ts";
export {attributeWalk, importanceOf} from "./lab/ownAttribution.ts";
export {joinOwn, type RankedRow, type RankOptions, rankForecasts, scoreOwn} from "./lab/rankForecasts.ts";
export {compareReceipts, type Receipt, type ReceiptOptions} from "./lab/receipt.ts";
export {readResult, type SavedResult, saveResult} from "./lab/saveResult.ts";
export {type TableWords, tableHtml} from "./lab/tableHtml.ts";
export {
  type StopSignal,
  type WalkForward,
  type WalkOptions,
  type WalkProgress,
  walkForward,
} from "./lab/walkForward.ts";
export {type WalkPlan, walkOptions} from "./lab/walkOptions.ts";

// Explanations: exact Shapley values of trees, contributions to a forecast, importance, the steps between two
// forecasts, which features earned the gain.

export {type Bar as BridgeBar, bridgeForecast, NEW_FIT, type Parts} from "./explain/bridge.ts";
export {type Explanation, explainForecast} from "./explain/explainForecast.ts";
export {gainImportance, meanAbsoluteShap} from "./explain/importance.ts";
export {
  absenceLevels,
  type GroupedForecasts,
  groupContributions,
  type LossAnatomy,
  lossAnatomy,
} from "./explain/lossAnatomy.ts";
export {type ShapInteractions, shapInteractions} from "./explain/shapInteractions.ts";
export {shapleyValues} from "./explain/shapley.ts";
export {type Shap, treeShap} from "./explain/treeShap.ts";

// Registry: trained models as files.

export {
  type Artifact,
  type ArtifactExample,
  type ArtifactManifest,
  artifactName,
  readArtifact,
} from "./registry/artifact.ts";
export {type HistoryRecord, type ModelHistory, readHistory} from "./registry/history.ts";
export {type LedgerRecord, readLedger} from "./registry/ledger.ts";
export {verifyLedger} from "./registry/ledgerTable.ts";

// Words: a forecast taken apart, and how features, days and fractions are said in a sentence.

export {
  type Attribution,
  attribute,
  type Contribution,
  explainedSessions,
  type Importance,
  importance,
  type YearlyImportance,
} from "./report/attribution.ts";
export {featureWords} from "./report/featureWords.ts";
export {longDate, percent, signedPercent} from "./report/words.ts";

// Elementary statistics: matrices, least squares, rolling windows, log returns.

export {longRunVariance, neweyWestCovariance, overlapLag} from "./math/hac.ts";
export {type LeastSquaresFit, leastSquares} from "./math/leastSquares.ts";
export {logReturns} from "./math/logReturns.ts";
export {createMatrix, type Matrix} from "./math/matrix.ts";
export {
  rollingCorrelation,
  rollingMax,
  rollingMean,
  rollingSum,
  rollingVariance,
} from "./math/rolling.ts";
