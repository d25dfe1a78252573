/**
 * What is asked of the engine: for each work the peers, the bounds of the ratio ours / fastest peer, and
 * the measure of quality that must be the same. `core` is from arrays in memory to a model (or to
 * predictions), `sql` from a table to a committed model (or table); a figure that is not there is not asked
 * for, and one without a bound is shown beside the peer's and has no goal.
 */

/** Threads of every contender. */
export const THREADS = 2;

/** A peer this many times slower than the fastest one in the first round sits out the others. */
export const SIT_OUT_FACTOR = 4;

/** A peer is stopped after so many times what the fastest one took, and no sooner than after so many seconds. */
export const STOP_FACTOR = 4;
export const STOP_SECONDS = 60;

export const goals = [
  {
    work: 'boosted',
    title: 'boosted trees, 28 features, 100 × depth 6, 256 bins',
    peers: ['xgboost', 'lightgbm', 'catboost', 'sklearn'],
    bounds: { core: 0.5, sql: 0.6 },
    quality: 'auc',
  },
  {
    work: 'forest',
    title: 'random forest, 28 features, 100 × depth 10',
    peers: ['xgboost', 'lightgbm', 'sklearn'],
    bounds: { core: 0.5, sql: 0.6 },
    quality: 'auc',
  },
  {
    work: 'logistic',
    title: 'logistic regression, 28 features, to the same log loss (1e-6)',
    peers: ['sklearn'],
    bounds: { core: 0.25, sql: 0.4 },
    quality: 'logLoss',
  },
  {
    work: 'linear',
    title: 'linear regression, 28 features',
    peers: ['sklearn'],
    bounds: { core: 0.75, sql: 0.5 },
    quality: 'rmse',
  },
  {
    work: 'kmeans',
    title: 'k-means, 28 features, k = 10, same initial centroids, 20 iterations',
    peers: ['sklearn'],
    bounds: { core: 0.4, sql: 0.5 },
    quality: 'inertia',
  },
  {
    work: 'score-trees',
    title: 'scoring, 28 features, 100 trees',
    peers: ['xgboost', 'lightgbm', 'catboost', 'sklearn'],
    bounds: { core: 0.5, sql: 0.7 },
    quality: 'auc',
  },
  {
    work: 'score-linear',
    title: 'scoring, 28 features, linear',
    peers: ['sklearn'],
    bounds: { core: 1, sql: 0.5 },
    quality: 'rmse',
  },
  {
    work: 'single-row',
    title: 'one row, prepared ML.PREDICT on one connection, against predict in process',
    peers: ['xgboost'],
    bounds: { sql: 1 },
    quality: undefined,
  },
  {
    work: 'mixed',
    title: 'boosted trees, 10 numbers and 6 categoricals of up to 10,000 levels',
    peers: ['lightgbm', 'catboost'],
    bounds: { core: 0.7, sql: 0.8 },
    quality: 'auc',
  },
  {
    work: 'text',
    title: 'logistic regression on the words of texts, to the same log loss (1e-6)',
    peers: ['sklearn'],
    bounds: { core: undefined, sql: undefined },
    quality: 'logLoss',
  },
  { work: 'result', title: 'result of 10 columns to the client', peers: ['postgres'], bounds: { sql: 1 } },
  {
    work: 'result-psql',
    title: 'result of 10 columns to psql',
    peers: ['postgres'],
    bounds: { sql: 1 },
  },
  {
    work: 'result-pg',
    title: 'result of 10 columns to the driver pg',
    peers: ['postgres'],
    bounds: { sql: 1 },
  },
  { work: 'copy-in', title: 'COPY FROM STDIN, 10 columns', peers: ['postgres'], bounds: { sql: 1 } },
  { work: 'copy-out', title: 'COPY TO STDOUT, 10 columns', peers: ['postgres'], bounds: { sql: 1 } },
  {
    work: 'point',
    title: 'one row by its key, prepared, by pgbench with one client',
    peers: ['postgres'],
    bounds: { sql: undefined },
  },
  {
    work: 'memory',
    title: 'peak memory of training, boosted trees, 28 features (core: beyond the idle process)',
    peers: ['xgboost'],
    bounds: { core: 0.8, sql: 1 },
    quality: undefined,
    unit: 'bytes',
  },
];

export const workNames = goals.map((goal) => goal.work);

/** What growth is measured of. */
export const seriesNames = ['rows', 'features', 'categories', 'trees', 'workers', 'clients'];

/**
 * Whether a quality of ours is as good as a peer's; the bounds under which ratios of times mean something.
 */
export const sameQuality = {
  auc: (ours, peer) => ours >= peer - 0.001,
  rmse: (ours, peer) => ours <= peer * 1.005,
  logLoss: (ours, peer) => Math.abs(ours - peer) <= 1e-4,
  inertia: (ours, peer) => ours <= peer * (1 + 1e-6),
};
