/** An instant as the clock on a wall of some zone shows it: "Mon 9 Nov, 09:10". */
export function moment(instant: string, zone?: string, dayOnly = false): string {
  const day: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const at = new Date(instant);
  const options = { ...(dayOnly ? day : { ...day, ...time }), ...(zone ? { timeZone: zone } : {}) };
  try {
    return new Intl.DateTimeFormat([], options).format(at);
  } catch {
    return at.toLocaleString();
  }
}
