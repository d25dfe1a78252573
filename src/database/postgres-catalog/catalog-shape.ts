/**
 * What makes a fresh PostgreSQL 18 catalogue look like the catalogue of this server, which calls itself
 * PostgreSQL 15. Built-in functions and relations that must answer differently are renamed to `__name`, and
 * ones of the old name take their place: so qualified and unqualified calls find ours, and no client's text
 * needs rewriting. Functions of a session read its settings from the custom setting `augur.settings`, a JSON
 * object.
 */

/** What version() says; clients parse the number. */
const SERVER_VERSION_TEXT = 'PostgreSQL 15.0 (Augur 0.1.0) on wasm32, compiled by emcc, 32-bit';

/** Steals a built-in function's name. */
function renameFunction(name: string, argumentTypes: string): string {
  return `UPDATE pg_catalog.pg_proc SET proname = '__${name}'
    WHERE oid = 'pg_catalog.${name}(${argumentTypes})'::regprocedure`;
}

/** Steals a built-in relation's name, and its row type's. */
function renameRelation(name: string): string {
  return `UPDATE pg_catalog.pg_type SET typname = '__${name}' WHERE typrelid = 'pg_catalog.${name}'::regclass;
    UPDATE pg_catalog.pg_class SET relname = '__${name}' WHERE oid = 'pg_catalog.${name}'::regclass`;
}

const ownSettings = `coalesce(pg_catalog.__current_setting('augur.settings', true), '{}')`;
const ownSetting = `${ownSettings}::json ->> lower(name)`;

/** The statements, to run in order as the bootstrap superuser. */
export const catalogShape: readonly string[] = [
  'SET allow_system_table_mods = on',
  `UPDATE pg_catalog.pg_authid SET rolname = 'augur' WHERE oid = 10`,

  renameFunction('version', ''),
  `CREATE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN '${SERVER_VERSION_TEXT}'`,

  renameFunction('current_setting', 'text'),
  renameFunction('current_setting', 'text, boolean'),
  `CREATE FUNCTION pg_catalog.current_setting(name text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN coalesce(${ownSetting}, pg_catalog.__current_setting(name))`,
  `CREATE FUNCTION pg_catalog.current_setting(name text, missing_ok boolean)
    RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN coalesce(${ownSetting}, pg_catalog.__current_setting(name, missing_ok))`,

  renameFunction('pg_backend_pid', ''),
  `CREATE FUNCTION pg_catalog.pg_backend_pid() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(pg_catalog.__current_setting('augur.process_id', true), '0')::integer`,

  renameRelation('pg_settings'),
  `CREATE VIEW pg_catalog.pg_settings AS
    SELECT name, coalesce(own.setting, s.setting) AS setting, unit, category, short_desc, extra_desc, context,
      vartype, source, min_val, max_val, enumvals, boot_val, coalesce(own.setting, s.reset_val) AS reset_val,
      sourcefile, sourceline, pending_restart
    FROM pg_catalog.__pg_settings s, LATERAL (SELECT ${ownSetting} AS setting) own
    WHERE name NOT LIKE 'augur.%'`,
  'GRANT SELECT ON pg_catalog.pg_settings TO public',

  // Columns that PostgreSQL 15 had and 17 renamed: psql 15 asks for them.
  renameRelation('pg_database'),
  `CREATE VIEW pg_catalog.pg_database AS
    SELECT *, datlocale AS daticulocale FROM pg_catalog.__pg_database`,
  'GRANT SELECT ON pg_catalog.pg_database TO public',
  renameRelation('pg_collation'),
  `CREATE VIEW pg_catalog.pg_collation AS
    SELECT *, colllocale AS colliculocale FROM pg_catalog.__pg_collation`,
  'GRANT SELECT ON pg_catalog.pg_collation TO public',

  // Stands for expressions that only the embedded database can read: pg_get_expr shows their text.
  `CREATE FUNCTION pg_catalog.duckdb_expression(expression text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN expression`,

  'ALTER SCHEMA public OWNER TO augur',
  'CREATE FOREIGN DATA WRAPPER augur',
  'CREATE SERVER models FOREIGN DATA WRAPPER augur',
  'RESET allow_system_table_mods',
];
