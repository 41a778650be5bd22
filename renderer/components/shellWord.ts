// Text as one argument of a shell command that is shown to be copied. Pure.

/** Quoted for a POSIX shell. Control characters need $'…' (bash, zsh, POSIX 2024), since a terminal acts on them. */
export function toShellWord(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/[\u0000-\u001f\u007f-\u009f]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = [...text].map((character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    return /[\u0000-\u001f\u007f-\u009f]/.test(character) ? toOctal(character) : character;
  });
  return `$'${escaped.join('')}'`;
}

/** The bytes in UTF-8; octal is what the shells of all systems read (bash 3.2 of macOS knows no \u). */
function toOctal(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
