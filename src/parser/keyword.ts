/** Our keywords; all others are the embedded database's business. Upper case throughout. */

/** A set of words from a list of them. */
function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/**
 * Words that cannot be an unquoted name: reserved in both BigQuery and PostgreSQL, so that names end where
 * they should.
 */
const reserved: ReadonlySet<string> = words(`
  ALL AND ANY ARRAY AS ASC BETWEEN CASE CAST COLLATE CREATE CROSS DEFAULT DESC DISTINCT ELSE END EXCEPT
  FALSE FETCH FOR FROM FULL GROUP HAVING IN INNER INTERSECT INTO IS JOIN LATERAL LEFT LIKE LIMIT NATURAL NOT
  NULL ON OR ORDER OUTER QUALIFY RIGHT SELECT SOME TABLESAMPLE THEN TO TRUE UNION UNNEST USING WHEN WHERE
  WINDOW WITH
`);

/** Words that may be a name but that a printed name quotes, because they begin a clause of ours. */
const clauseWords: ReadonlySet<string> = words(`
  IF INPUT MODEL OPTIONS OUTPUT REMOTE SET TABLE TRANSFORM STRUCT
`);

/** Words that begin a query. */
const queryStarts: ReadonlySet<string> = words(`
  SELECT WITH FROM VALUES TABLE PIVOT UNPIVOT DESCRIBE SUMMARIZE SHOW
`);

/** Words that end the list of a FROM clause at the same depth. */
const fromListEnds: ReadonlySet<string> = words(`
  WHERE GROUP HAVING ORDER LIMIT OFFSET FETCH FOR WINDOW QUALIFY UNION INTERSECT EXCEPT SELECT VALUES SET
  RETURNING
`);

/** Aggregate functions of BigQuery, and DuckDB's most common ones beside them. */
const aggregates: ReadonlySet<string> = words(`
  ANY_VALUE APPROX_COUNT_DISTINCT APPROX_QUANTILE APPROX_QUANTILES APPROX_TOP_COUNT APPROX_TOP_SUM ARG_MAX
  ARG_MIN ARRAY_AGG ARRAY_CONCAT_AGG AVG BIT_AND BIT_OR BIT_XOR BOOL_AND BOOL_OR CORR COUNT COUNTIF COUNT_IF
  COVAR_POP COVAR_SAMP GROUPING LOGICAL_AND LOGICAL_OR MAX MAX_BY MEAN MEDIAN MIN MIN_BY MODE QUANTILE_CONT
  QUANTILE_DISC STDDEV STDDEV_POP STDDEV_SAMP STRING_AGG SUM VARIANCE VAR_POP VAR_SAMP
`);

/** Whether the word, called, is an aggregate function. */
export function isAggregate(upperWord: string): boolean {
  return aggregates.has(upperWord);
}

/** Whether an unquoted word cannot be a name. */
export function isReserved(upperWord: string): boolean {
  return reserved.has(upperWord);
}

/** Whether a name that reads like `upperWord` must be quoted when printed. */
export function needsQuotes(upperWord: string): boolean {
  return reserved.has(upperWord) || clauseWords.has(upperWord);
}

/** Whether a query can begin with the word. */
export function startsQuery(upperWord: string): boolean {
  return queryStarts.has(upperWord);
}

/** Whether the word ends a FROM list. */
export function endsFromList(upperWord: string): boolean {
  return fromListEnds.has(upperWord);
}
