/** A time of a record, milliseconds since 1970, as the graph writes it. */
export const dateTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())
