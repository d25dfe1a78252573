-- The server was stopped and started again on the same file: the models are still there.
SHOW MODELS;

SELECT predicted_species, count(*) AS penguins
FROM ML.PREDICT(MODEL penguin_species, TABLE penguins)
GROUP BY predicted_species ORDER BY predicted_species;
