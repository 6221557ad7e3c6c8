/** What went wrong, inside the dialog it went wrong in: what lies behind one is not read out. */
export function Failed({ why }: { why: string }) {
  return why ? <p className="hot" role="alert">{why}</p> : null;
}
