/** What psql 15 sends for its backslash commands, read from psql-15.sql. */
import { readFileSync } from 'node:fs';

/** The literal queries of psql 15's commands, by command, in the order in which it sends them. */
export const psql: ReadonlyMap<string, readonly string[]> = new Map(
  readFileSync(new URL('./psql-15.sql', import.meta.url), 'utf8')
    .split(/^-- /m)
    .slice(1)
    .map((section) => {
      const [command, ...lines] = section.split('\n');
      return [
        command!,
        lines
          .join('\n')
          .split(/;\n/)
          .filter((query) => query.trim() !== ''),
      ] as const;
    }),
);
