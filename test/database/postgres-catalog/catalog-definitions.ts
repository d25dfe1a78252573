/** The database that the catalogue tests mirror. */
import { Types, listOf } from '../../../src/core/index.ts';
import type { SnapshotModel } from '../../../src/database/postgres-catalog/catalog-snapshot.ts';

/** Statements that make it, separated by semicolons. */
export const definitions = `
  CREATE SCHEMA IF NOT EXISTS public;
  CREATE SCHEMA IF NOT EXISTS augur;
  CREATE SCHEMA "Üb er";
  CREATE SEQUENCE public.order_ids;
  CREATE TABLE public.customers (
    id INTEGER PRIMARY KEY, "Full Name" VARCHAR NOT NULL DEFAULT 'x''y',
    balance DECIMAL(10,2) CHECK (balance >= 0),
    tags VARCHAR[] DEFAULT ['a'], address STRUCT(street VARCHAR, zip INTEGER), size ENUM('s', 'm'),
    total HUGEINT,
    seen TIMESTAMPTZ, UNIQUE ("Full Name", balance));
  CREATE TABLE public.orders (
    id BIGINT DEFAULT nextval('public.order_ids'), customer_id INTEGER REFERENCES public.customers (id),
    amount DOUBLE);
  CREATE INDEX orders_by_amount ON public.orders (amount, customer_id);
  CREATE UNIQUE INDEX orders_expression ON public.orders ((amount + 1));
  CREATE VIEW public.rich AS SELECT id, balance FROM public.customers;
  COMMENT ON TABLE public.customers IS 'people''s data';
  COMMENT ON COLUMN public.customers.id IS 'their number';
  CREATE TABLE "Üb er"."T ""q" (a INTEGER, "é" REAL);
  CREATE TABLE augur.models_stored (a INTEGER);
  CREATE VIEW augur.models AS SELECT 'm' AS model_name;
  CREATE TEMP TABLE __augur_rows (a INTEGER)`;

/** Models beside the tables. */
export const models: readonly SnapshotModel[] = [
  {
    schemaName: 'public',
    name: 'churn',
    modelType: 'LOGISTIC_REG',
    comment: 'who leaves',
    columns: [
      { name: 'balance', type: Types.float8 },
      { name: 'tags', type: listOf(Types.text) },
      { name: 'left', type: Types.boolean },
    ],
  },
];
