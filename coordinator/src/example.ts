// The example that comes with the coordinator, for the demo: what `manyhands demo` submits, merges and draws.
export {
  DEFAULT_REGION,
  dotPlotSvg,
  loadGenome,
  loadPhage,
  mergeHits,
  PHAGE_FILE,
  parseHits,
  planUnits,
  prophageModule,
  type Region,
  type Stretch,
} from '@manyhands/unit-prophage';
