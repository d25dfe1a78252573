/**
 * The published penguin models (BigQuery ML's tutorial and client tests): linear regression of the body mass, k-means.
 * The data is vega-datasets' penguins.json, the variant in which one row's sex is `.`.
 */
import { readFileSync } from 'node:fs';

const address = new URL('../../node_modules/vega-datasets/data/penguins.json', import.meta.url);

const speciesNames = {
  Adelie: 'Adelie Penguin (Pygoscelis adeliae)',
  Chinstrap: 'Chinstrap penguin (Pygoscelis antarctica)',
  Gentoo: 'Gentoo penguin (Pygoscelis papua)',
};

/** Rows (0-based) whose choice as first centroids leads to the published clusters, in their order. */
const firstCentroids = [44, 80, 132];

async function load(sql) {
  await sql.unsafe(`CREATE TABLE penguin (row_index BIGINT, species TEXT, island TEXT, culmen_length_mm DOUBLE,
    culmen_depth_mm DOUBLE, flipper_length_mm DOUBLE, body_mass_g DOUBLE, sex TEXT)`);
  const field = (value) => (value === null ? '' : String(value));
  const lines = JSON.parse(readFileSync(address, 'utf8')).map((row, index) =>
    [
      index,
      speciesNames[row.Species],
      row.Island,
      row['Beak Length (mm)'],
      row['Beak Depth (mm)'],
      row['Flipper Length (mm)'],
      row['Body Mass (g)'],
      row.Sex,
    ]
      .map(field)
      .join(','),
  );
  const target = await sql.unsafe(`COPY penguin FROM STDIN (FORMAT csv)`).writable();
  await new Promise((resolve, reject) => {
    target.on('error', reject).on('finish', resolve);
    target.end(`${lines.join('\n')}\n`);
  });
  await sql.unsafe(`CREATE TABLE penguin_new AS SELECT * FROM (VALUES
    (1633, 'Adelie Penguin (Pygoscelis adeliae)', 'Torgersen', 39.5, 18.8, 196.0, 'MALE'),
    (1672, 'Adelie Penguin (Pygoscelis adeliae)', 'Torgersen', 38.5, 17.2, 181.0, 'FEMALE'),
    (1690, 'Chinstrap penguin (Pygoscelis antarctica)', 'Dream', 37.9, 18.1, 188.0, 'FEMALE'))
    t(tag, species, island, culmen_length_mm, culmen_depth_mm, flipper_length_mm, sex)`);
}

/** A value that must equal the published one to the digits given. */
function digits(name, metric, score, reference, places) {
  const isPassed = Number(Number(score).toFixed(places)) === reference;
  return { name, metric, reference, score, isPassed };
}

/** One model, judged on the rows whose mass is known (342) and on those without any NULL (334). */
async function linear(sql) {
  const columns = 'species, island, culmen_length_mm, culmen_depth_mm, flipper_length_mm, sex, body_mass_g';
  const options = "MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS=['body_mass_g'], DATA_SPLIT_METHOD='NO_SPLIT'";
  const name = 'penguin LINEAR_REG';
  await sql.unsafe(
    `CREATE MODEL penguin_mass OPTIONS (${options}) AS SELECT ${columns} FROM penguin WHERE body_mass_g IS NOT NULL`,
  );
  const published = [
    ['as trained', '', [227.012237, 81838.159892, 0.00507, 173.080816, 0.872377, 0.872377]],
    [
      'complete rows',
      ', (SELECT * FROM penguin WHERE columns(*) IS NOT NULL)',
      [225.817334, 80540.705944, 0.004972, 173.080816, 0.87529, 0.87529],
    ],
  ];
  const names = [
    'mean_absolute_error',
    'mean_squared_error',
    'mean_squared_log_error',
    'median_absolute_error',
    'r2_score',
    'explained_variance',
  ];
  const results = [];
  for (const [title, data, values] of published) {
    const [row] = await sql.unsafe(`SELECT * FROM ML.EVALUATE(MODEL penguin_mass${String(data)})`);
    names.forEach((metric, at) =>
      results.push(digits(`${name}, ${String(title)}`, metric, row[metric], values[at], 6)),
    );
  }
  const rows = await sql.unsafe(
    'SELECT * FROM ML.PREDICT(MODEL penguin_mass, TABLE penguin_new) ORDER BY tag',
  );
  [4030.1, 3280.8, 3177.9].forEach((mass, at) =>
    results.push(
      digits(`${name} prediction`, `row ${rows[at].tag}`, rows[at].predicted_body_mass_g, mass, 1),
    ),
  );
  return results;
}

