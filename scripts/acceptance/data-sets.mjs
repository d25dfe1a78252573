/** The data sets: how each file becomes a table. `null`: the text that stands for a missing value. */

const adultColumns = `age BIGINT, workclass TEXT, fnlwgt BIGINT, education TEXT, education_num BIGINT, marital_status TEXT,
  occupation TEXT, relationship TEXT, race TEXT, sex TEXT, capital_gain BIGINT, capital_loss BIGINT,
  hours_per_week BIGINT, native_country TEXT, income TEXT`;
const taxiColumns = `vendor_id TEXT, rate_code BIGINT, passenger_count BIGINT, trip_time_in_secs BIGINT,
  trip_distance DOUBLE, payment_type TEXT, fare_amount DOUBLE`;

/** File, columns, and what makes training and test rows of it. */
export const dataSets = [
  { name: 'adult_train', file: 'adult_train.csv', columns: adultColumns },
  { name: 'adult_test', file: 'adult_test.csv', columns: adultColumns },
  {
    name: 'abalone',
    file: 'abalone.csv',
    columns: `type TEXT, longest_shell DOUBLE, diameter DOUBLE, height DOUBLE, whole_weight DOUBLE, shucked_weight DOUBLE,
      viscera_weight DOUBLE, shell_weight DOUBLE, rings BIGINT`,
    isSplit: true,
  },
  {
    name: 'housing',
    file: 'housing.csv',
    columns: `longitude DOUBLE, latitude DOUBLE, housing_median_age DOUBLE, total_rooms DOUBLE, total_bedrooms DOUBLE,
      population DOUBLE, households DOUBLE, median_income DOUBLE, median_house_value DOUBLE, ocean_proximity TEXT`,
    isSplit: true,
  },
  { name: 'taxi_train', file: 'taxi_fare_train.csv', columns: taxiColumns },
  { name: 'taxi_test', file: 'taxi_fare_test.csv', columns: taxiColumns },
  {
    name: 'telco',
    file: 'telco_churn.csv',
    columns: `customer_id TEXT, gender TEXT, senior_citizen BIGINT, partner TEXT, dependents TEXT, tenure BIGINT,
      phone_service TEXT, multiple_lines TEXT, internet_service TEXT, online_security TEXT, online_backup TEXT,
      device_protection TEXT, tech_support TEXT, streaming_tv TEXT, streaming_movies TEXT, contract TEXT,
      paperless_billing TEXT, payment_method TEXT, monthly_charges DOUBLE, total_charges TEXT, churn TEXT`,
    isSplit: true,
    select: `* EXCLUDE (customer_id) REPLACE (TRY_CAST(trim(total_charges) AS DOUBLE) AS total_charges)`,
  },
  {
    name: 'penguins',
    file: 'penguins.csv',
    null: 'NA',
    columns: `species TEXT, island TEXT, bill_length_mm DOUBLE, bill_depth_mm DOUBLE, flipper_length_mm DOUBLE,
      body_mass_g DOUBLE, sex TEXT, year BIGINT`,
    isSplit: true,
    select: '* EXCLUDE (year)',
  },
  { name: 'sms', file: 'sms_spam.csv', columns: 'type TEXT, content TEXT', isSplit: true },
];
