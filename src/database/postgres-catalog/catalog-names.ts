/** Names by which a statement is known to ask about the catalogue. */

/** Relations of pg_catalog in PostgreSQL 18 that clients name without their schema. */
export const catalogRelations: ReadonlySet<string> = new Set(
  `pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_auth_members pg_authid
  pg_available_extension_versions pg_available_extensions pg_backend_memory_contexts pg_cast pg_class
  pg_collation pg_config pg_constraint pg_conversion pg_cursors pg_database pg_db_role_setting
  pg_default_acl pg_depend pg_description pg_enum pg_event_trigger pg_extension pg_file_settings
  pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_group pg_hba_file_rules
  pg_ident_file_mappings pg_index pg_indexes pg_inherits pg_init_privs pg_language pg_largeobject
  pg_largeobject_metadata pg_locks pg_matviews pg_namespace pg_opclass pg_operator pg_opfamily
  pg_parameter_acl pg_partitioned_table pg_policies pg_policy pg_prepared_statements pg_prepared_xacts
  pg_proc pg_publication pg_publication_namespace pg_publication_rel pg_publication_tables pg_range
  pg_replication_origin pg_replication_origin_status pg_replication_slots pg_rewrite pg_roles pg_rules
  pg_seclabel pg_seclabels pg_sequence pg_sequences pg_settings pg_shadow pg_shdepend pg_shdescription
  pg_shmem_allocations pg_shseclabel pg_stat_activity pg_stat_all_indexes pg_stat_all_tables
  pg_stat_archiver pg_stat_bgwriter pg_stat_checkpointer pg_stat_database pg_stat_database_conflicts
  pg_stat_gssapi pg_stat_io pg_stat_progress_analyze pg_stat_progress_basebackup
  pg_stat_progress_cluster pg_stat_progress_copy pg_stat_progress_create_index pg_stat_progress_vacuum
  pg_stat_recovery_prefetch pg_stat_replication pg_stat_replication_slots pg_stat_slru pg_stat_ssl
  pg_stat_subscription pg_stat_subscription_stats pg_stat_sys_indexes pg_stat_sys_tables
  pg_stat_user_functions pg_stat_user_indexes pg_stat_user_tables pg_stat_wal pg_stat_wal_receiver
  pg_stat_xact_all_tables pg_stat_xact_sys_tables pg_stat_xact_user_functions pg_stat_xact_user_tables
  pg_statio_all_indexes pg_statio_all_sequences pg_statio_all_tables pg_statio_sys_indexes
  pg_statio_sys_sequences pg_statio_sys_tables pg_statio_user_indexes pg_statio_user_sequences
  pg_statio_user_tables pg_statistic pg_statistic_ext pg_statistic_ext_data pg_stats pg_stats_ext
  pg_stats_ext_exprs pg_subscription pg_subscription_rel pg_tables pg_tablespace pg_timezone_abbrevs
  pg_timezone_names pg_transform pg_trigger pg_ts_config pg_ts_config_map pg_ts_dict pg_ts_parser
  pg_ts_template pg_type pg_user pg_user_mapping pg_user_mappings pg_views pg_wait_events`.split(/\s+/),
);

/**
 * Functions that only PostgreSQL answers as its clients expect; a statement without relations goes by them.
 */
const functionPattern = new RegExp(
  `^(?:${[
    'version',
    'current_(?:setting|schemas?|database|catalog|query)',
    '(?:col|obj|shobj)_description',
    'format_type',
    'has_(?:\\w+_)?privilege',
    'inet_(?:server|client)_(?:addr|port)',
    'to_reg(?:class|collation|namespace|oper|operator|proc|procedure|role|type|typemod)',
    'txid_current(?:_if_assigned|_snapshot)?',
    'pg_(?:backend_pid|basetype|blocking_pids|char_to_encoding|client_encoding|collation_for|conf_load_time)',
    'pg_(?:current_(?:snapshot|xact_id(?:_if_assigned)?|wal_\\w+)|describe_object|encoding_\\w+|has_role)',
    'pg_(?:get_\\w+|\\w+_is_visible|identify_object\\w*|index\\w*_has_property|indexes_size|is_in_recovery)',
    'pg_(?:is_other_temp_schema|is_wal_replay_paused|jit_available|last_\\w+|listening_channels)',
    'pg_my_temp_schema',
    'pg_(?:options_to_table|partition_\\w+|postmaster_start_time|relation_\\w+|safe_\\w+)',
    'pg_column_is_updatable',
    'pg_(?:sequence_parameters|show_all_settings|size_bytes|size_pretty|database_size|table_size)',
    'pg_tablespace_\\w+',
    'pg_(?:total_relation_size|trigger_depth|typeof|timezone_\\w+|stat_get_\\w+|wal_lsn_diff|column_size)',
  ].join('|')})$`,
);

/**
 * Functions that act instead of tell, or that would hold up everyone: never answered from the mirror, where
 * they would act on the wrong thing. The engine answers them or refuses them.
 */
const actingPattern = new RegExp(
  `^(?:${[
    'set_config|nextval|setval|currval|lastval|lo_\\w+|loread|lowrite|dblink\\w*|query_to_xml\\w*',
    'pg_(?:sleep\\w*|notify|(?:try_)?advisory\\w*|cancel_backend|terminate_backend)',
    'pg_(?:reload_conf|rotate_logfile)',
    'pg_(?:switch_wal|promote|create_\\w+|drop_\\w+|copy_\\w+|read_\\w+|ls_\\w+|stat_(?:reset\\w*|file))',
    'pg_(?:logical_\\w+|replication_\\w+|import_\\w+|export_\\w+|clear_\\w+|restore_\\w+|log_\\w+)',
    'pg_(?:backup_\\w+|wal_replay_\\w+|stop_\\w+|nextoid)',
  ].join('|')})$`,
);

/**
 * Functions without a table that may stand beside a catalogue function: PostgreSQL and DuckDB agree on them.
 */
const neutralFunctions: ReadonlySet<string> = new Set(
  `abs array_agg array_length array_to_string btrim ceil char_length coalesce concat concat_ws count
  date_part date_trunc floor format generate_series left length lower ltrim max md5 min now
  quote_ident quote_literal regexp_match regexp_matches regexp_replace replace right round row_number
  rtrim split_part starts_with strpos string_agg string_to_array substr substring sum to_char to_json
  trim unnest upper row_to_json json_agg clock_timestamp statement_timestamp transaction_timestamp
  extract timezone position age`.split(/\s+/),
);

/** Types whose casts look a name up in the catalogue. */
export const lookupTypes: ReadonlySet<string> = new Set(
  `regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole
  regtype`.split(/\s+/),
);

/** How a function called by name bears on where its statement goes. */
export function functionRole(name: string): 'catalog' | 'acting' | 'neutral' | 'unknown' {
  if (actingPattern.test(name)) return 'acting';
  if (functionPattern.test(name)) return 'catalog';
  return neutralFunctions.has(name) ? 'neutral' : 'unknown';
}

/** Text without any of these cannot be a catalogue statement; with one, it is parsed to find out. */
export const catalogHint: RegExp = new RegExp(
  [
    '\\bpg_|information_schema|\\bversion\\s*\\(|session_user|\\buser\\b|\\bto_reg|format_type|\\btxid_',
    'current_(?:setting|schema|database|catalog|query|user|role)|\\binet_(?:server|client)',
    '\\breg(?:class|collation|config|dictionary|namespace|oper|proc|role|type)',
    '_description\\s*\\(|_privilege\\s*\\(',
  ].join('|'),
  'i',
);
