// At most 15 digits before the point: longer ones are codes, and no JavaScript number holds them exactly.
const integer = /^[+-]?(?:0|[1-9]\d{0,14})$/;
const decimal = /^[+-]?(?:(?:0|[1-9]\d{0,14})(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,2})?$/i;
const date = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const boolean = /^(?:true|false|yes|no)$/i;

/** Whole, and without leading zeros: "007" is a code, not a number. */
export function isInteger(cell: string): boolean {
  return integer.test(cell);
}

/** Decimal or scientific, with a point. */
export function isNumber(cell: string): boolean {
  return decimal.test(cell);
}

/** An ISO 8601 day that exists, with or without a time. */
export function isDate(cell: string): boolean {
  const [, year, month, day] = date.exec(cell) ?? [];
  if (day === undefined) return false;
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return midnight.getUTCMonth() === Number(month) - 1 && midnight.getUTCDate() === Number(day);
}

export function isBoolean(cell: string): boolean {
  return boolean.test(cell);
}