/** The published distances to centroid 1 were taken from a centroid rounded differently: they agree to 1.2e-5. */
function distance(name, metric, score, reference) {
  return { name, metric, reference, score, isPassed: Math.abs(score - reference) < 1.2e-5 };
}

async function clusters(sql) {
  const name = 'penguin KMEANS';
  await sql.unsafe(`CREATE MODEL penguin_cluster OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=3, KMEANS_INIT_METHOD='CUSTOM',
    KMEANS_INIT_COL='is_first') AS SELECT culmen_length_mm, culmen_depth_mm, flipper_length_mm, sex,
    row_index IN (${firstCentroids.join(', ')}) AS is_first FROM penguin ORDER BY row_index`);
  const results = [];
  const centroids = await sql.unsafe('SELECT * FROM ML.CENTROIDS(MODEL penguin_cluster)');
  const published = {
    culmen_length_mm: [47.509677, 38.207813, 47.036346],
    culmen_depth_mm: [14.993548, 18.03125, 18.834808],
    flipper_length_mm: [217.040323, 187.992188, 197.1612],
  };
  for (const [feature, values] of Object.entries(published)) {
    values.forEach((value, at) => {
      const row = centroids.find(
        (centroid) => Number(centroid.centroid_id) === at + 1 && centroid.feature === feature,
      );
      results.push(digits(name, `centroid ${at + 1} ${feature}`, row.numerical_value, value, 6));
    });
  }
  const shares = [
    { '.': 0.008065, MALE: 0.491935, FEMALE: 0.475806, _null_filler: 0.024194 },
    { MALE: 0.34375, FEMALE: 0.625, _null_filler: 0.03125 },
    { MALE: 0.684783, FEMALE: 0.282609, _null_filler: 0.032609 },
  ];
  shares.forEach((share, at) => {
    const row = centroids.find(
      (centroid) => Number(centroid.centroid_id) === at + 1 && centroid.feature === 'sex',
    );
    const seen = Object.fromEntries(row.categorical_value.map((entry) => [entry.category, entry.value]));
    for (const [category, value] of Object.entries(share))
      results.push(digits(name, `centroid ${at + 1} sex ${category}`, seen[category], value, 6));
  });
  const near = [
    [2.931155, 1.16367, 1.446684],
    [3.325369, 0.828897, 2.331428],
    [3.217927, 0.513962, 2.085182],
  ];
  const rows = await sql.unsafe(
    'SELECT * FROM ML.PREDICT(MODEL penguin_cluster, TABLE penguin_new) ORDER BY tag',
  );
  near.forEach((distances, at) => {
    distances.forEach((value, centroid) => {
      const entry = rows[at].NEAREST_CENTROIDS_DISTANCE.find(
        (item) => Number(item.CENTROID_ID) === centroid + 1,
      );
      results.push(distance(name, `row ${rows[at].tag} to centroid ${centroid + 1}`, entry.DISTANCE, value));
    });
  });
  const judged = `(SELECT * FROM (VALUES (37.5, 18.5, 199.0, 'MALE'), (55.8, 19.8, 207.0, 'MALE'), (39.7, 18.9, 184.0, 'MALE'),
    (43.8, 13.9, 208.0, 'FEMALE')) t(culmen_length_mm, culmen_depth_mm, flipper_length_mm, sex))`;
  const assigned = await sql.unsafe(`SELECT * FROM ML.PREDICT(MODEL penguin_cluster, ${judged})`);
  [2, 3, 2, 1].forEach((centroid, at) =>
    results.push(digits(name, `assignment ${at + 1}`, assigned[at].CENTROID_ID, centroid, 0)),
  );
  const [evaluated] = await sql.unsafe(`SELECT * FROM ML.EVALUATE(MODEL penguin_cluster, ${judged})`);
  results.push(distance(name, 'davies_bouldin_index', evaluated.davies_bouldin_index, 1.523606));
  results.push(distance(name, 'mean_squared_distance', evaluated.mean_squared_distance, 1.965944));
  return results;
}

export async function fixtureChecks(sql) {
  await load(sql);
  return [...(await linear(sql)), ...(await clusters(sql))];
}
