/** How much of the screen a phone's keyboard leaves, as a length for the styles. */
export function followKeyboard(): void {
  const seen = window.visualViewport;
  // Where one zooms in, less is seen too, but nothing must move.
  seen?.addEventListener("resize", () => {
    if (seen.scale === 1) document.documentElement.style.setProperty("--seen", `${Math.round(seen.height)}px`);
  });
}
