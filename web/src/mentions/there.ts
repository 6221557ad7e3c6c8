/** Where a post stands on its network, if a browser can go there: an address of another kind is none, or a trap. */
export function there(url: string): string | null {
  return /^https?:\/\//i.test(url) ? url : null;
}
