/** The length of the window of a figure: `60 s`, `15 min`, `2 h`. Never throws. */
export function formatWindow(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds <= 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes <= 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
