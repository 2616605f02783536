/** Regular expressions: over the whole value, as Ghost documents them. */

const compiled = new Map<string, RegExp>();

/** Whether the pattern takes the whole text. */
export function patternTakes(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${pattern})$`, "u");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
