-- Real data: 344 penguins of three species (Palmer Archipelago), from the vega-datasets package.
CREATE TABLE penguins AS
SELECT "Species" AS species, "Island" AS island, "Beak Length (mm)" AS culmen_length_mm, "Beak Depth (mm)" AS culmen_depth_mm,
       "Flipper Length (mm)" AS flipper_length_mm, "Body Mass (g)" AS body_mass_g, "Sex" AS sex
FROM read_json('node_modules/vega-datasets/data/penguins.json');

-- Which species is it? A multinomial logistic regression; one row in five is kept back to judge it.
CREATE MODEL penguin_species
OPTIONS (MODEL_TYPE='LOGISTIC_REG', INPUT_LABEL_COLS=['species'], DATA_SPLIT_METHOD='RANDOM', DATA_SPLIT_EVAL_FRACTION=0.2)
AS SELECT * FROM penguins;

SELECT * FROM ML.EVALUATE(MODEL penguin_species);

SELECT * FROM ML.CONFUSION_MATRIX(MODEL penguin_species, TABLE penguins);

-- Three penguins nobody has seen, one of them not measured in full.
SELECT predicted_species, predicted_species_probs, culmen_length_mm, flipper_length_mm
FROM ML.PREDICT(MODEL penguin_species, (
  SELECT * FROM (VALUES
    ('Torgersen', 39.5, 18.8, 196, 3750, 'MALE'),
    ('Dream',     49.0, 19.5, 210, 3950, NULL),
    ('Biscoe',    NULL, 14.2, 217, 5100, 'FEMALE')
  ) AS fresh(island, culmen_length_mm, culmen_depth_mm, flipper_length_mm, body_mass_g, sex)));

-- How heavy is it? Boosted trees, and what they look at.
CREATE MODEL penguin_mass
OPTIONS (MODEL_TYPE='BOOSTED_TREE_REGRESSOR', INPUT_LABEL_COLS=['body_mass_g'])
AS SELECT * FROM penguins WHERE body_mass_g IS NOT NULL;

SELECT round(mean_absolute_error, 1) AS mean_absolute_error, round(r2_score, 4) AS r2_score
FROM ML.EVALUATE(MODEL penguin_mass, (SELECT * FROM penguins WHERE body_mass_g IS NOT NULL));

SELECT feature, importance_weight, round(importance_gain) AS importance_gain
FROM ML.FEATURE_IMPORTANCE(MODEL penguin_mass) ORDER BY importance_gain DESC;

-- Models obey transactions: this replacement never happened.
BEGIN;
CREATE OR REPLACE MODEL penguin_species
OPTIONS (MODEL_TYPE='DECISION_TREE_CLASSIFIER', INPUT_LABEL_COLS=['species'], MAX_TREE_DEPTH=1)
AS SELECT * FROM penguins;
SELECT model_name, model_type, version FROM augur.models ORDER BY model_name;
ROLLBACK;
SELECT model_name, model_type, version FROM augur.models ORDER BY model_name;
