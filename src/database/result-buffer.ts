/** What a streamed result may hold in memory of rows that nobody has read yet, as settings of its connection. */

/**
 * Of any result: the database's own threads read on while rows are sent, and stop seldom (at 1 MB, the default, after
 * every fourth vector).
 */
export const resultBufferSql = "set streaming_buffer_size = '8MB'";
/** Of a scan, whose reader is fast. */
export const scanBufferSql = "set streaming_buffer_size = '32MB'";
