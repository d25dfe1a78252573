/** Settings that the database must know, too: how instants are shown and where names are looked up. */
import { quoteIdentifier, quoteLiteral } from '../core/index.ts';
import type { DatabaseConnection } from '../database/index.ts';
import type { Settings } from './setting.ts';

const names = ['timezone', 'search_path'] as const;

export class DatabaseSettings {
  readonly #connection: DatabaseConnection;
  readonly #settings: Settings;
  readonly #told = new Map<string, string>();

  constructor(connection: DatabaseConnection, settings: Settings) {
    this.#connection = connection;
    this.#settings = settings;
  }

  /** Whether the session says something else than the database was told: after connect, SET, the end of a block. */
  get isBehind(): boolean {
    return names.some((name) => this.#told.get(name) !== this.#settings.get(name));
  }

  /** Tells what changed. What the database refuses is taken back, and the refusal thrown. */
  async tell(): Promise<void> {
    for (const name of names) {
      const value = this.#settings.get(name)!;
      if (this.#told.get(name) === value) continue;
      try {
        await this.#connection.run(this.#statement(name));
      } catch (thrown) {
        this.#settings.set(name, this.#told.get(name));
        throw thrown;
      }
      this.#told.set(name, value);
    }
  }

  #statement(name: (typeof names)[number]): string {
    if (name === 'timezone') return `SET TimeZone = ${quoteLiteral(this.#settings.get(name)!)}`;
    return `SET search_path = ${quoteLiteral(this.#settings.searchPath().map(quoteIdentifier).join(','))}`;
  }
}
