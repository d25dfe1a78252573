/** Prepares the data directory of the mirrored PostgreSQL catalogue; part of the build, after the compiler. */
import { prepareDataDirectory } from '../dist/database/postgres-catalog/data-directory.js';

const isWritten = await prepareDataDirectory();
console.log(isWritten ? 'catalogue: data directory prepared' : 'catalogue: data directory is up to date');
