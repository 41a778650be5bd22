/** How a series is drawn, by its place: six colours, and then the same ones dashed. */
export function strokeOf(place: number): { stroke: string; strokeDasharray?: string } {
  const stroke = `var(--series-${(place % 6) + 1})`;
  const dash = [undefined, '5 3', '2 2', '8 2 2 2'][Math.floor(place / 6) % 4];
  return dash === undefined ? { stroke } : { stroke, strokeDasharray: dash };
}
