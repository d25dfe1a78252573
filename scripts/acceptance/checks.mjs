/**
 * What is trained and which score must be reached. `near`: within `tolerance` of the reference on either side. `atLeast`
 * and `atMost`: no worse than the reference by the allowance (0.003 for shares, 1.5 % for errors).
 */
const AREA = 0.001;
const near = (metric, reference, tolerance) => ({
  metric,
  reference,
  low: reference - tolerance,
  high: reference + tolerance,
});
const atLeast = (metric, reference) => ({ metric, reference, low: reference - 0.003, high: Infinity });
const atMostError = (metric, reference) => ({ metric, reference, low: 0, high: reference * 1.015 });
const rootError = (reference) => near('rmse', reference, reference * 0.002);

const boosted = (rounds, rate) =>
  `MAX_ITERATIONS=${rounds}, LEARN_RATE=${rate}, MAX_TREE_DEPTH=6, EARLY_STOP=FALSE`;
const converged = 'MAX_ITERATIONS=300, MIN_REL_PROGRESS=1e-9';
const adult = { label: 'income', train: 'adult_train', test: 'adult_test' };
const taxi = { label: 'fare_amount', train: 'taxi_train', test: 'taxi_test' };
const split = (name, label) => ({ label, train: `${name}_train`, test: `${name}_test` });

export const checks = [
  {
    ...adult,
    type: 'LOGISTIC_REG',
    options: converged,
    expect: [
      near('roc_auc', 0.90575, AREA),
      near('log_loss', 0.32034, 0.002),
      near('accuracy', 0.84942, AREA),
    ],
  },
  {
    ...adult,
    type: 'BOOSTED_TREE_CLASSIFIER',
    options: boosted(100, 0.3),
    expect: [atLeast('roc_auc', 0.92818)],
  },
  {
    ...adult,
    type: 'BOOSTED_TREE_CLASSIFIER',
    options: boosted(300, 0.1),
    expect: [atLeast('roc_auc', 0.93084)],
  },
  {
    ...adult,
    type: 'DECISION_TREE_CLASSIFIER',
    options: 'MAX_TREE_DEPTH=5, MAX_BINS=64',
    expect: [atLeast('roc_auc', 0.88875), atLeast('accuracy', 0.844)],
  },
  {
    ...adult,
    type: 'RANDOM_FOREST_CLASSIFIER',
    options: 'NUM_PARALLEL_TREE=100, MAX_TREE_DEPTH=15',
    expect: [atLeast('roc_auc', 0.91807)],
  },
  {
    ...split('abalone', 'rings'),
    type: 'LINEAR_REG',
    options: '',
    expect: [rootError(2.18759), near('r2_score', 0.56362, 0.002)],
  },
  {
    ...split('abalone', 'rings'),
    type: 'BOOSTED_TREE_REGRESSOR',
    options: boosted(100, 0.1),
    expect: [atMostError('rmse', 2.2052)],
  },
  {
    ...split('housing', 'median_house_value'),
    type: 'LINEAR_REG',
    options: '',
    expect: [rootError(68400.2), near('r2_score', 0.64576, 0.002)],
  },
  {
    ...split('housing', 'median_house_value'),
    type: 'BOOSTED_TREE_REGRESSOR',
    options: boosted(300, 0.1),
    expect: [atMostError('rmse', 47523.6)],
  },
  {
    ...taxi,
    type: 'LINEAR_REG',
    options: '',
    expect: [rootError(6.14254), near('r2_score', 0.67781, 0.002)],
  },
  {
    ...taxi,
    type: 'BOOSTED_TREE_REGRESSOR',
    options: boosted(100, 0.1),
    expect: [atMostError('rmse', 5.58801)],
  },
  {
    ...split('telco', 'churn'),
    type: 'LOGISTIC_REG',
    options: converged,
    expect: [near('roc_auc', 0.83762, AREA), near('log_loss', 0.43061, 0.002)],
  },
  {
    ...split('penguins', 'species'),
    type: 'DECISION_TREE_CLASSIFIER',
    options: 'MAX_TREE_DEPTH=3',
    expect: [atLeast('accuracy', 0.95588)],
  },
  {
    ...split('penguins', 'species'),
    type: 'LOGISTIC_REG',
    options: `${converged}, L2_REG=0.0036`,
    expect: [near('accuracy', 1, AREA)],
  },
];
